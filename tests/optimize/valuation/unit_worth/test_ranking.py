"""The order of use: on hand first, values that never rise, sums that still hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.valuation.unit_worth.ranking import (
    Ranking,
    rank_units,
    reconciled,
    trim_arrivals,
)
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues


def worth(values: dict[int, list[float]], p: float = 0.5) -> UnitValues:
    """Units of cells by value: benefit 4, and what an unsold unit must be worth (h w = .1)."""
    cell = np.repeat(list(values), [len(each) for each in values.values()]).astype(np.int64)
    unit = np.concatenate([np.arange(1, len(each) + 1) for each in values.values()])
    value = np.concatenate([np.array(each, float) for each in values.values()])
    chance = np.full(len(value), p)
    unsold = (value - p * 4.0) / (1 - p) + 0.1
    return UnitValues(cell, unit.astype(np.int64), value, chance, np.full(len(value), 4.0), unsold)


def ranked(on_hand: list[float], arrivals: list[float], cost: float, hold=None):
    """Rank the units of one cell."""
    hold = np.zeros(len(arrivals)) if hold is None else np.array(hold)
    ranking = Ranking(np.array([len(on_hand)]), np.array([cost]), np.array([0.1]))
    return rank_units(worth({0: on_hand}), worth({0: arrivals}), hold, ranking)


def test_units_on_hand_come_first_and_arrivals_count_on():
    """Two on hand, two arrivals: ranks 1 to 4."""
    units = ranked([5, 4], [3, 2], 1.0)
    assert units.rank.tolist() == [1, 2, 3, 4]
    assert units.on_hand.tolist() == [True, True, False, False]
    assert units.value.tolist() == [5, 4, 3, 2]


def test_a_paying_arrival_raises_the_units_before_it_and_no_other_does():
    """An arrival worth 3 behind units worth 2.5: at a cost of 1 they count 3, at 4 it is cut."""
    assert ranked([2.5, 2.5], [3, 2], 1.0).value.tolist() == [3, 3, 3, 2]
    assert ranked([2.5, 2.5], [3, 2], 4.0).value.tolist() == [2.5, 2.5, 2.5, 2]


def test_hold_back_is_taken_off_before_values_are_levelled():
    """Arrivals of 5 and 4 charged 2 and 0 are worth 3 and 3: the second is lowered to the first."""
    units = ranked([], [5, 4], 1.0, hold=[2.0, 0.0])
    assert units.value.tolist() == [3, 3]
    assert units.hold_back.tolist() == [2, 0]


@settings(max_examples=100)
@given(st.lists(st.floats(-5, 9), max_size=4), st.lists(st.floats(-5, 9), max_size=4),
       st.floats(0, 5), st.integers(0, 9))  # fmt: skip
def test_values_never_rise_and_outcomes_still_add_up(on_hand, arrivals, cost, seed):
    """Equation 18, and v = p b + (1 - p)(r - h w) - o after it, whatever the values were."""
    if not on_hand + arrivals:
        return
    hold = np.random.default_rng(seed).uniform(0, 2, len(arrivals))
    units = ranked(on_hand, arrivals, cost, hold)
    assert (np.diff(units.value) <= 0).all()
    sums = 0.5 * units.benefit + 0.5 * (units.unsold_worth - 0.1) - units.hold_back
    np.testing.assert_allclose(units.value, sums, atol=1e-9)


def test_both_outcomes_are_shifted_alike():
    """V lowered from 2.95 to 1.95: sold and unsold each give one less."""
    args = (np.array([each]) for each in (1.95, 0.5, 4.0, 2.0, 0.0, 0.1))
    benefit, unsold = reconciled(*args)
    assert (benefit[0], unsold[0]) == (pytest.approx(3.0), pytest.approx(1.0))


def test_arrivals_are_kept_to_the_last_that_pays_and_one_step_more():
    """Of seven the third is the last that pays: four; in pairs: six; if none pays, one.

    No more than could be sent at all are kept.
    """
    units = worth({0: [5, 1, 3, 1, 1, 1, 1]})

    def kept(last: int, step: int, most: int) -> int:
        return int(trim_arrivals(units, *(np.array([each]) for each in (last, step, most))).sum())

    assert [kept(3, 1, 99), kept(3, 2, 99), kept(3, 1, 3), kept(0, 1, 99)] == [4, 6, 3, 1]
