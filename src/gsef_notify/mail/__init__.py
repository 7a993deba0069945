"""One message: its words, its bytes, its transport."""
