"""What a run says in sentences, a subject a file."""
