"""Chapters of the plan's page: its figures, lines, departures and orders, and the weeks after."""
