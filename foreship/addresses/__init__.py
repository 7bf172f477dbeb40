"""Where tables and runs lie, as people write it down: never with a secret in it."""
