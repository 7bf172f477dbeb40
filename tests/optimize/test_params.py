"""Settings of the room: what lies outside a range is refused in words, together with all else."""

from __future__ import annotations

import math

import pytest

from foreship_optimize.params import (
    EconomicsParams,
    ExitParams,
    OptimizeParams,
    PlanParams,
    RiskParams,
)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: RiskParams(level=1.0), "level = 1.0; must be between 0 and 0.999 (share)"),
        (
            lambda: RiskParams(budget=-1.0),
            "budget = -1.0; must be between 0 and 1,000,000,000,000 (money)",
        ),
        (lambda: PlanParams(gap=math.nan), "gap = nan; must be between 0 and 0.5 (share)"),
        (
            lambda: EconomicsParams(lost_sale_share=1.5),
            "lost_sale_share = 1.5; must be between 0 and 1 (share)",
        ),
        (
            lambda: ExitParams(allowed=("burn",)),
            "allowed names unknown exits: burn; known: "
            "redirect, markdown, return, give_away, donate and liquidate",
        ),
        (lambda: PlanParams(hold=("sunday",)), "hold names unknown reasons: sunday"),
    ],
)
def test_a_setting_out_of_range_is_named_with_its_range_and_unit(make, words: str):
    """What was given, what would be right."""
    with pytest.raises(ValueError) as caught:
        make()
    assert str(caught.value).startswith(words)


def test_all_settings_of_a_group_are_refused_at_once():
    """Two faults, one error."""
    with pytest.raises(ValueError, match=r"review_weeks = 0; .*; threads = 0; must be between 1"):
        PlanParams(review_weeks=0, threads=0)


def test_the_edges_of_a_range_are_inside_it():
    """Both ends may be asked for, and a budget may be absent."""
    RiskParams(level=0.0, budget=0.0, horizon_weeks=52)
    RiskParams(level=0.999, budget=None, horizon_weeks=1)
    ExitParams(allowed=())


def test_settings_left_out_are_the_defaults_of_their_group():
    """And groups of their own: changing one leaves the others as they were."""
    changed = OptimizeParams(risk=RiskParams(budget=5.0))
    assert changed.plan == PlanParams() == OptimizeParams().plan
    assert OptimizeParams().risk.budget is None
