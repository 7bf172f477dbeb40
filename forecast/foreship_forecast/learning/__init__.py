"""Fit, keep and replace a model: champion and challenger."""
