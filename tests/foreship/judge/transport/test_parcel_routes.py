"""Parcels: the cheapest row of a pair tells price and days, an open one before others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, date, lane, world


def test_days_are_those_of_the_cheapest_parcel_of_the_day() -> None:
    """R1's cheapest hub takes 2 days, once its row is open a dearer one 1 day; R2 has none."""
    rows = [
        lane("H1", "R1", 1.0, 2, direct_cost=4.0, direct_days=2.0, to=date(0)),
        lane("H1", "R1", 1.0, 2, direct_cost=5.0, direct_days=1.0, **{"from": date(1)}),
        lane("H2", "R1", 1.0, 2, direct_cost=6.0, direct_days=7.0),
    ]
    network = Network.from_tables(world(lanes=pd.DataFrame(rows)), EXITS)
    for day, cost, days in ((0, 4.0, 2.0), (1, 5.0, 1.0)):
        found = network.parcels(MONDAY + np.timedelta64(day, "D"))
        assert found.cost[0].tolist() == [cost, 6.0]
        assert found.days_of_nearest[0] == days
        assert np.isnan(found.days_of_nearest[1])
