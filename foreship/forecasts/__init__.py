"""Forecasts that others made: recognised by their columns, turned into joint sample paths."""
