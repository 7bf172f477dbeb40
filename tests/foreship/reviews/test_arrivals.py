"""What came of the lines of a plan."""

from __future__ import annotations

import pandas as pd

from foreship.reviews.arrivals import arrivals_of, dealt, receipt_notes
from tests.foreship.reviews.reviewed_shop import receipts, sent
from tests.foreship.small_world import date

LINES = sent(
    ("ship", "H1", "R1", "K", 3, 2),
    ("ship", "H2", "R1", "K", 2, 3),
    ("ship", "H2", "R2", "K", 2, 2),
)


def pieces(*rows, until=14):
    found = arrivals_of(LINES, receipts(*rows), date(until))
    days = [None if pd.isna(day) else (day - date(0)).days for day in found.pieces["day"]]
    return list(zip(found.pieces["line"], found.pieces["units"], days, strict=True)), found


def test_without_a_receipt_all_came_as_promised() -> None:
    """And that is known to be an assumption."""
    rows, found = pieces()
    assert rows == [(0, 3, 2), (1, 2, 3), (2, 2, 2)]
    assert not found.told


def test_what_came_goes_to_what_was_announced_first() -> None:
    """Four units on day 4: three for the line due first, one for the other, one of which lacks."""
    rows, found = pieces((4, "R1", "K", 4), (2, "R2", "K", 2))
    assert rows == [(0, 3, 4), (1, 1, 4), (1, 1, None), (2, 2, 2)]
    late = found.late(LINES)
    assert late["units"].tolist() == [3, 1, 1]
    assert late["days"].fillna(-1).tolist() == [2, 1, -1]


def test_what_is_not_due_yet_is_under_way() -> None:
    """On day 3 the line due that day is not missing, unless a receipt of 0 says so."""
    assert pieces((2, "R1", "K", 3), until=3)[0] == [(0, 3, 2), (1, 2, 3), (2, 2, None)]
    closed = pieces((2, "R1", "K", 3), (2, "R1", "K", 0), until=3)[0]
    assert closed == [(0, 3, 2), (1, 2, None), (2, 2, None)]


def test_all_units_are_dealt_once() -> None:
    """Parts of an announcement sum to it, whatever came; nothing more than came is dealt."""
    day = date(1)
    found = dealt([("a", 4), ("b", 3)], [(day, 1), (day, 0), (day, 9)])
    assert found == [("a", day, 1), ("a", day, 3), ("b", day, 3)]
    assert dealt([("a", 2)], []) == [("a", None, 2)]


def notes(*rows, runs=("run",)) -> list[str]:
    """Return what is said of receipts, of the runs named in turn."""
    every = receipts(*rows)
    every["run"] = [runs[at % len(runs)] for at in range(len(every))]
    found = arrivals_of(LINES, every[every["run"] == "run"], date(14))
    return list(receipt_notes(found, every, "run", date(0), date(14)))


def test_units_beyond_what_was_sent_are_told() -> None:
    """Seven are sent; cases taken for units, a second booking and another place are not silent."""
    assert notes((2, "R1", "K", 5), (2, "R2", "K", 2)) == []
    (said,) = notes((2, "R1", "K", 60), (2, "R2", "K", 24))
    assert said.startswith(
        "receipts of this run hold 77 units beyond what it sent, most of K in R1"
    )
    (said,) = notes((2, "R1", "K", 5), (2, "R2", "K", 2), (3, "R9", "K", 1))
    assert "1 unit beyond what it sent, most of K in R9" in said


def test_receipts_of_other_runs_and_of_days_to_come_are_told() -> None:
    """The plan is then taken to have arrived as promised: why so is said."""
    (said,) = notes((2, "R1", "K", 5), (2, "R2", "K", 2), runs=("2026-w1",))
    assert said.startswith("no receipt names this run, though 2 receipts since then name 2026-w1:")
    (said,) = notes((20, "R1", "K", 5))
    assert said.startswith("1 receipt names this run, but no day before")
    assert notes() == ["no receipt names this run: its lines are taken to have arrived as promised"]
