"""The ledger of a week: what it adds up, and that nothing appears or vanishes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foreship.judge.week_account import MONEY, LedgerBroken, WeekLedger

WEEK = WeekLedger(
    margin=100.0, parcels=1.0, last_mile=2.0, freight=4.0, holding=8.0, exits=16.0,
    units_ordered=10, served_locally=4, served_from_hub=3, lost=3, units_shipped=5,
    units_redirected=1, units_returned=2, units_marked_down=6, units_given_away=7,
    units_refilled=9, units_at_start=30, units_at_end=19, days_saved=12.0,
)  # fmt: skip
"""30 + 9 units: 4 + 3 sold, 6 + 7 gone, 19 left"""


def test_profit_is_the_margin_less_every_cost() -> None:
    """100 - 1 - 2 - 4 - 8 - 16."""
    assert WEEK.profit == 69.0


@pytest.mark.parametrize(
    "column",
    ["units_at_start", "units_refilled", "units_at_end", "units_marked_down", "units_given_away"],
)
@pytest.mark.parametrize("more", [-1, 1])
def test_units_must_balance(column: str, more: int) -> None:
    """One unit too many or too few anywhere is a bug that is told."""
    with pytest.raises(LedgerBroken, match="units do not balance"):
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


def test_a_week_as_a_row_has_money_first() -> None:
    """Each column once, with its value; the profit among the money."""
    row = WEEK.to_dict()
    assert tuple(row)[: len(MONEY)] == MONEY
    assert row["profit"] == 69.0 and row["freight"] == 4.0
    assert list(row)[len(MONEY) :][0] == "units_ordered" and len(row) == 20
    assert row["days_saved"] == 12.0 and row["units_at_end"] == 19
