"""What arrivals show of a place: how late, how widely spread, how much of what was announced."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.late_supply import lanes_with_shown_spread, shown_by_place

AS_OF = pd.Timestamp("2026-11-16")


def arrivals(place: str, days_late: list[float], received: int = 10) -> pd.DataFrame:
    """Arrivals of ten units announced for 1 October and so many days late; NaN never came."""
    promised = pd.Timestamp("2026-10-01")
    came = [pd.NaT if np.isnan(late) else promised + pd.Timedelta(days=late) for late in days_late]
    units = [0 if np.isnan(late) else received for late in days_late]
    return pd.DataFrame(
        {"location": place, "item": "I", "promised": promised, "came": pd.to_datetime(came),
         "quantity": 10, "received": units}
    )  # fmt: skip


def test_a_place_alone_shows_its_own_mean_spread_and_share():
    """Days 0, 1, 2, 3, 4 late and one in six lost: mean 2, variance 2, five sixths come."""
    found = shown_by_place(arrivals("R", [0, 1, 2, 3, 4, np.nan]), AS_OF)["R"]
    assert (found.late_days, found.sd_days) == (2.0, pytest.approx(np.sqrt(2.0)))
    assert found.share == pytest.approx(5 / 6)


def test_a_place_is_drawn_to_all_places_by_twenty_arrivals():
    """5 arrivals at R 5 days late, 15 at S none: all 1.25; R (25 + 25) / 25 = 2, S 25 / 35."""
    table = pd.concat([arrivals("R", [5] * 5), arrivals("S", [0] * 15)])
    found = shown_by_place(table, AS_OF)
    assert found["R"].late_days == pytest.approx(2.0)
    assert found["S"].late_days == pytest.approx(25 / 35)


def test_few_arrivals_and_those_to_come_say_nothing():
    """Four arrivals are too few; what came on the day of the plan or later is not known yet."""
    assert shown_by_place(None, AS_OF) == {}
    assert shown_by_place(arrivals("R", [1] * 4), AS_OF) == {}
    later = arrivals("R", [1] * 5).assign(came=AS_OF)
    assert shown_by_place(later, AS_OF) == {}
    assert set(shown_by_place(pd.concat([arrivals("R", [1] * 5), later]), AS_OF)) == {"R"}


def test_lanes_that_state_no_spread_take_what_arrivals_show():
    """A stated 0 stays, a blank is filled, and where nothing is known it stays blank."""
    lanes = pd.DataFrame(
        {"destination": ["R", "R", "S"], "lead_time_sd_days": [0.0, np.nan, np.nan]}
    )
    shown = shown_by_place(arrivals("R", [0, 2] * 4), AS_OF)
    assert lanes_with_shown_spread(lanes, {}) is lanes
    filled = lanes_with_shown_spread(lanes, shown)["lead_time_sd_days"]
    assert filled.fillna(-1.0).tolist() == [0.0, 1.0, -1.0]
