"""Skill over rolling weeks beside the floors, and where to trust it."""
