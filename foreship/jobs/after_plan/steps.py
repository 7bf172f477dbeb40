"""The steps between a finished plan and its run folder, in order."""

from __future__ import annotations

from foreship.errors import ForeshipError
from foreship.jobs.after_plan.asked_costs import asked_costs
from foreship.jobs.after_plan.exceptions import exceptions
from foreship.jobs.after_plan.gates import gates
from foreship.jobs.after_plan.kept_inputs import kept_inputs
from foreship.jobs.after_plan.line_facts import line_facts
from foreship.jobs.after_plan.made import Made, Step
from foreship.jobs.after_plan.since_last_week import since_last_week
from foreship.jobs.identity import Tell
from foreship_optimize.errors import NoUsablePlan

__all__ = ["STEPS", "after_plan"]

STEPS: tuple[Step, ...] = (
    asked_costs,
    kept_inputs,
    since_last_week,
    line_facts,
    exceptions,
    gates,
)
OF_CUT_PLANS: tuple[Step, ...] = (kept_inputs, line_facts, gates)
"""steps that plans cut short, or steered by a function, are given too: they search no further"""


def after_plan(made: Made, tell: Tell) -> Made:
    """Return a finished plan with what every step adds; what one cannot say becomes a note."""
    for step in OF_CUT_PLANS if made.plan.is_cut or made.steered else STEPS:
        try:
            made = step(made, tell)
        except (ForeshipError, NoUsablePlan) as error:
            made = made.noting(f"{step.__name__.replace('_', ' ')} not known: {error}")
    return made
