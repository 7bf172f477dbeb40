"""What if: the form of a trial, plans that were tried side by side, lines in which they differ."""
