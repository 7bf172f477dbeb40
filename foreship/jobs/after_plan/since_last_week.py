"""The step that adds what changed since the plan of the week before."""

from __future__ import annotations

from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell

__all__ = ["since_last_week"]


def since_last_week(made: Made, tell: Tell) -> Made:
    """Return the plan as it is: nothing is said of it yet."""
    return made
