"""What one unit's parcel costs from each hub, by the order it stands in: two hubs, two regions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.network.unit_parcels import unit_parcels
from tests.optimize.small_network import demand_of, lane, read, tables_of

HUBS = [("H", np.nan, np.nan), ("J", np.nan, np.nan)]
REGIONS = [("R", np.inf, 2.0, "", np.nan, np.nan), ("S", np.inf, 2.0, "", np.nan, np.nan)]


def cost(further: list[float], names: list[int]) -> list[list[float]]:
    """H sends to R for 5 + .5 and to S for 8 + 4; J to R for 4 + 4, and nothing to S."""
    lanes = [lane("H", "R", direct=5.0), lane("H", "S", direct=8.0), lane("J", "R", direct=4.0)]
    tables = tables_of(hubs=HUBS, regions=REGIONS, lanes=lanes)
    tables["lanes"] = tables["lanes"].assign(direct_further=pd.Series([0.5, 4.0, 4.0]))
    network, cells = read(tables, demand_of({("R", "I"): [[1]], ("S", "I"): [[1]]}))
    cells = replace(cells, further=np.array(further))
    return unit_parcels(network, cells, np.array(names)).tolist()


def test_a_unit_of_orders_of_one_unit_pays_all_of_its_parcel():
    """The first unit's price, bit for bit; inf where no lane leads."""
    assert cost([0.0, 0.0], [0, 1]) == [[5.0, 4.0], [8.0, np.inf]]


def test_a_unit_among_others_pays_its_part_and_another_hub_is_cheapest():
    """R orders pairs: 2.75 from H, 4 from J. Of orders of four, S's units cost (8 + 3 x 4) / 4."""
    found = cost([0.5, 0.75], [1, 0])
    assert found[0] == pytest.approx([5.0, np.inf])
    assert found[1] == pytest.approx([2.75, 4.0])
