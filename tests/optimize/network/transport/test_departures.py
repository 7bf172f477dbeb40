"""When rows of lanes leave and arrive: weekdays, docks that rest, and waiting where it may help."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.network.transport.departures import Timetable, departure_rows

NONE: frozenset[int] = frozenset()


def table(*weekdays: int, lead: int = 2, by_day: bool = False, **closed: set[int]) -> Timetable:
    """Return a timetable; `origin` and `destination` are the days on which they rest."""
    rests = (frozenset(closed.get(end, NONE)) for end in ("origin", "destination"))
    return Timetable(weekdays, by_day, lead, *rests)


@pytest.mark.parametrize(
    ("times", "leaves"),
    [
        (table(), [(0, 2)]),
        (table(1, 4), [(1, 3), (4, 6)]),
        (table(origin={0, 1}), [(2, 4)]),  # the first working day
        (table(0, 1, origin={0}), [(1, 3)]),  # a named day that is closed falls out
        (table(0, origin={0}), []),
        (table(destination={2, 3}), [(0, 4)]),  # taken in on the next working day
        (table(by_day=True, origin={3}), [(day, day + 2) for day in (0, 1, 2, 4, 5, 6)]),
        (table(by_day=True, destination={3}, lead=1), [(0, 1), (1, 2), (2, 4), (3, 4), (4, 5),
                                                       (5, 6), (6, 7)]),
    ],
)  # fmt: skip
def test_departures_of_a_week(times: Timetable, leaves: list[tuple[int, int]]):
    """Days to leaving and to arrival, for a plan of a Monday with a week to the next."""
    assert times.on(0, 7, 0) == leaves


def test_a_plan_of_two_weeks_has_the_departures_of_both():
    """Tuesdays come twice; without named days or limits the first day is enough."""
    assert table(1).on(0, 14, 0) == [(1, 3), (8, 10)]
    assert table().on(0, 14, 0) == [(0, 2)]


def test_weekdays_are_counted_from_the_day_of_the_plan():
    """A plan of a Wednesday reaches Tuesday after six days."""
    assert table(1).on(0, 7, 2) == [(6, 8)]


def rows_of(*tables: Timetable, first: int = -NEVER, last: int = NEVER) -> list[tuple[int, ...]]:
    """Return departure rows as tuples: row, offset, lead, first and last day."""
    ends = (np.full(len(tables), day) for day in (first, last))
    found = departure_rows(tables, *ends, 0, 1)
    columns = (found.source_row, found.offset, found.lead_days, found.first_day, found.last_day)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_without_anything_stated_a_row_is_one_departure_of_its_own_days():
    """Dates stay as they are."""
    assert rows_of(table(), table(lead=5), first=-3, last=9) == [(0, 0, 2, -3, 9), (1, 0, 5, -3, 9)]


def test_a_departure_belongs_to_the_plans_on_whose_departure_day_its_row_runs():
    """A row from day 3 to 10: Wednesday (2) of the plans 1 to 8, Friday (4) of -1 to 6."""
    assert rows_of(table(2, 4), first=3, last=10) == [(0, 2, 4, 1, 8), (0, 4, 6, -1, 6)]


def test_a_plan_that_closed_days_change_has_departures_of_its_own():
    """The hub rests on the second Monday: that plan leaves on Tuesday, all others on Monday."""
    assert rows_of(table(origin={7})) == [
        (0, 0, 2, -NEVER, 6), (0, 0, 2, 14, NEVER), (0, 1, 3, 7, 13),
    ]  # fmt: skip


def test_a_dock_that_rests_delays_the_plans_whose_units_come_then():
    """Lead nine: what leaves on the first Monday comes on Wednesday week, and Thursday if closed.

    A closed day on which nothing would leave or arrive changes nothing.
    """
    assert rows_of(table(lead=9, destination={9})) == [
        (0, 0, 9, -NEVER, -1), (0, 0, 10, 0, 6), (0, 0, 9, 7, NEVER),
    ]  # fmt: skip
    assert rows_of(table(lead=9, destination={10}, origin={3})) == [(0, 0, 9, -NEVER, NEVER)]


def test_a_week_without_a_working_day_has_no_departure():
    """The plan of the second Monday sends nothing."""
    assert rows_of(table(origin=set(range(7, 14)))) == [(0, 0, 2, -NEVER, 6), (0, 0, 2, 14, NEVER)]


def test_departures_of_plans_that_are_over_are_left_out():
    """Two of the three are of plans from today on."""
    found = departure_rows([table(origin={7})], np.array([-NEVER]), np.array([NEVER]), 0, 1)
    assert len(found.first_day) == 3
    assert found.at(np.array([0])).last_day.tolist() == [6]
    over = departure_rows([table()], np.array([-9]), np.array([-1]), 0, 1)
    assert len(over.first_day) == 1 and len(over.not_over().first_day) == 0
