"""One hub, one region, one item, and whatever a test changes: tables small enough for paper."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.cells import choose_cells
from foreship_optimize.network.economics import Economics
from foreship_optimize.network.transport.places_and_lanes import read_network
from foreship_optimize.params import EconomicsParams, ExitParams, OptimizeParams
from foreship_optimize.tables import complete
from foreship_optimize.valuation.inputs import read_inputs
from tests.optimize.table_builder import COLUMNS, MONDAY, frame

STEADY = OptimizeParams(
    economics=EconomicsParams(obsolescence_per_year=0.0, lost_sale_share=0.0),
    exits=ExitParams(allowed=("return",), return_handling=0.5),
)
"""Cells never close, nobody is lost, and an unsold unit can only go back, for 1.50."""


def day(days: int) -> pd.Timestamp:
    """Return the day so many days after the Monday of the plan."""
    return MONDAY + pd.Timedelta(days=days)


def item(name: str = "I", *, price: float = 20.0, pack: int = 1, lost: float = 0.0) -> tuple:
    """Row of `items`: costs 10, holding 0.10 a week, volume and weight 1."""
    return (name, price, 10.0, 1.0, 1.0, "", pack, 0.1, lost, pd.NaT)


def lane(origin: str, destination: str, cost: float = 1.0, lead: int = 0, **more: Any) -> tuple:
    """Row of `lanes`: parcels cost 5; `per_kg`, `capacity`, `direct`, `start`, `end` may differ."""
    about = {"per_kg": 0.0, "capacity": np.inf, "direct": 5.0, "start": pd.NaT, "end": pd.NaT}
    about |= more
    return (origin, destination, cost, lead, about["per_kg"], about["capacity"], about["direct"],
            np.nan, about["start"], about["end"])  # fmt: skip


def tables_of(**rows: list[tuple]) -> dict[str, pd.DataFrame]:
    """Tables of hub H, region R (last mile 2) and item I; rows named replace a table."""
    given: dict[str, list[tuple]] = {
        "items": [item()],
        "regions": [("R", np.inf, 2.0, "", np.nan, np.nan)],
        "hubs": [("H", np.nan, np.nan)],
        "lanes": [lane("H", "R"), lane("R", "H")],
        "stock": [("H", "I", 50)],
    }
    return {name: frame(name, {**given, **rows}.get(name, [])) for name in COLUMNS}


def demand_of(paths: dict[tuple[str, str], Any]) -> DemandScenarios:
    """Demand by (region, item), each of shape (weeks, scenarios)."""
    units = np.stack([np.asarray(each, dtype=np.int64) for each in paths.values()])
    weeks = MONDAY.to_datetime64().astype("datetime64[D]") + 7 * np.arange(units.shape[1])
    region, items = (np.array(each, dtype=object) for each in zip(*paths, strict=True))
    return DemandScenarios(region, items, weeks, units)


def read(tables: dict[str, pd.DataFrame], demand: DemandScenarios, params=STEADY):
    """Return the network and the cells of some tables."""
    filled = complete(tables, params.economics)
    network = read_network(filled, MONDAY)
    return network, choose_cells(filled, demand, network, MONDAY)[0]


def priced(tables: dict[str, pd.DataFrame], demand: DemandScenarios) -> Economics:
    """Return the money of the cells of some tables."""
    return read_inputs(tables, demand, MONDAY, STEADY, 0.0).economics
