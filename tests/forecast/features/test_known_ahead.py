"""What is known of a target week before it comes, by hand and by loops."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.errors import TableFault
from foreship_forecast.features.known_ahead import MOST_EVENTS, SEASONAL_WEEKS, Outlook
from foreship_forecast.features.rows import Rows
from foreship_forecast.history.panel import panel_of
from foreship_forecast.history.snapshot import Snapshot
from tests.forecast.small_market import AS_OF

CELLS = [("R0", "I0"), ("R0", "I1"), ("R1", "I0")]


def monday(week: int, weeks: int = 10) -> pd.Timestamp:
    """Return the Monday of a week of the history, 0 the first; `weeks` is as_of."""
    return AS_OF + pd.Timedelta(days=7 * (week - weeks))


def outlook(weeks: int = 10, horizon: int = 4, **tables: pd.DataFrame) -> Outlook:
    """Return the outlook of three cells that sell a unit every week."""
    rows = [(monday(week, weeks), *cell, 1) for week in range(weeks) for cell in CELLS]
    orders = pd.DataFrame(rows, columns=["date", "region", "item", "quantity"])
    snapshot = Snapshot({"orders": orders, **tables}, AS_OF)
    return Outlook.of(snapshot, panel_of(snapshot, 520), horizon)


def row(found: Outlook, cell: int, origin: int, horizon: int) -> dict[str, float]:
    """Return all columns of one row."""
    one = Rows(np.array([cell]), np.array([origin]), np.array([horizon]))
    return {name: float(values[0]) for name, values in found.columns(one).items()}


def test_nothing_known_gives_no_columns() -> None:
    """Without calendar, prices and signals, and with a short history, there is nothing to read."""
    assert row(outlook(), 0, 9, 1) == {}


def test_the_season_waits_until_a_year_was_learned_from() -> None:
    """Waves over the year appear with 78 weeks, and stand for the middle of the target week."""
    assert outlook(SEASONAL_WEEKS - 1).columns(Rows(*np.array([[0], [5], [1]]))) == {}
    found = row(outlook(SEASONAL_WEEKS), 0, SEASONAL_WEEKS - 1, 2)
    # the target's Thursday is 2026-11-26, the 329th day after new year
    angle = 2 * math.pi * 329 / 365.25
    for order in (1, 2, 3):
        assert found[f"season_sin_{order}"] == pytest.approx(math.sin(order * angle))
        assert found[f"season_cos_{order}"] == pytest.approx(math.cos(order * angle))


def test_events_are_counted_in_days_by_region_and_week() -> None:
    """A network event counts everywhere, a local one at home; a line told twice is refused."""
    days = [monday(10), monday(10) + pd.Timedelta(days=6), monday(11), monday(9)]
    calendar = pd.DataFrame({"date": days, "event": ["fair", "fair", "feast", "fair"]}).assign(
        region=["", "R1", "", "R0"]
    )
    found = outlook(calendar=calendar)
    home, away = row(found, 2, 9, 1), row(found, 0, 9, 1)
    assert (home["event:"], home["event:fair"], home["event:feast"]) == (2, 2, 0)
    assert (away["event:"], away["event:fair"], away["event:feast"]) == (1, 1, 0)
    assert (away["event_before"], away["event_at_origin"], away["event_after"]) == (1, 1, 1)
    assert (home["event_before"], home["event_at_origin"], home["event_after"]) == (0, 0, 1)
    with pytest.raises(TableFault, match="must name each row once"):
        outlook(calendar=pd.concat([calendar, calendar.head(1)]))


def test_rare_events_share_a_column() -> None:
    """The twelve most frequent names stand alone; the others count among all events only."""
    rows = [
        (monday(5) + pd.Timedelta(days=day), f"E{name:02d}")
        for name in range(MOST_EVENTS + 3)
        for day in range(2 if name < MOST_EVENTS else 1)
    ]
    found = row(outlook(calendar=pd.DataFrame(rows, columns=["date", "event"])), 0, 4, 1)
    alone = [name for name in found if name.startswith("event:") and name != "event:"]
    assert sorted(alone) == [f"event:E{name:02d}" for name in range(MOST_EVENTS)]
    assert found["event:"] == 2 * MOST_EVENTS + 3


def test_an_event_of_an_unknown_region_touches_nobody() -> None:
    """A region that is none of the cells' is left out, not spread over all."""
    calendar = pd.DataFrame({"date": [monday(10)], "event": "fair", "region": "R9"})
    assert row(outlook(calendar=calendar), 0, 9, 1)["event:"] == 0


def test_signals_are_read_at_the_origin() -> None:
    """Views of the origin week against 13 weeks' mean; weeks nobody measured are unknown."""
    views = pd.DataFrame(
        {"week": [monday(3), monday(4), monday(7)], "region": "R0", "item": "I0"}
    ).assign(views=[4.0, 10.0, 99.0])
    found = outlook(signals=views)
    mine, other, blind = row(found, 0, 4, 3), row(found, 1, 4, 3), row(found, 0, 5, 1)
    assert mine["views_last"] == pytest.approx(math.log1p(10))
    assert mine["views_before"] == pytest.approx(math.log1p(4))
    assert mine["views_to_usual"] == pytest.approx(10 / ((4 + 10 + 1) / (2 + 1)))
    # weeks 3 and 4 were measured: the other cell had no views in them
    assert (other["views_last"], other["views_to_usual"]) == (0.0, 0.0)
    assert math.isnan(blind["views_last"])
    assert "carts_last" not in mine


def test_later_signals_change_nothing() -> None:
    """What customers did after the origin is out of reach of its rows."""
    weeks = [monday(week) for week in range(10)]
    one = pd.DataFrame({"week": weeks, "region": "R0", "item": "I0", "views": 3.0})
    two = one.assign(views=[3.0] * 6 + [500.0] * 4)
    assert row(outlook(signals=one), 0, 5, 2) == row(outlook(signals=two), 0, 5, 2)
    assert row(outlook(signals=one), 0, 6, 2) != row(outlook(signals=two), 0, 6, 2)
