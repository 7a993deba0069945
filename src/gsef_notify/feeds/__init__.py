"""Program -> calendar bytes. Pure and deterministic."""
