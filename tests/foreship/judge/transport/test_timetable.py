"""When lanes leave and arrive: named weekdays, docks that rest, limits a day, `from` and `to`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.network.network import Network
from foreship.judge.transport.timetable import NO_DEPARTURE
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, date, frame, lane, world

DAY = np.timedelta64(1, "D")


def timetable(*lanes: dict, weeks: int = 1, closed: tuple = (), **changes):
    """Read the timetable of lanes in the small world; closed days as (day, place)."""
    rows = [(date(day), "closed for stocktaking", place) for day, place in closed]
    calendar = frame("date event region", rows)
    tables = world(lanes=pd.DataFrame(list(lanes)), calendar=calendar, **changes)
    return Network.from_tables(tables, EXITS, review_weeks=weeks).timetable


def departures(*lanes: dict, monday: int = 0, **more) -> list[tuple[int, int]]:
    """Return days of leaving and landing of a plan's departures, from its Monday."""
    plan = timetable(*lanes, **more).of(MONDAY + monday * DAY)
    return list(zip(plan.day.tolist(), plan.lands.tolist(), strict=True))


def test_a_lane_that_names_no_day_leaves_at_once() -> None:
    """Without weekdays, closed days or limits there is one departure, on the Monday itself."""
    assert departures(lane("H1", "R1", 1.0, 2)) == [(0, 2)]
    assert departures(lane("H1", "R1", 1.0, 2, departs="")) == [(0, 2)]


@pytest.mark.parametrize(
    ("departs", "weeks", "days"),
    [
        ("Tue, Fri", 1, [1, 4]),
        ("friday;TUESDAY", 1, [1, 4]),
        ("Sun", 2, [6, 13]),
        ("Mon Tue Wed Thu Fri Sat Sun", 1, [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_lane_leaves_on_each_of_its_weekdays(departs: str, weeks: int, days: list[int]) -> None:
    """Until the day before the next review, and arrives its days later."""
    row = lane("H1", "R1", 1.0, 2, departs=departs)
    assert departures(row, weeks=weeks) == [(day, day + 2) for day in days]


def test_a_closed_dock_sends_nothing_that_day() -> None:
    """A named weekday falls out; a lane that names none waits for the first working day."""
    closed = ((0, "H1"), (1, "H1"))
    assert departures(lane("H1", "R1", 1.0, 2, departs="Mon Fri"), closed=closed) == [(4, 6)]
    assert departures(lane("H1", "R1", 1.0, 2), closed=closed) == [(2, 4)]
    assert departures(lane("H2", "R1", 1.0, 2), closed=closed) == [(0, 2)]


def test_a_depot_takes_in_on_its_next_working_day() -> None:
    """What would arrive on a closed Wednesday or Thursday is there on Friday; blank closes all."""
    closed = ((3, ""), (2, "R1"))
    assert departures(lane("H1", "R1", 1.0, 2), closed=closed) == [(0, 4)]
    assert departures(lane("H1", "R2", 1.0, 2), closed=closed) == [(0, 2)]
    assert departures(lane("H1", "R2", 1.0, 3), closed=closed) == [(0, 4)]


def test_an_event_that_is_no_closing_closes_nothing() -> None:
    """A fair is a day as any other."""
    calendar = frame("date event region", [(date(0), "fair", "R1"), (date(2), "fair", "R1")])
    tables = world(lanes=pd.DataFrame([lane("H1", "R1", 1.0, 2)]), calendar=calendar)
    plan = Network.from_tables(tables, EXITS).timetable.of(MONDAY)
    assert (plan.day.tolist(), plan.lands.tolist()) == ([0], [2])


@pytest.mark.parametrize(("table", "limit"), [("hubs", "picking"), ("regions", "receiving")])
def test_a_limit_a_day_makes_every_working_day_a_departure(table: str, limit: str) -> None:
    """Waiting may help then; lanes between other places still leave at once."""
    limited = world()[table].assign(**{f"{limit}_units": [5.0, np.inf]})
    rows = [lane("H1", "R1", 1.0, 1), lane("H2", "R2", 1.0, 1)]
    found = departures(*rows, closed=((2, "H1"),), **{table: limited})
    assert found == [(day, day + 1) for day in (0, 1, 3, 4, 5, 6, 0)]


def test_a_lane_must_be_open_on_the_day_on_which_it_leaves() -> None:
    """Open from Wednesday on it leaves on Friday alone; without weekdays not at all that week."""
    opens = {"from": date(2), "to": date(8)}
    assert departures(lane("H1", "R1", 1.0, 2, departs="Tue Fri", **opens)) == [(4, 6)]
    assert departures(lane("H1", "R1", 1.0, 2, departs="Tue Fri", **opens), monday=7) == [(1, 3)]
    assert departures(lane("H1", "R1", 1.0, 2, **opens)) == []
    assert departures(lane("H1", "R1", 1.0, 2, **opens), monday=7) == [(0, 2)]


def test_the_first_arrival_is_of_the_earliest_departure_that_lands() -> None:
    """A lane without a departure says so."""
    found = timetable(
        lane("H1", "R1", 1.0, 2, departs="Thu Tue"), lane("H1", "R2", 1.0, 2, to=date(-1))
    )
    assert found.first_arrival(MONDAY).tolist() == [3, NO_DEPARTURE]
