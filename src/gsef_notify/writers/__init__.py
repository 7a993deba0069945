"""Program -> files of other formats. Pure."""
