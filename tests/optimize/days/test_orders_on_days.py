"""Equation 1: whole orders fall on days by themselves, and neither names nor company matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from foreship_optimize.days.falling import MOST_TOGETHER
from foreship_optimize.days.orders_on_days import DaysOfCells, OrdersOnDays, order_by_content

MONDAY = np.datetime64("2026-11-16")
ONE = np.array([0])


def before(law: OrdersOnDays, days: int, week: int = 0, cells: np.ndarray = ONE) -> np.ndarray:
    """Units of a week before a day."""
    return law.before(cells, week, MONDAY + np.timedelta64(7 * week, "D"), days)


def by_day(law: OrdersOnDays, week: int = 0, cell: int = 0) -> np.ndarray:
    """Units of each day of a week, shape (7, S)."""
    cells = np.array([cell])
    whole = law._units.of(cells)[0, week]
    until = [0 * whole, *(before(law, day, week, cells)[0] for day in range(1, 7)), whole]
    return np.diff(np.array(until), axis=0)


def same(units: int, paths: int, cells: int = 1, weeks: int = 2) -> np.ndarray:
    """Return paths that all want the same."""
    return np.full((cells, weeks, paths), units)


@pytest.mark.parametrize("orders", [1, 2, 7, 40, 300])
@pytest.mark.parametrize("size", [1, 12])
def test_orders_before_a_day_are_binomial(orders: int, size: int):
    """Of n orders each is before day d with d/7: the law by hand, to what 4,000 paths can show.

    Orders dealt in parts are not stratified: there as many paths show it to .03.
    """
    near = 0.015 if orders <= MOST_TOGETHER else 0.03
    law = OrdersOnDays(same(orders * size, 4000), np.array([float(size)]))
    for day in range(1, 7):
        part = before(law, day)[0]
        assert (part % size == 0).all()
        found = np.bincount(part // size, minlength=orders + 1).cumsum() / 4000
        assert found == pytest.approx(binom.cdf(np.arange(orders + 1), orders, day / 7), abs=near)
        assert part.mean() == pytest.approx(orders * size * day / 7, rel=0.02)


def test_single_orders_are_spread_as_evenly_as_can_be():
    """Of 200 paths with one order each, every day gets 27 to 30, not 28.6 give or take five."""
    days = by_day(OrdersOnDays(same(1, 200), None)).sum(axis=1)
    assert days == pytest.approx(np.full(7, 200 / 7), abs=2.0)


def test_days_of_a_week_are_those_of_a_fair_die():
    """Six orders: two days of a week are correlated by -1/6, days of two weeks by nothing."""
    law = OrdersOnDays(same(6, 20_000), np.ones(1))
    days = np.corrcoef(np.vstack([by_day(law, 0), by_day(law, 1)]))
    apart = ~np.eye(7, dtype=bool)
    assert days[:7, :7][apart] == pytest.approx(np.full(42, -1 / 6), abs=0.03)
    assert days[:7, 7:] == pytest.approx(np.zeros((7, 7)), abs=0.03)


def test_cells_of_the_same_demand_fall_on_days_of_their_own():
    """30 cells that always want 4: their totals vary as 30 independent ones would."""
    law = OrdersOnDays(same(4, 2000, cells=30), np.ones(30))
    part = before(law, 3, cells=np.arange(30))
    assert part.sum(axis=0).var() == pytest.approx(30 * 4 * 3 / 7 * 4 / 7, rel=0.12)


def test_a_dozen_in_two_weeks_is_wanted_in_one_window():
    """Orders of 12 with .3 a week, window from day 2 to day 9: all of 1..12 with .28, by hand."""
    units = 12 * (np.random.default_rng(5).permuted(np.arange(1000) < 300, axis=None)).astype(int)
    other = np.random.default_rng(6).permutation(units)
    law = OrdersOnDays(np.stack([units, other])[None], None)
    need = units - before(law, 2)[0] + before(law, 2, week=1)[0]
    first, last = (need >= 1).mean(), (need >= 12).mean()
    assert first == last == pytest.approx(1 - (1 - 0.3 * 5 / 7) * (1 - 0.3 * 2 / 7), abs=0.012)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.floats(1.0, 15.0), st.sampled_from([1, 2, 30]))
def test_days_are_never_negative_and_add_up(seed: int, size: float, paths: int):
    """Cuts of a week grow with the day, up to the whole, for any sizes and numbers of paths."""
    units = np.random.default_rng(seed).negative_binomial(0.7, 0.05, (3, 2, paths))
    law = OrdersOnDays(units, np.full(3, size))
    for cell in range(3):
        days = by_day(law, 1, cell)
        assert (days >= 0).all() and (days.sum(axis=0) == units[cell, 1]).all()


def test_a_certain_path_is_spread_evenly():
    """One path of 7 units has one a day; one of an order of 12 has it in the middle of the week."""
    law = OrdersOnDays(np.array([[[7]], [[12]]]), np.array([1.0, 12.0]))
    assert [before(law, day, cells=np.arange(2))[:, 0].tolist() for day in range(1, 7)] == [
        [1, 0], [2, 0], [3, 0], [4, 12], [5, 12], [6, 12],
    ]  # fmt: skip


def test_many_orders_stand_together():
    """A million units a week are 4,096 orders at most: the mean is kept, and time."""
    law = OrdersOnDays(same(1_000_000, 50), np.ones(1))
    assert before(law, 3).mean() == pytest.approx(3 / 7 * 1e6, rel=0.01)


def test_neither_places_nor_other_cells_change_a_cell():
    """Turned round, alone or in a crowd, cells whose paths all differ are dealt the same days."""
    units = np.random.default_rng(3).poisson(20.0, (4, 3, 40))
    crowd, turned = (OrdersOnDays(each, None) for each in (units, units[::-1]))
    alone = OrdersOnDays(units[2:3], None)
    found = before(crowd, 4, 1, np.arange(4))
    assert (before(turned, 4, 1, np.arange(4))[::-1] == found).all()
    assert (before(alone, 4, 1) == found[2]).all()


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_scenario_ids_change_nothing(seed: int):
    """With paths in another order every cell's parts are the same, path by path."""
    rng = np.random.default_rng(seed)
    units, order = rng.poisson(0.7, (5, 3, 30)), rng.permutation(30)
    law = OrdersOnDays(units, None, named=True)
    other = OrdersOnDays(units[:, :, order], None, named=True)
    cells = np.arange(5)
    for week in range(3):
        first, second = (before(each, 3, week, cells) for each in (law, other))
        both = [
            sorted(
                (*path, *part) for path, part in zip(each.T.tolist(), cut.T.tolist(), strict=True)
            )
            for each, cut in (
                (units.reshape(15, 30), first),
                (units[:, :, order].reshape(15, 30), second),
            )
        ]
        assert both[0] == both[1]


