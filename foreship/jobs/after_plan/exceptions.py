"""The step that adds what a planner should look at first."""

from __future__ import annotations

from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell

__all__ = ["exceptions"]


def exceptions(made: Made, tell: Tell) -> Made:
    """Return the plan as it is: nothing is said of it yet."""
    return made
