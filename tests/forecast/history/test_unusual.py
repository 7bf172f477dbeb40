"""Unusual weeks: one bulk order does not lead, what recurs does."""

from __future__ import annotations

import numpy as np

from foreship_forecast.history.cells import Codes
from foreship_forecast.history.unusual import as_usual, unusual_notes, usual_peaks
from tests.forecast.small_market import panel_of_cells


def codes_of(region: list[int], item: list[int], category: list[int] | None = None) -> Codes:
    """Return the codes of cells given by positions."""
    units = np.ones((len(item), 4), dtype=np.int64)
    kinds = None if category is None else np.array(category)
    where = np.array(region), np.array(item)
    return panel_of_cells(units, units > 0, *where, category_of=kinds).codes


def market(seed: int = 0, rate: float = 1.6) -> np.ndarray:
    """Return a year of four regions x two items, Poisson."""
    return np.random.default_rng(seed).poisson(rate, (8, 52)).astype(np.int32)


ONES = np.ones(8, dtype=np.int64)
MARKET = codes_of([0, 0, 1, 1, 2, 2, 3, 3], [0, 1] * 4)


def test_usual_sales_stay_as_they_are() -> None:
    """In 50 markets of Poisson demand, from slow to fast, no week is unusual."""
    for rate in (0.05, 0.3, 1.6, 20.0):
        for seed in range(50):
            units = market(seed, rate)
            found, unusual = as_usual(units, MARKET)
            assert not unusual.any()
            assert found is units


def test_one_bulk_order_counts_as_the_third_largest_week() -> None:
    """10,000 in a cell of 1.6 a week; every other week and cell stays."""
    units = market()
    units[3, 20] += 10_000
    found, unusual = as_usual(units, MARKET)
    assert np.argwhere(unusual).tolist() == [[3, 20]]
    assert found[3, 20] == np.sort(units[3])[-3]
    assert (found[~unusual] == units[~unusual]).all()
    assert units[3, 20] > 10_000


def test_two_bulk_orders_do_not_hide_each_other() -> None:
    """Neither of two in one cell, nor of two regions, raises the usual peak."""
    same, two = market(1), market(1)
    same[3, [20, 40]] += 5_000
    two[[3, 5], [20, 40]] += 5_000
    for units in (same, two):
        found, unusual = as_usual(units, MARKET)
        assert unusual.sum() == 2
        assert found.max() < 20


def test_two_bulk_orders_do_not_hide_each_other_in_a_slow_cell() -> None:
    """Beside two sales of one, measured by its item; with nobody beside it the cell's own stay."""
    units = (np.random.default_rng(1).random((8, 52)) < 0.08).astype(np.int32)
    units[3] = 0
    units[3, [4, 9, 20, 40]] = 1, 1, 10_000, 10_000
    found, unusual = as_usual(units, MARKET)
    assert np.argwhere(unusual).tolist() == [[3, 20], [3, 40]]
    assert found.max() == 1
    assert not as_usual(units[3:4], codes_of([0], [0]))[1].any()


def test_what_comes_three_times_is_custom() -> None:
    """Three bulk weeks of an item, in one cell or in three, are learned in full."""
    often, everywhere = market(2), market(2)
    often[3, [10, 20, 40]] += 500
    everywhere[[1, 3, 5], 30] += 500
    for units in (often, everywhere):
        assert not as_usual(units, MARKET)[1].any()


def test_orders_of_twelve_or_nothing_are_usual() -> None:
    """A customer who takes twelve at a time, three times in ten weeks."""
    units = 12 * (np.random.default_rng(4).random((8, 52)) < 0.3).astype(np.int32)
    assert not as_usual(units, MARKET)[1].any()


def test_a_cell_of_few_sales_is_measured_by_its_item_then_its_category() -> None:
    """One week of 40: usual where the item's other cells peak at 8, not where they peak at 1."""
    units = np.zeros((4, 12), dtype=np.int32)
    units[0, 5] = 40
    units[1] = 8
    units[2, 5] = 40
    units[3] = 1
    found, unusual = as_usual(units, codes_of([0, 1, 0, 1], [0, 0, 1, 1]))
    assert np.argwhere(unusual).tolist() == [[2, 5]]
    assert found[2, 5] == 1
    alone = codes_of([0, 1, 0, 1], [0, 1, 2, 3], [0, 0, 1, 1])
    assert usual_peaks(units, alone).tolist() == [8.0, 8.0, 1.0, 1.0]


def test_the_growth_of_a_new_item_is_no_accident() -> None:
    """1, 20 and 60 in its first three weeks: measured by the second largest."""
    units = np.zeros((2, 12), dtype=np.int32)
    units[0, -3:] = 1, 20, 60
    units[1] = 3
    assert not as_usual(units, codes_of([0, 0], [0, 1]))[1].any()


def test_without_a_second_week_anywhere_other_cells_tell_what_is_usual() -> None:
    """Single orders of single cells: 10,000 among ones and twos counts as one; alone it stays."""
    units = np.zeros((6, 6), dtype=np.int32)
    units[:, 2] = 1, 1, 10_000, 2, 1, 1
    codes = codes_of([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5])
    found, unusual = as_usual(units, codes)
    assert np.argwhere(unusual).tolist() == [[2, 2]]
    assert found[2, 2] == 1
    assert not as_usual(units[2:3], codes_of([0], [0]))[1].any()
    assert np.isnan(usual_peaks(np.zeros_like(units), codes)).all()
    assert not as_usual(np.zeros_like(units), codes)[1].any()


def test_the_planner_is_told_the_largest_first() -> None:
    """Four weeks: three by name, with what they count as, and how many more there are."""
    units = np.ones((8, 52), dtype=np.int32)
    units[[0, 0, 1, 1], [5, 9, 7, 8]] = 50, 90, 700, 11
    found, unusual = as_usual(units, MARKET)
    weeks = np.datetime64("2025-01-06") + np.arange(52) * np.timedelta64(7, "D")
    everyone = np.ones(8, dtype=bool)
    (said,) = unusual_notes(units, found, ONES, unusual, MARKET, weeks, everyone)
    assert said.startswith(
        "4 weeks of cells lie once and far above all others:"
        " I01 in R00 in the week of 2025-02-24: 700 units counted as 1; I00 in R00"
    )
    assert "; and 1 more. Set forecast.largest_order" in said
    assert unusual_notes(units, units, ONES, np.zeros_like(unusual), MARKET, weeks, everyone) == []
    # what few buyers ordered is counted, not named
    (shy,) = unusual_notes(units, found, ONES, unusual, MARKET, weeks, np.arange(8) != 1)
    assert "I01 in R00" not in shy and "700" not in shy
    assert "90 units counted as 1; I00 in R00" in shy
    assert "; 2 in cells of too few buyers to be named. Set" in shy
