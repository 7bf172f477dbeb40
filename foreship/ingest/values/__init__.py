"""Columns of text -> typed values, one parser a kind."""
