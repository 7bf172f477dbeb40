"""The loss of a plan in each outcome, and the mean of the worst outcomes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.risk import Risk, dearer_freight, loss_of_outcomes, mean_of_worst
from tests.optimize.program_builder import Draft


@pytest.mark.parametrize(
    ("losses", "level", "mean"),
    [
        ([1, 2, 3, 4], 0.5, 3.5),  # the worst half: 4 and 3
        ([4, 1, 3, 2], 0.4, (4 + 3 + 0.4 * 2) / 2.4),  # 2.4 outcomes: the third by four tenths
        ([1, 2, 3, 4], 0.9, 4.0),  # 0.4 of the worst one is all there is
        ([1, 2, 3, 4], 0.0, 2.5),  # level 0 is the mean
        ([5, 5, 5], 0.7, 5.0),
        ([], 0.95, 0.0),
    ],
)
def test_the_worst_outcomes_by_hand(losses: list[float], level: float, mean: float):
    """Whole outcomes, and a fraction of the last."""
    assert mean_of_worst(np.array(losses, dtype=float), level) == pytest.approx(mean)


@settings(max_examples=100)
@given(
    st.lists(st.floats(-100, 100), min_size=1, max_size=12),
    st.floats(0.0, 0.99),
    st.floats(-50, 50),
)
def test_it_is_the_least_of_a_convex_function(losses: list[float], level: float, shift: float):
    """Rockafellar and Uryasev: min over z of z + mean(max(loss - z, 0)) / (1 - level).

    The minimum lies at one of the losses. A cost added to every outcome adds to the mean.
    """
    worst = np.array(losses)
    tries = [z + np.maximum(worst - z, 0.0).mean() / (1.0 - level) for z in worst]
    assert mean_of_worst(worst, level) == pytest.approx(min(tries), abs=1e-6)
    assert mean_of_worst(worst + shift, level) == pytest.approx(
        mean_of_worst(worst, level) + shift, abs=1e-6
    )


def two_ways() -> Draft:
    """R1 from H1 at 1 and from H2 at 1.50; R2 only by redirects, at 2 from R1 and 5 from R3.

    R1 needs 1, 3 or 0 units, and a unit too many loses 2.
    """
    draft = Draft()
    draft.stock = {("H1", "A"): 9, ("H2", "A"): 9}
    draft.cell("R1", "A", [9.0, 8.0, 7.0], on_hand=[3.0], need=[1, 3, 0], loss=2.0)
    draft.cell("R2", "A", [9.0], need=[1, 1, 1], loss=3.0)
    draft.cell("R3", "A", [9.0], on_hand=[1.0], need=[0, 0, 0], loss=1.0)
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H2", "R1", "A", 1.5)
    draft.move("redirect", "R1", "R2", "A", 2.0)
    draft.move("redirect", "R3", "R2", "A", 5.0)
    draft.move("redirect", "R3", "R1", "A", 0.25)
    return draft


def test_freight_beyond_the_cheapest_way_in():
    """H2 is .50 dearer; R3's redirect is 3 dearer than R1's; one into a cell with ships is not."""
    assert dearer_freight(two_ways().problem()).tolist() == pytest.approx([0.0, 0.5, 0.0, 0.0, 3.0])


def test_losses_of_outcomes_by_hand():
    """Two units to R1, one of them .50 dearer: 1, 0 or 2 are not needed, at 2 each.

    The redirect to R2 is needed in every outcome.
    """
    problem = two_ways().problem()
    risk = Risk(0.5, 3.0, dearer_freight(problem))
    losses = loss_of_outcomes(problem, risk, np.array([1, 1, 1, 0, 0]))
    assert losses.tolist() == pytest.approx([2.5, 0.5, 4.5])
    # the worst half of three: 4.5 and half of 2.5, over 1.5
    assert mean_of_worst(losses, 0.5) == pytest.approx((4.5 + 1.25) / 1.5)
    assert risk.broken_by(losses)
    assert not Risk(0.5, 5.75 / 1.5, risk.dearer).broken_by(losses)
    assert not Risk(0.5, None, risk.dearer).broken_by(losses + 1e9)


def test_the_risk_of_some_moves_is_theirs():
    """Level and budget stay, freight is picked."""
    some = Risk(0.5, 3.0, np.array([0.0, 0.5, 0.0, 3.0])).of(np.array([3, 1]))
    assert (some.level, some.budget, some.dearer.tolist()) == (0.5, 3.0, [3.0, 0.5])
