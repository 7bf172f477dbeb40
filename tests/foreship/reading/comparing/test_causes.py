"""Why two plans differ in money: terms that sum, limits that bind in one alone, their size."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foreship.reading.comparing.causes import causes
from foreship.reading.views import RunView
from tests.foreship.run_views import empty_view, make_view


@pytest.fixture(scope="module")
def view() -> RunView:
    """Return a made-up run."""
    return make_view(items=10)


def changed(view: RunView, **summary: object) -> RunView:
    """Return the run with parts of its summary replaced."""
    return replace(view, summary={**view.summary, **summary})


def test_the_same_plan_differs_in_nothing(view: RunView) -> None:
    """Its money, and its size as before."""
    said = causes(view, view)
    assert len(said) == 2 and "(0.00)" in said[0] and said[1].startswith("As before ")


def test_money_is_told_by_term_the_largest_first(view: RunView) -> None:
    """What costs less brings more; a term within a cent is left out."""
    totals = {**view.summary["totals"]}
    totals["freight"] -= 30.0
    totals["value_of_arrivals"] += 10.0
    objective = view.summary["objective"] - 20.0
    (first, *_) = causes(view, changed(view, totals=totals, objective=objective))
    assert "(+20.00)" in first
    assert first.index("+30.00 freight of shipments") < first.index("\u221210.00 worth of units")
    assert first.count(" and ") == 1


def test_limits_that_bind_in_one_plan_alone_are_named(view: RunView) -> None:
    """By what they cost; those that give way, too."""
    free = changed(view, shadow_prices=[])
    limits = [each.limit for each in view.shadow_prices()]
    assert any(
        limits[0].lower() in each.lower() and "costs nothing" in each for each in causes(view, free)
    )
    assert any("costs money now" in each for each in causes(free, view))
    given = changed(view, relaxed=[{"limit": "risk budget", "amount": 1.0}])
    assert "Risk budget: gives way now." in causes(view, given)
    assert "Risk budget: is kept again." in causes(given, view)


def test_a_plan_may_become_empty(view: RunView) -> None:
    """Lines and units are counted all the same."""
    assert causes(view, empty_view())[-1].endswith("0 lines of 0 units.")
