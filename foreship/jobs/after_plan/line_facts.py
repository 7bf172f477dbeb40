"""The step that adds what a planner judges a line by."""

from __future__ import annotations

from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell

__all__ = ["line_facts"]


def line_facts(made: Made, tell: Tell) -> Made:
    """Return the plan as it is: nothing is said of it yet."""
    return made
