"""The relative gap between a plan's cost and the bound."""

from __future__ import annotations

__all__ = ["relative_gap"]


def relative_gap(objective: float, bound: float) -> float:
    """(objective - bound) / max(1, |bound|), as the contract defines it."""
    return (objective - bound) / max(1.0, abs(bound))
