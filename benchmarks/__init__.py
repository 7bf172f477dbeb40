"""Benchmarks: one folder a question, one command, results as CSV."""
