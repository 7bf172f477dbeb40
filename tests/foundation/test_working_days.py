"""On which days docks work: weekdays as written, and days on which places are closed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.working_days import (
    closed_days,
    closes,
    hubs_under_other_events,
    strange_weekdays,
    weekdays_of,
)

CALENDAR = pd.DataFrame(
    [
        ("2026-11-16", "fair", ""),
        ("2026-11-17", "Closed for stocktaking", "H1"),
        ("2026-11-18", "closure", "R1"),
        ("2026-11-19", "CLOSED", ""),
        ("2026-11-20", "not closed", "R1"),
    ],
    columns=["date", "event", "region"],
).assign(date=lambda f: pd.to_datetime(f["date"]))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", ()),
        ("  ", ()),
        ("Mon", (0,)),
        ("fri, MON;wednesday  mon", (0, 2, 4)),
        (" Sat;Sunday, ", (5, 6)),
        ("Monday Tuesday Wednesday Thursday Friday Saturday Sunday", tuple(range(7))),
    ],
)
def test_weekdays_are_read_in_any_case_and_order(text: str, days: tuple[int, ...]) -> None:
    """Short or whole, between blanks, commas or semicolons; a blank names none."""
    assert weekdays_of(text) == days


@pytest.mark.parametrize(
    ("text", "strange"),
    [("Mon, Funday", ("Funday",)), ("Mon-Fri", ("Mon-Fri",)), (",", (",",)), ("1", ("1",))],
)
def test_a_word_that_is_no_weekday_is_named(text: str, strange: tuple[str, ...]) -> None:
    """Neither spans nor numbers are weekdays, and commas alone name no day."""
    assert strange_weekdays(text) == strange
    with pytest.raises(ValueError, match=f"no weekday: '{strange[0]}'; must be of Mon, Tue"):
        weekdays_of(text)


def test_an_event_closes_by_the_words_it_begins_with() -> None:
    """In any case; `not closed` and `enclosed` close nothing."""
    assert closes(["closed", " Closure of the gate", "CLOSED", "not closed", "enclosed"]).tolist() \
        == [True, True, True, False, False]  # fmt: skip


def test_places_are_closed_on_their_own_days_and_on_those_of_all() -> None:
    """A blank place is every one; a place without a day of its own has those of all."""
    days = {name: sorted(map(str, found))
            for name, found in closed_days(CALENDAR, ["H1", "R1", "R2"]).items()}  # fmt: skip
    assert days == {
        "H1": ["2026-11-17", "2026-11-19"],
        "R1": ["2026-11-18", "2026-11-19"],
        "R2": ["2026-11-19"],
    }
    everywhere = closed_days(CALENDAR.drop(columns="region"), ["H1"])
    assert everywhere == {"H1": frozenset(np.arange("2026-11-17", "2026-11-20", dtype="M8[D]"))}
    assert closed_days(CALENDAR[:0], ["H1"]) == {"H1": frozenset()}


def test_a_hub_is_in_the_calendar_only_to_be_closed() -> None:
    """The row, the event and the hub are named; regions may have any event."""
    wrong = CALENDAR.assign(region=["H1", "H1", "R1", "", "R1"])
    (fault,) = hubs_under_other_events(wrong, ["H1", "H2"])
    assert fault == (
        "table calendar, row 1, column event: 'fair' must begin with closed or closure, "
        "for 'H1' is a hub"
    )
    assert not hubs_under_other_events(CALENDAR, ["H1"])
