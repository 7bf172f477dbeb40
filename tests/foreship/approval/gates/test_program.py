"""What the program says of its own plan: limits that gave way, an open gap, notes, no line."""

from __future__ import annotations

from foreship.approval.gates.program import (
    always,
    is_empty,
    is_relaxed,
    is_unproven,
    says_notes,
)
from foreship_foundation.telling.words import STATISTICS
from tests.foreship.approval.gates.seen_plans import LINES, seen


def test_a_calm_plan_says_nothing() -> None:
    """Only that every plan is approved first is always true."""
    calm = seen()
    said = [*is_empty(calm), *is_relaxed(calm), *is_unproven(calm), *says_notes(calm)]
    assert said == []
    assert list(always(calm)) == ["every plan waits for an approval"]


def test_each_says_what_is_there() -> None:
    """Two limits gave way, 7 % are open, one note beside a figure for the appendix, no line."""
    limits = {"status": "relaxed", "relaxed": [{"limit": "a"}, {"limit": "b"}], "gap": 0.07}
    found = seen(summary=limits, notes=("left out", STATISTICS + "a figure"), lines=LINES[:0])
    assert list(is_relaxed(found)) == ["2 limits gave way, as no plan keeps all of them"]
    assert list(is_unproven(found)) == [
        "the plan may be 7.0 % from the best one (plan.largest_gap = 5.0 %)"
    ]
    assert list(says_notes(found)) == ["there is 1 note to read"]
    assert list(is_empty(found)) == ["nothing is to be done: no unit pays"]


def test_a_plan_without_a_bound_is_not_called_far() -> None:
    """A rule's plan has no gap."""
    assert list(is_unproven(seen(summary={"relaxed": [], "gap": None}))) == []
