"""Limits that a planner writes, and plans of nothing but given lines."""
