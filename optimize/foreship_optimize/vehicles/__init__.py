"""Whole vehicles and item lines: how many each departure pays for, and what the plan then is."""
