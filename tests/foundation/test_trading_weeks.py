"""Which weeks trade: gaps by their chance, rhythms slower than a week, stray dates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.trading_weeks import (
    closed_weeks,
    days_between_orders,
    last_regular_day,
    monday_of,
    next_monday,
)

MONDAY = np.datetime64("2024-01-01")
DAY = np.timedelta64(1, "D")


def daily(weeks: int, lines: int = 20) -> np.ndarray:
    """Return the days of so many orders a week, spread over its days."""
    return np.repeat(MONDAY + np.arange(7 * weeks) * DAY, max(lines // 7, 1))


def test_each_day_belongs_to_its_monday() -> None:
    """2024-01-01 is a Monday, the day before belongs to the week before."""
    days = np.array(["2023-12-31", "2024-01-01", "2024-01-07"], "datetime64[D]")
    assert monday_of(days).tolist() == [
        each.date() for each in pd.to_datetime(["2023-12-25", "2024-01-01", "2024-01-01"])
    ]


@pytest.mark.parametrize("rate", [0.3, 0.6, 1.0])
def test_empty_weeks_of_a_slow_network_are_no_closures(rate: float) -> None:
    """Over 200 networks of that many orders a week, few empty weeks (2 %) count as closed."""
    rng = np.random.default_rng(7)
    weeks = rng.poisson(rate, (200, 104))
    closed = np.stack([closed_weeks(each) for each in weeks])
    assert not (closed & (weeks > 0)).any()
    assert closed.sum() < 0.02 * (weeks == 0).sum()


@pytest.mark.parametrize("gap", [1, 2, 26])
def test_a_network_of_many_orders_was_closed_in_its_empty_weeks(gap: int) -> None:
    """20 orders a week, Christmas peaks of ten times as much, and a gap: all of it, only it."""
    lines = np.random.default_rng(1).poisson(20.0, 104)
    lines[[10, 62]] *= 10
    lines[40 : 40 + gap] = 0
    assert np.flatnonzero(closed_weeks(lines)).tolist() == list(range(40, 40 + gap))


def test_a_long_silence_ends_even_a_slow_network() -> None:
    """At .7 orders a week three empty weeks are chance and thirty are not."""
    lines = np.random.default_rng(2).poisson(0.7, 100)
    lines[-3:] = 0
    assert not closed_weeks(lines)[-3:].any()
    assert closed_weeks(np.append(lines, np.zeros(30, int)))[-33:].all()


def test_customers_who_take_much_at_once_leave_weeks_empty() -> None:
    """One visit a week on average, of 30 lines each: a third of the weeks is empty by chance."""
    lines = 30 * np.random.default_rng(3).poisson(1.0, 104)
    assert (lines == 0).sum() > 20
    assert not closed_weeks(lines).any()


def test_without_an_order_every_week_is_closed() -> None:
    """Nothing tells what would be usual."""
    assert closed_weeks(np.zeros(5, int)).all()
    assert not closed_weeks(np.array([3])).any()


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (pd.date_range("2024-01-01", periods=12, freq="MS"), 31),
        (pd.date_range("2024-01-01", periods=12, freq="BME"), 31),
        (pd.date_range("2024-01-01", periods=14, freq="MS").delete([4, 9]), 31),
        (pd.date_range("2024-01-01", periods=24, freq="SMS"), 15),
        (pd.date_range("2024-01-01", periods=20, freq="14D"), 14),
        (pd.date_range("2024-01-01", periods=8, freq="28D"), 28),
        (pd.date_range("2024-01-01", periods=60, freq="7D"), 0),
        (pd.date_range("2024-01-01", periods=400, freq="D"), 0),
        (pd.date_range("2024-01-01", periods=3, freq="MS"), 0),
        (pd.date_range("2024-01-01", periods=1, freq="D"), 0),
    ],
)  # fmt: skip
def test_files_by_the_month_are_told_from_weeks(days: pd.DatetimeIndex, expected: int) -> None:
    """Months, half months, fortnights are named; weeks, days and too few dates are not."""
    found = days_between_orders(days.to_numpy())
    assert found == pytest.approx(expected, abs=1)
    assert (found == 0) == (expected == 0)


def test_month_ends_that_differ_by_region_are_one_delivery() -> None:
    """Regions that close their month on the last three days still come by the month."""
    ends = pd.date_range("2024-01-01", periods=12, freq="ME")
    days = np.concatenate([(ends - pd.Timedelta(days=back)).to_numpy() for back in range(3)])
    assert days_between_orders(days) == pytest.approx(31, abs=1)


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.1])
def test_few_orders_at_random_are_no_rhythm(rate: float) -> None:
    """Of 500 networks that order on a day with so small a chance, at most 2 look regular."""
    rng = np.random.default_rng(5)
    found = [
        days_between_orders(MONDAY + np.flatnonzero(rng.random(728) < rate) * DAY)
        for _ in range(500)
    ]
    assert sum(each > 0 for each in found) <= 2


@pytest.mark.parametrize(
    ("extra", "stays"),
    [
        (["2025-12-01"], True),
        (["2025-12-01", "2025-12-01"], True),
        (["2025-03-01", "2025-06-01", "2027-01-01"], True),
        (["2024-06-25"], False),
        (["2024-06-26"] * 20, False),
        ([], False),
    ],
    ids=["a year ahead", "two lines", "one after the other", "next week", "many", "none"],
)
def test_stray_dates_do_not_end_the_orders(extra: list[str], stays: bool) -> None:
    """25 weeks of orders end on 23 June: a few lines long after that do not count."""
    days = np.append(daily(25), np.array(extra, "datetime64[D]"))
    mixed = np.random.default_rng(0).permutation(days)
    expected = np.datetime64("2024-06-23") if stays else days.max()
    assert last_regular_day(mixed) == expected


def test_a_shop_that_opens_again_ends_its_orders_later() -> None:
    """Eight closed weeks, then three days of usual trade: the last of them is the last day."""
    days = np.append(daily(25), daily(34)[-6:])
    assert last_regular_day(days) == days.max()


def test_a_slow_network_keeps_its_last_order() -> None:
    """An order after five silent weeks is usual at one in two weeks; NaT is no day."""
    weeks = np.flatnonzero(np.random.default_rng(8).random(100) < 0.5)
    days = MONDAY + 7 * np.append(weeks, weeks.max() + 6) * DAY
    assert last_regular_day(days) == days.max()
    assert last_regular_day(np.append(days, np.datetime64("NaT"))) == days.max()
    assert np.isnat(last_regular_day(days[:0]))


def test_the_next_plan_is_of_the_monday_after_the_last_order() -> None:
    """A Sunday and the Monday before it lie in one week; a stray order moves nothing."""
    days = np.arange("2026-01-05", "2026-05-04", dtype="datetime64[D]")
    for last, monday in (
        (days, "2026-05-04"),
        (days[:-6], "2026-05-04"),
        (days[:-7], "2026-04-27"),
    ):
        assert next_monday(last) == np.datetime64(monday)
        stray = np.append(last, np.datetime64("2062-04-27"))
        assert next_monday(stray) == np.datetime64(monday)
    assert np.isnat(next_monday(days[:0]))
