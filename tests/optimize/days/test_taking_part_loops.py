"""Whole orders of a week that take part by chance: mean, law, sizes and bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from foreship_foundation.paths.path_units import of_all
from foreship_optimize.days.orders_on_days import OrdersOnDays
from foreship_optimize.days.taking_part_loops import quantile
from tests.optimize.small_network import demand_of

MONDAY = np.datetime64("2026-11-16")


def part_of(units: np.ndarray, share: float, size: float = 1.0) -> np.ndarray:
    sizes = np.full(len(units), size)
    return of_all(OrdersOnDays(units, sizes).taking_part(np.full(len(units), share), MONDAY))


@pytest.mark.parametrize("orders", [1, 3, 40, 300])
@pytest.mark.parametrize("size", [1, 6])
@pytest.mark.parametrize("share", [0.07, 0.5, 0.93])
def test_whole_orders_take_part_with_their_chance(orders: int, size: int, share: float):
    """4,000 paths that want the same: multiples of an order, binomial, the mean within 1 %."""
    units = np.full((1, 2, 4000), orders * size)
    part = part_of(units, share, float(size))
    assert (part % size == 0).all()
    assert part.mean() == pytest.approx(share * orders * size, rel=0.01)
    found = np.bincount(part[0, 0] // size, minlength=orders + 1).cumsum() / 4000
    near = 0.015 if orders <= 128 else 0.03
    assert found == pytest.approx(binom.cdf(np.arange(orders + 1), orders, share), abs=near)


def test_weeks_take_part_by_chances_of_their_own():
    """200 cells of one order a week, 200 paths, share .07: two weeks are correlated by nothing."""
    part = part_of(np.full((200, 2, 200), 1), 0.07)
    assert abs(np.corrcoef(part[:, 0].ravel(), part[:, 1].ravel())[0, 1]) < 0.02


@settings(max_examples=40)
@given(
    st.integers(0, 10**6), st.floats(0.0, 1.0), st.floats(1.0, 15.0), st.sampled_from([1, 2, 30])
)
def test_never_more_than_is_wanted_and_never_below_nothing(
    seed: int, share: float, size: float, paths: int
):
    """Any sizes, shares and numbers of paths; all at 1, none at 0; twice the same."""
    units = np.random.default_rng(seed).negative_binomial(0.7, 0.05, (3, 2, paths))
    part = part_of(units, share, size)
    assert (part >= 0).all() and (part <= units).all()
    assert (part_of(units, share, size) == part).all()
    assert (part_of(units, 1.0, size) == units).all()
    assert not part_of(units, 0.0, size).any()


def test_a_certain_path_takes_part_as_evenly_as_whole_orders_can():
    """A third of one order of two a week: in the second week of three, and so on."""
    part = part_of(np.full((1, 6, 1), 2), 1 / 3, 2.0)
    assert part[0, :, 0].tolist() == [0, 2, 0, 0, 2, 0]


@pytest.mark.parametrize("share", [1e-12, 0.4, 0.9, 0.9969, 0.998, 0.9999, 1.0 - 1e-12, 1.0])
def test_quantiles_are_those_of_the_binomial_law(share: float):
    """Of 128 orders, however near to all of them: the chance of none may be too small to hold."""
    numbers = (np.arange(400) + 0.5) / 400
    found = np.array([quantile.py_func(128, share, each) for each in numbers])
    assert found.mean() == pytest.approx(binom.ppf(numbers, 128, share).mean(), rel=0.0, abs=1e-3)
    assert (np.diff(found) >= 0).all() and found.min() >= 0 and found.max() <= 128


def test_names_of_cells_and_other_cells_have_no_say():
    """A cell alone, behind another, and under another name takes part alike."""
    draw = np.random.default_rng(0)
    one, two = draw.poisson(3.0, (2, 50)), draw.poisson(2.0, (2, 50))
    alone = demand_of({("R", "A"): one}).taking_part(np.array([0.5]))
    both = demand_of({("Q", "Z"): two, ("X", "Y"): one}).taking_part(np.array([0.2, 0.5]))
    assert (both.units[1] == alone.units[0]).all()


def test_several_paths_of_different_demand_keep_the_share():
    """300 cells of 40 paths that want this and that: within chance of the share as a whole."""
    units = np.random.default_rng(3).negative_binomial(0.7, 0.1, (300, 2, 40))
    assert part_of(units, 0.37, 2.0).sum() == pytest.approx(0.37 * units.sum(), rel=0.01)