def test_paths_are_ordered_by_what_they_say():
    """Neither the order of paths nor that of cells has a say in the order by content."""
    rng = np.random.default_rng(1)
    units, paths, cells = rng.poisson(1.0, (6, 4, 25)), rng.permutation(25), rng.permutation(6)
    found = units[:, :, order_by_content(units)]
    shuffled = units[cells][:, :, paths]
    assert (shuffled[:, :, order_by_content(shuffled)] == found[cells]).all()


def test_a_slice_of_weeks_is_dealt_as_the_whole():
    """Cells laid out anew, one without demand and a week left out, keep their days."""
    units = np.random.default_rng(2).poisson(3.0, (3, 4, 20))
    law = OrdersOnDays(units, None)
    some = DaysOfCells(law, np.array([2, -1, 0]), skipped=1)
    weeks = MONDAY + np.timedelta64(7, "D") * np.arange(1, 4)
    found = np.diff(some.until(np.arange(3), weeks, np.array([7, 12])), axis=1)[:, 0]
    assert (found[[0, 2]] == law.before(np.array([2, 0]), 2, weeks[1], 5)).all()
    assert not found[1].any() and not some.shift(np.array([1])).any()
    assert (some.shift(np.array([0])) == law.shift(np.array([2]))).all()


def test_shifts_are_evenly_spread_and_a_single_path_rounds():
    """Of 100 paths ten lie in each tenth, give or take one; a single one has a half."""
    shift = OrdersOnDays(same(3, 100, cells=3), None).shift(np.arange(3))
    counts = np.stack([np.histogram(row, bins=10, range=(0, 1))[0] for row in shift])
    assert (np.abs(counts - 10) <= 2).all() and (shift[0] != shift[1]).any()
    assert OrdersOnDays(same(3, 1), None).shift(ONE).tolist() == [[0.5]]
