"""The judge's network: lanes as they are open, exits as the tables price them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship.judge.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, date, lane, world


def test_of_two_rows_of_a_lane_the_one_that_opened_last_is_used():
    """A tariff that rises every week: 1 at first, then 3, then 9, whatever was open before."""
    rows = [
        lane("H1", "R1", 1.0, 2),
        lane("H1", "R1", 9.0, 2, **{"from": date(7)}),
        lane("H1", "R1", 3.0, 2, **{"from": date(0)}),
    ]
    network = Network.from_tables(world(lanes=pd.DataFrame(rows)), EXITS)
    hub, region = (network.locations.get_indexer([name]) for name in ("H1", "R1"))
    for day, cost in ((-1, 1.0), (0, 3.0), (6, 3.0), (7, 9.0)):
        used = network.lane_of(hub, region, MONDAY + np.timedelta64(day, "D"))
        assert network.lanes.cost_per_unit[used].tolist() == [cost]
