"""What people and calendar programs meet over HTTP."""
