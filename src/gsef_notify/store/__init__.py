"""State: revisions, people and the outbox, in SQLite."""
