"""Deeds of planners: decisions on lines, wishes for the next plan, trials, and their commands."""
