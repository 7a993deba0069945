"""What is on: the model, how drafts become it, and what is wrong with it. Pure."""
