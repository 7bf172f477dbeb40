"""Past orders as the audit reads them: periods, weights, lines of one order, order of arrival."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from foreship_optimize.audit.past_orders import read_sample

MONDAY = pd.Timestamp("2026-11-16")


def settings(order_weeks: int = 4, review_weeks: int = 1, half_life: float = 1.0):
    return SimpleNamespace(
        order_weeks=order_weeks, review_weeks=review_weeks, order_half_life_weeks=half_life
    )


def orders(*rows: tuple[int, str, str, int, str]) -> pd.DataFrame:
    """Rows of days before the Monday, region, item, quantity and id."""
    names = ["date", "region", "item", "quantity", "order_id"]
    lines = pd.DataFrame(rows, columns=names)
    return lines.assign(date=MONDAY - pd.to_timedelta(lines["date"], unit="D"))


def units_of(sample) -> list[list[dict[str, int]]]:
    return [[order.units for order in period] for period in sample.periods]


def test_periods_are_counted_back_from_the_plan_and_weigh_by_age():
    """Seven days are of the newest period; the day before them of the next, of half its weight."""
    sample = read_sample(
        orders((1, "R", "A", 1, "x"), (7, "R", "B", 1, "y"), (8, "R", "A", 2, "z")),
        MONDAY,
        settings(),
    )
    newest, before = units_of(sample)
    assert sorted(newest, key=str) == [{"A": 1}, {"B": 1}] and before == [{"A": 2}]
    assert sample.weights == pytest.approx([2 / 3, 1 / 3])


def test_weeks_out_of_reach_on_the_plans_day_or_before_the_first_order_have_no_period():
    """Of five weeks two whole periods of two weeks; a week without orders between others counts."""
    rows = [(0, "R", "A", 1, "now"), (30, "R", "A", 1, "old"), (1, "R", "A", 1, "x")]
    late = read_sample(orders(*rows), MONDAY, settings(order_weeks=5, review_weeks=2))
    assert units_of(late) == [[{"A": 1}], []]
    assert late.weights == pytest.approx([0.8, 0.2])
    young = read_sample(orders((16, "R", "A", 3, "y")), MONDAY, settings(order_weeks=26))
    assert units_of(young) == [[], [], [{"A": 3}]]
    assert read_sample(orders((0, "R", "A", 1, "now")), MONDAY, settings()).periods == []


def test_lines_of_an_order_are_one_and_lines_without_an_id_are_orders_of_their_own():
    """The same id on another day or in another region is another order; an item twice adds up."""
    sample = read_sample(
        orders(
            (1, "R", "A", 1, "x"), (1, "R", "B", 2, "x"), (1, "R", "A", 1, "x"),
            (1, "S", "A", 1, "x"), (2, "R", "A", 5, "x"),
            (3, "R", "A", 1, ""), (3, "R", "B", 1, ""),
        ),
        MONDAY,
        settings(order_weeks=1),
    )  # fmt: skip
    (period,) = units_of(sample)
    assert sorted(map(str, period)) == sorted(
        map(str, [{"A": 2, "B": 2}, {"A": 1}, {"A": 5}, {"A": 1}, {"B": 1}])
    )


def test_orders_come_by_day_whatever_the_rows_and_within_a_day_in_one_sequence():
    """The oldest day first; the rows turned round change nothing."""
    rows = [(day, "R", "A", 1 + day, f"o{day}{turn}") for day in (1, 4, 2) for turn in range(5)]
    there, back = (
        read_sample(orders(*each), MONDAY, settings(order_weeks=1)) for each in (rows, rows[::-1])
    )
    assert there == back
    assert [order.units["A"] for order in there.periods[0]] == [5] * 5 + [3] * 5 + [2] * 5
