"""What is being decided on a run before it is approved: a numbered log that nobody overwrites."""
