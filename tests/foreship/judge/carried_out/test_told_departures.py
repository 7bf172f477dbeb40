"""Which departure a line means: that of its day, or else of its cost, or else the cheapest."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship.judge.carried_out.told_departures import Told, departure_of
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, date, lane, world


def test_of_several_open_lanes_a_line_means_that_of_its_day_or_else_of_its_cost() -> None:
    """Two kettles' lanes of five days and one of a day: told nothing, the cheapest is meant.

    None is meant between places without a lane, and none that is shut that day.
    """
    rows = [
        lane("H1", "R1", 2.0, 1), lane("H1", "R1", 1.0, 5, **{"from": date(1)}),
        lane("H1", "R1", 3.0, 5, **{"from": date(1), "to": date(2)}), lane("H2", "R2", 1.0, 1),
    ]  # fmt: skip
    nan = np.nan

    def costs(day: int, days: float = nan, paid: float = nan, lanes: list = rows) -> list:
        found = Network.from_tables(world(lanes=pd.DataFrame(lanes)), EXITS)
        on = MONDAY + np.timedelta64(day, "D")
        ends = np.array([2, 3, 3]), np.array([0, 1, 0])
        told = [np.array([each, nan, nan]) for each in (nan, days, paid)]
        at, _ = departure_of(
            found, *ends, np.zeros(3, dtype=int), on, Told(*told, np.ones(3), np.zeros(3))
        )
        return [float(found.lanes.cost_per_unit[each]) if each >= 0 else None for each in at]

    for order in (rows, rows[::-1]):
        assert costs(0, lanes=order) == [2.0, 1.0, None]
        assert costs(1, lanes=order) == [1.0, 1.0, None]
        assert costs(1, days=1.0, lanes=order)[0] == 2.0
        assert costs(1, days=5.0, lanes=order)[0] == 1.0
        assert costs(1, days=5.0, paid=2.9, lanes=order)[0] == 3.0
        assert costs(1, days=4.0, paid=2.1, lanes=order)[0] == 2.0
        assert costs(3, paid=9.0, days=5.0, lanes=order)[0] == 1.0
    assert costs(0, lanes=rows[1:2]) == [None, None, None]
