"""The step that adds whether a plan is held for an approval."""

from __future__ import annotations

from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell

__all__ = ["gates"]


def gates(made: Made, tell: Tell) -> Made:
    """Return the plan as it is: nothing is said of it yet."""
    return made
