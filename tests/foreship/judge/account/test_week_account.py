"""The ledger of a week: what it adds up, and that nothing appears or vanishes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foreship.judge.account.fill import FILL, Fill
from foreship.judge.account.week_account import MONEY, LedgerBroken, WeekLedger
from tests.foreship.played_weeks import replay
from tests.foreship.small_world import frame, orders, plan, world

WEEK = WeekLedger(
    margin=100.0, parcels=1.0, last_mile=2.0, freight=4.0, holding=8.0, exits=16.0,
    units_ordered=10, served_locally=4, served_from_hub=3, lost=3,
    moved={"ship": 5, "redirect": 1, "return": 2, "markdown": 6, "give_away": 7},
    units_refilled=9, units_at_start=30, units_at_end=19, days_saved=12.0,
)  # fmt: skip
"""30 + 9 units: 4 + 3 sold, 6 + 7 gone, 19 left"""


def test_profit_is_the_margin_less_every_cost() -> None:
    """100 - 1 - 2 - 4 - 8 - 16."""
    assert WEEK.profit == 69.0


@pytest.mark.parametrize(
    "column",
    ["units_at_start", "units_refilled", "units_at_end", "markdown", "give_away"],
)
@pytest.mark.parametrize("more", [-1, 1])
def test_units_must_balance(column: str, more: int) -> None:
    """One unit too many or too few anywhere is a bug that is told."""
    with pytest.raises(LedgerBroken, match="units do not balance"):
        if column in WEEK.moved:
            replace(WEEK, moved={**WEEK.moved, column: WEEK.moved[column] + more})
        else:
            replace(WEEK, **{column: getattr(WEEK, column) + more})


@pytest.mark.parametrize("more", [-1, 1])
def test_buyers_must_balance(more: int) -> None:
    """Every buyer is served or lost; a unit served must also be gone."""
    for column in ("units_ordered", "lost"):
        with pytest.raises(LedgerBroken, match="buyers do not balance"):
            replace(WEEK, **{column: getattr(WEEK, column) + more})
    for column in ("served_locally", "served_from_hub"):
        with pytest.raises(LedgerBroken, match="units do not balance"):
            replace(WEEK, **{column: getattr(WEEK, column) + more})


def test_orders_must_balance() -> None:
    """Where money is by order each is served in one way or lost; its counts end the row."""
    fill = Fill(orders=2, lines=2, orders_one_parcel=1, orders_lost=1, parcels_sent=1)
    row = replace(WEEK, fill=fill).to_dict()
    assert tuple(row)[-len(FILL) :] == FILL and row["orders_lost"] == 1 and len(row) == 30
    with pytest.raises(LedgerBroken, match="orders do not balance"):
        replace(WEEK, fill=replace(fill, orders=3))


def test_a_week_as_a_row_has_money_first() -> None:
    """Each column once, with its value; the profit among the money."""
    row = WEEK.to_dict()
    assert tuple(row)[: len(MONEY)] == MONEY
    assert row["profit"] == 69.0 and row["freight"] == 4.0
    assert list(row)[len(MONEY) :][0] == "units_ordered" and len(row) == 20
    assert row["days_saved"] == 12.0 and row["units_at_end"] == 19


def test_a_week_counts_every_action():
    """Each kind of line in its column, in units; refills and what is under way at the end too."""
    stock = frame("location item quantity", [("H1", "K", 8), ("R1", "K", 9), ("R1", "L", 5)])
    tables = world(stock=stock, orders=orders((-3, "R1", "K", 6)))
    lines = plan(
        ("ship", "H1", "R1", "K", 1), ("redirect", "R1", "R2", "K", 2),
        ("return", "R1", "H1", "K", 3), ("markdown", "R1", "", "K", 4),
        ("give_away", "R1", "", "L", 5),
    )  # fmt: skip
    (week,), state, _ = replay(tables, [lines], cover=2, trailing=1)
    assert week.moved == {
        "ship": 1, "redirect": 2, "return": 3, "markdown": 4, "give_away": 5,
    }  # fmt: skip
    assert (week.units_at_start, week.units_refilled) == (22, 4)
    assert week.units_at_end == state.units == 22 + 4 - 9
    assert week.freight == pytest.approx(1.5 + 2 * 0.75 + 3 * 0.5)
    assert week.exits == pytest.approx(2 * 0.2 + 3 * 0.5 + 4 * 3.0 + 5 * 15.0)
    assert week.holding == pytest.approx(3 * 0.1)


def test_a_ledger_that_does_not_balance_is_refused():
    """Units cannot vanish unnoticed."""
    (ledger,), _, _ = replay(world(), [plan()])
    with pytest.raises(LedgerBroken):
        WeekLedger(**{**vars(ledger), "units_at_end": ledger.units_at_end - 1})
    with pytest.raises(LedgerBroken):
        WeekLedger(**{**vars(ledger), "lost": 1})
