"""Rows of a forecast: what is wrong with them, by row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.forecasts.rows import cells_of, named_twice, weeks_of

KNOWN = {"region": ["N"], "item": ["00123"]}


def test_ids_stay_text() -> None:
    """`00123` is that item; the number 123 is none."""
    frame = pd.DataFrame({"region": ["N", "N"], "item": ["00123", 123]})
    region, item, faults = cells_of(frame, KNOWN, "region/item")
    assert (region.tolist(), item.tolist()) == (["N", "N"], ["00123", ""])
    assert [(each.column, each.rows) for each in faults] == [("item", (2,))]


def test_numbers_are_no_weeks() -> None:
    """A number is never taken for days since 1970, and a frame needs a week."""
    _, faults = weeks_of(pd.DataFrame({"ds": [20_000]}))
    assert [each.problem for each in faults] == ["is no date"]
    with pytest.raises(UsageError, match="no column week, nor ds"):
        weeks_of(pd.DataFrame({"day": ["2026-11-16"]}))


def test_a_cell_and_week_stands_once() -> None:
    """The second row of the same is at fault, another week is not."""
    names = np.array(["N", "N", "N"], dtype=object)
    weeks = np.array(["2026-11-16", "2026-11-16", "2026-11-23"], dtype="datetime64[D]")
    (fault,) = named_twice(names, names, weeks)
    assert fault.rows == (2,)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"])
def test_a_week_is_the_day_that_stands_there(zone: str) -> None:
    """A Monday of any time zone is that Monday, as it is in tables."""
    weeks = pd.to_datetime(["2026-11-16", "2026-11-23"]).tz_localize(zone)
    day, faults = weeks_of(pd.DataFrame({"week": weeks}))
    assert faults == [] and day.astype(str).tolist() == ["2026-11-16", "2026-11-23"]


def test_a_week_may_be_a_period_and_is_named_once() -> None:
    """A week from Monday to Sunday is its Monday; of `week` and `ds` nobody knows which counts."""
    weeks = pd.period_range("2026-11-16", periods=2, freq="W-SUN")
    day, faults = weeks_of(pd.DataFrame({"ds": weeks}))
    assert faults == [] and day.astype(str).tolist() == ["2026-11-16", "2026-11-23"]
    _, (fault,) = weeks_of(pd.DataFrame({"ds": pd.period_range("2026-11", periods=1, freq="M")}))
    assert "is no Monday" in fault.problem
    with pytest.raises(UsageError, match="both columns week and ds"):
        weeks_of(pd.DataFrame({"week": weeks, "ds": weeks}))


@pytest.mark.parametrize("text", ["16.11.2026", "11/16/2026", "05/10/2026", "Nov 16, 2026", ""])
def test_a_day_written_otherwise_is_not_guessed(text: str) -> None:
    """Nobody knows which of 05/10 is the month."""
    _, faults = weeks_of(pd.DataFrame({"ds": [text, "2026-11-16"]}))
    assert [(each.problem, each.rows) for each in faults] == [("is no date", (1,))]


def test_what_is_no_id_is_shown() -> None:
    """The fault says 123, not a blank."""
    _, _, faults = cells_of(pd.DataFrame({"region": ["N"], "item": [123]}), KNOWN, "region/item")
    assert faults[0].values == ("123",)
