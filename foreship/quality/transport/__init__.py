"""Doubts about what moves units: packs, vehicles, docks, and what is to arrive."""
