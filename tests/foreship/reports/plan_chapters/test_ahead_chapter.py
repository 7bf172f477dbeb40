"""The chapter about the weeks after."""

from __future__ import annotations

from dataclasses import replace

from foreship.reports.plan_chapters.ahead_chapter import weeks_after
from foreship.reports.plan_page import render
from tests.foreship.later_views import later_view
from tests.foreship.run_views import make_view


def test_scarce_limits_later_sends_and_needs_are_told() -> None:
    """Prices in words, twelve units by two plans, and what a hub may be short of."""
    page = str(weeks_after(later_view()))
    assert (
        "A volume unit on Metz -&gt; Lyon in the week of 2026-12-07 costs 1.80 more: the lane is "
        "full." in page
    )
    assert "A unit on picking at Metz in the week of 2026-12-14 costs 0.40 more" in page
    assert "2026-11-23" in page and "<h3>What hubs will need</h3>" in page
    assert "<h2>The weeks after</h2>" in render(later_view())


def test_hubs_are_named_by_what_they_may_be_short_of() -> None:
    """The most needed item stands first: its 9 in 10 exceeds what lies there by 2."""
    view = later_view()
    page = str(weeks_after(replace(view, ahead=None, summary={})))
    items = view.tables["items"]["item"]
    assert page.index(items[2]) < page.index(items[1]) < page.index(items[0])
    assert "Scarce later" not in page and "later plans" not in page


def test_what_is_not_known_is_not_shown() -> None:
    """No needs, no sends, nothing scarce: no chapter."""
    assert weeks_after(make_view(items=5)) == ""
