"""Doubts of the input hold where the settings name them, or where they are new."""

from __future__ import annotations

from foreship.approval.gates.doubted_input import doubted_input, stale_input
from foreship.errors import Fault
from tests.foreship.approval.gates.seen_plans import past, seen

TWICE = Fault("orders", "lines stand twice", severity="warning", check="lines_stand_twice")
SILENT = Fault("orders", "R2 is silent", severity="warning", check="regions_keep_ordering")
BOTH = (TWICE, SILENT)


def test_a_new_kind_of_doubt_is_told() -> None:
    """The last plan had doubled lines as well; that a region is silent is new."""
    (said,) = doubted_input(seen(warnings=BOTH, past=(past(warnings=["lines_stand_twice"]),)))
    assert said == (
        "check `regions_keep_ordering` doubts the input, which run 2026-01-05-0123456789 did not "
        "have: orders: R2 is silent."
    )


def test_without_a_plan_that_tells_nothing_is_new() -> None:
    """The first plan, and one after a run that does not say what was doubted."""
    assert list(doubted_input(seen(warnings=BOTH, past=()))) == []
    assert list(doubted_input(seen(warnings=BOTH, past=(past(warnings=None),)))) == []


def test_named_checks_hold_whenever_they_doubt() -> None:
    """One by its name, all by `any`."""
    one = seen({"inputs": ("lines_stand_twice",)}, warnings=BOTH, past=())
    assert [each[:26] for each in doubted_input(one)] == ["check `lines_stand_twice` d"[:26]]
    assert len(list(doubted_input(seen({"inputs": ("any",)}, warnings=BOTH)))) == 2


def test_stale_stock_is_told_as_it_is_said() -> None:
    """Each reason is a sentence of its own."""
    assert list(stale_input(seen(stale=("stock is old", "inbound is missing")))) == [
        "stock is old", "inbound is missing",
    ]  # fmt: skip
