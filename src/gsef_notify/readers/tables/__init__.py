"""Programs kept as a table, a row an event."""
