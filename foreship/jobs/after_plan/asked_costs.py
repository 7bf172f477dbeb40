"""The step that adds what policies, adjustments and locks cost."""

from __future__ import annotations

from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import Tell

__all__ = ["asked_costs"]


def asked_costs(made: Made, tell: Tell) -> Made:
    """Return the plan as it is: nothing is said of it yet."""
    return made
