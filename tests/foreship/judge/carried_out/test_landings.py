"""Departures of a late lane land as it says, and so does what was under way before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.carried_out.landings import arrivals
from foreship.judge.carried_out.state import opening_state
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, inbound, lane, world

DAY = np.timedelta64(1, "D")


def late_world(**changes):
    """Return a world whose lane to R1 takes 5 days, give or take 3; that to R2 keeps its 3."""
    late = lane("H1", "R1", 1.0, 5, lead_time_sd_days=3.0)
    return world(lanes=pd.DataFrame([late, lane("H1", "R2", 1.0, 3)]), **changes)


def test_departures_of_many_weeks_are_late_as_their_lane_says() -> None:
    """Over 600 Mondays days on the way have the lane's mean of 5 and deviation of 3."""
    network = Network.from_tables(late_world(), EXITS, seed=1)
    ships = MONDAY + 7 * np.arange(600) * DAY
    told, lands = arrivals(network, np.zeros(600, dtype=int), ships)
    days = (lands - ships) // DAY
    assert set(((told - ships) // DAY).tolist()) == {5}
    assert days.mean() == pytest.approx(5.0, abs=0.4)
    assert days.std() == pytest.approx(3.0, abs=0.4)
    assert days.min() >= 0


def test_what_is_under_way_at_first_is_late_by_the_lane_of_its_region() -> None:
    """It has not come before the Monday; what a hub expects comes on its day; seeds differ."""
    tables = late_world(
        inbound=inbound(("R1", "K", 4, 1), ("R1", "L", 1, 1), ("H1", "K", 9, 2), ("R2", "K", 5, 1))
    )
    found = set()
    for seed in range(40):
        network = Network.from_tables(tables, EXITS, seed=seed)
        state = opening_state(network, tables, MONDAY)
        days = ((state.coming_on - MONDAY) // DAY).tolist()
        assert days[0] == 2 and days[1] == days[2] >= 0 and days[3] == 1
        assert ((state.coming_told - MONDAY) // DAY).tolist() == [2, 1, 1, 1]
        found.add(days[1])
    assert len(found) > 5
