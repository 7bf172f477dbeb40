"""Runs held open for reading: small frames in memory, large ones by cell."""
