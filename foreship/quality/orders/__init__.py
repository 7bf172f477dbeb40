"""Doubts about orders: lines, dates and units that are hardly what was meant."""
