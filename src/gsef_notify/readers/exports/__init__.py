"""What other programs export: timed entries -> drafts."""
