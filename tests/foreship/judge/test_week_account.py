"""The account of a week: every unit and every term of its money."""

from __future__ import annotations

import pytest

from foreship.judge.week_account import LedgerBroken, WeekLedger
from tests.foreship.played_weeks import replay
from tests.foreship.small_world import frame, orders, plan, world


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
