"""The chapter about departures."""

from __future__ import annotations

from dataclasses import replace

from foreship.reports.plan_chapters.departure_chapter import departures
from foreship.reports.plan_page import render, sentences
from tests.foreship.later_views import later_view
from tests.foreship.run_views import make_view


def test_each_departure_has_a_row_with_day_vehicles_and_fill() -> None:
    """Monday's before Thursday's; how full stands as a bar, arrival as a span of days."""
    view = later_view()
    page = str(departures(view))
    assert view.departures is not None
    assert page.count("<tr>") == len(view.departures) + 2
    assert page.index("Mon 2026-11-16") < page.index("Thu 2026-11-19")
    assert "80 % full" in page and "20 % free" in page and "90.00" in page
    assert "Sat 2026-11-21 to Tue 2026-11-24" in page
    assert "<h2>Departures</h2>" in render(view)


def test_a_departure_without_a_size_has_no_fill() -> None:
    """To Paris vehicles are of unknown size, to Nice there are none."""
    view = later_view()
    assert view.departures is not None
    paris = view.departures[view.departures["destination"].isin(["Paris", "Nice"])]
    page = str(departures(replace(view, departures=paris)))
    assert "full" not in page and "\u2013" in page


def test_without_departures_there_is_no_chapter() -> None:
    """An older run, and one of which no lane says more than what a unit costs."""
    assert departures(make_view(items=5)) == ""
    assert "Departures" not in render(make_view(items=5))


def test_the_plan_says_from_which_day_to_which_it_leaves() -> None:
    """Monday to Thursday; without departures it leaves on the Monday of the plan."""
    first = next(iter(sentences(later_view())))
    assert first.endswith("leaving from Mon 2026-11-16 to Thu 2026-11-19.")
    assert next(iter(sentences(make_view(items=5)))).endswith("leaving 2026-11-16.")
