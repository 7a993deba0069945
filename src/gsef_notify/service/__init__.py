"""What the daemon does, each a short loop."""
