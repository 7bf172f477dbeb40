"""Rows of `lanes`: what they say where columns are absent, and which of them are one lane."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import lane, world


def lanes(*rows: dict):
    """Read lanes in the small world."""
    return Network.from_tables(world(lanes=pd.DataFrame(list(rows))), EXITS).lanes


def test_absent_and_blank_columns_say_the_same() -> None:
    """No vehicle, no charge for lines, all days, never late."""
    blank = {"vehicle_cost": np.nan, "vehicle_capacity": np.nan, "vehicle_kg": np.nan}
    blank |= {"line_cost": np.nan, "lead_time_sd_days": np.nan, "departs": None}
    for found in (lanes(lane("H1", "R1", 1.0, 2)), lanes(lane("H1", "R1", 1.0, 2, **blank))):
        assert not found.charged
        assert found.vehicle_volume.tolist() == found.vehicle_kg.tolist() == [np.inf]
        free = (found.vehicle_cost, found.line_cost, found.sd_days, found.weekdays)
        assert [each.tolist() for each in free] == [[0.0], [0.0], [0.0], [0]]


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("vehicle_cost", 5.0),
        ("vehicle_capacity", 9.0),
        ("vehicle_kg", 9.0),
        ("line_cost", 1.0),
        ("lead_time_sd_days", 1.0),
        ("departs", "Mon"),
    ],
)
def test_rows_of_other_terms_are_other_lanes(column: str, told: float | str) -> None:
    """Two rows that agree in all are one lane; another vehicle, line, day or doubt makes two."""
    plain = lane("H1", "R1", 1.0, 2, capacity=3.0, departs="")
    for other, room in ((plain, [0.0, 6.0]), ({**plain, column: told}, [3.0, 3.0])):
        found = lanes(plain, other)
        assert sorted(found.room_of(np.ones(2, dtype=bool))) == room


def test_days_in_any_words_are_the_same_days() -> None:
    """Rows that leave on the same days are one lane, however these are written."""
    rows = [lane("H1", "R1", 1.0, 2, departs=text) for text in ("Fri Tue", "tuesday, FRIDAY")]
    assert lanes(*rows).weekdays.tolist() == [0b10010] * 2


def test_an_unknown_weekday_is_named() -> None:
    """A word that is no weekday is no silent blank."""
    with pytest.raises(ValueError, match="Freitag"):
        lanes(lane("H1", "R1", 1.0, 2, departs="Mon Freitag"))
