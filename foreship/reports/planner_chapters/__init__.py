"""Chapters for the planner's week: what to look at, what changed, what was asked, what holds."""
