"""A hub or two, two regions and three items with an order tariff, and orders written by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.params import OptimizeParams, PlanParams
from tests.optimize.small_network import day, demand_of, item, lane, read, tables_of
from tests.optimize.table_builder import frame

REGIONS, ITEMS = ("R", "S"), ("A", "B", "C")


def orders_of(*rows: tuple) -> pd.DataFrame:
    """Orders from (days before the plan, region, item, units, id)."""
    lines = [
        (day(-back), region, name, units, 20.0, number)
        for back, region, name, units, number in rows
    ]
    return frame("orders", lines)


def world(
    orders: pd.DataFrame, *, further: float | None = 0.5, mile: float | None = 0.25
) -> dict[str, pd.DataFrame]:
    """Tables of hubs G (A alone) and H (A, B, C), regions R and S (room 12); first unit 5 and 2."""
    lanes = [lane(hub, region, 0.8) for hub in ("G", "H") for region in REGIONS]
    lanes += [lane(region, "H", 0.8) for region in REGIONS]
    tables = tables_of(
        items=[item(name) for name in ITEMS],
        regions=[("R", np.inf, 2.0, "", np.nan, np.nan), ("S", 12.0, 2.0, "", np.nan, np.nan)],
        hubs=[("G", np.nan, np.nan), ("H", np.nan, np.nan)],
        lanes=lanes,
        stock=[("G", "A", 30), *(("H", name, 40) for name in ITEMS)],
    )
    tables["orders"] = orders
    if further is not None:
        tables["lanes"]["direct_further"] = further
    if mile is not None:
        tables["regions"]["last_mile_further"] = mile
    return tables


def drawn_orders(seed: int, weeks: int = 6, each: int = 8) -> pd.DataFrame:
    """Orders of one to three items: A and B go together, now and then with C or alone."""
    draw, rows = np.random.default_rng(seed), []
    for back in range(1, 7 * weeks + 1):
        for number in range(int(draw.poisson(each / 7))):
            chosen = [("A", "B"), ("A", "B", "C"), ("A",), ("B", "C")][int(draw.integers(4))]
            region = REGIONS[int(draw.integers(2))]
            units = 1 + int(draw.random() < 0.2)
            rows += [(back, region, name, units, f"o{back}-{number}") for name in chosen]
    return orders_of(*rows)


def wanted(seed: int = 0, weeks: int = 3, paths: int = 40) -> DemandScenarios:
    """Demand of every region and item, about three units a week."""
    draw = np.random.default_rng(seed)
    return demand_of(
        {(region, name): draw.poisson(3.0, (weeks, paths)) for region in REGIONS for name in ITEMS}
    )


def network_of(tables: dict[str, pd.DataFrame]) -> tuple[Network, Cells]:
    """Read a world's network and cells: a cell of every region and item."""
    return read(tables, wanted())


def settings(**plan: float) -> OptimizeParams:
    """The settings of a plan, some of them changed."""
    return OptimizeParams(plan=PlanParams(**plan))
