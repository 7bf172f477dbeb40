"""A lock that costs is told as the planner's own, with its region, item, hub and line."""

from __future__ import annotations

import pytest

from foreship.exceptions.limits import broken_locks, dear_limits
from tests.foreship.exceptions.hand_made import cell, frame, seen

COLUMNS = "kind value region item origin action author reason"


@pytest.mark.parametrize(
    ("row", "limit", "price", "place", "words"),
    [
        (
            ("fix", 1.0, "R", "A", "H", "", "Anna", "only one"),
            "fix 1 of A to R from H (Anna: only one)", 0.61, ("R", "A", "H", 3),
            "costs 0.61 a unit: one unit more would bring that.",
        ),
        (
            ("at_least", 9.0, "", "B", "", "", "Bert", ""),
            "at_least 9 of B to any region (Bert)", -2.0, ("", "B", "", -1),
            "costs 2.00 a unit: one unit less would save that.",
        ),
        (
            ("at_most", 2.0, "", "A", "R", "return", "", ""),
            "at_most 2 of return of A from R", 1.5, ("R", "A", "", 3),
            "costs 1.50 a unit: one unit more would bring that.",
        ),
    ],
)  # fmt: skip
def test_a_lock_is_told_with_its_place(
    row: tuple[object, ...], limit: str, price: float, place: tuple[str, str, str, int], words: str
) -> None:
    """Whichever side of it costs; leaving a region, the lock is about where units leave."""
    priced = {"limit": limit, "family": "lock", "price": price, "unit": "units", "words": "x"}
    known = seen(
        cell("R", "A", line=3),
        tables={"overrides": frame(COLUMNS, row)},
        summary={"shadow_prices": [priced]},
    )
    (found,) = dear_limits(known)
    assert (found.region, found.item, found.hub, found.line) == place
    assert found.words == f"The lock {limit} {words}" and found.money == pytest.approx(abs(price))


def test_a_lock_that_gave_way_is_told_with_its_place() -> None:
    """Its words are the program's; a budget is about no place."""
    limit = "at_least 9 of A to R from H (Anna: fair)"
    relaxed = [
        {"limit": limit, "amount": 4.0, "unit": "units", "words": "5 of 9 units can be sent"},
        {"limit": "freight budget", "amount": 7.5, "unit": "money", "words": "it cannot hold"},
    ]
    row = ("at_least", 9.0, "R", "A", "H", "", "Anna", "fair")
    known = seen(
        cell("R", "A", line=3),
        tables={"overrides": frame(COLUMNS, row)},
        summary={"relaxed": relaxed},
    )
    lock, budget = broken_locks(known)
    assert (lock.region, lock.item, lock.hub, lock.line) == ("R", "A", "H", 3)
    assert (budget.region, budget.item, budget.hub, budget.line) == ("", "", "", -1)
