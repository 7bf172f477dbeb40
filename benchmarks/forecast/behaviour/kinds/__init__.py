"""The kinds of behaviour, a module a family."""
