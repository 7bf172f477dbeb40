"""What leaves when, in words."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from foreship.reading.explaining.explanation import explain
from foreship.reading.words.departures import departure_words, departures_of, vehicle_words
from tests.foreship.later_views import later_view
from tests.foreship.run_views import make_view


def cell_to(region: str) -> tuple:
    """Return the view and one of its lines into a region."""
    view = later_view()
    ships = view.lines[(view.lines["action"] == "ship") & (view.lines["destination"] == region)]
    return view, ships.head(1)


def test_a_line_is_told_with_its_departure() -> None:
    """Vehicles, how full, their money, and the days between which it arrives."""
    view, line = cell_to("Lyon")
    (said,) = departure_words(view, line)
    assert said.startswith(f"On Thu 2026-11-19 from {line['origin'].iloc[0]}: ")
    assert "in 2 vehicles, 80 % full, for 90.00 and 1.50 for handling lines" in said
    assert said.endswith("it arrives between Sat 2026-11-21 and Tue 2026-11-24 in 9 of 10 cases.")
    assert said in " ".join(explain(view, line["item"].iloc[0], "Lyon").text.split())


def test_other_days_of_the_same_way_say_how_full_they_are() -> None:
    """Monday's departure is full, which is why this one leaves on Thursday."""
    view, line = cell_to("Lyon")
    own = departures_of(view, line)
    monday = own.assign(ship_date=view.as_of, arrival_date=view.as_of + pd.Timedelta(days=3))
    monday = monday.assign(
        vehicle_fill=1.0, arrival_from=monday["arrival_date"], arrival_to=monday["arrival_date"]
    )
    both = replace(view, departures=pd.concat([view.departures, monday], ignore_index=True))
    assert list(departure_words(both, line))[1] == (
        "The one of Mon 2026-11-16 is full; it arrives on Thu 2026-11-19."
    )


def test_what_a_departure_does_not_pay_is_not_said() -> None:
    """Neither vehicles nor lines; vehicles of no size; lines alone."""
    row = {"vehicles": 0, "vehicle_fill": float("nan"), "vehicle_cost": 0.0, "line_cost": 0.0}
    assert vehicle_words(row) == ""
    assert vehicle_words(row | {"vehicles": 1, "vehicle_cost": 90.0}) == " in 1 vehicle for 90.00"
    assert vehicle_words(row | {"line_cost": 1.5}) == ", 1.50 for handling lines"


def test_a_run_without_departures_says_nothing_of_them() -> None:
    """In words and in JSON it reads as ever."""
    view = make_view(items=5)
    line = view.lines[view.lines["action"] == "ship"].iloc[0]
    told = explain(view, line["item"], line["destination"])
    assert told.about_departures == ()
    assert not {"about_departures", "about_later_weeks"} & set(told.to_dict())
