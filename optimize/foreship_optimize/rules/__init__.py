"""Replenishment rules to stand beside the program: base stock, newsvendor, ship nothing."""
