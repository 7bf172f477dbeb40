"""Simple policies to compare the program with: base-stock levels, and shipping nothing.

They are meant to be strong: positions count stock and everything on its way, every unit comes
over the cheapest lane that still has room, and scarce hub stock goes to the largest gaps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import stats

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.demand import WEEK_DAYS, DemandScenarios
from foreship_optimize.network.cells import Cells, choose_cells
from foreship_optimize.network.economics import Economics, closing_over_days, price_cells
from foreship_optimize.network.exits import read_exits
from foreship_optimize.network.transport.hub_lanes import lane_cost
from foreship_optimize.network.transport.places_and_lanes import Network, codes_of, read_network
from foreship_optimize.network.windows import Windows
from foreship_optimize.params import OptimizeParams
from foreship_optimize.rules.allocation import allocate, held_by_way, ways
from foreship_optimize.tables import Tables, complete

__all__ = [
    "LINE_COLUMNS",
    "base_stock_levels",
    "newsvendor_levels",
    "seasonal_levels",
    "ship_nothing",
    "ship_up_to",
    "trailing_demand",
]


LINE_COLUMNS: Final = (
    "action",
    "origin",
    "destination",
    "item",
    "quantity",
    "ship_date",
    "arrival_date",
    "cost",
)
"""columns of a plan that a rule can fill: the others are about chances"""
SORTED_BY: Final = ["origin", "destination", "item", "ship_date", "arrival_date", "cost"]


def ship_nothing() -> pd.DataFrame:
    """Return the plan lines of a retailer who ships only after orders: none."""
    return _lines({name: [] for name in LINE_COLUMNS})


def ship_up_to(
    tables: Mapping[str, pd.DataFrame],
    levels: pd.DataFrame,
    as_of: pd.Timestamp,
    review_weeks: int = 1,
) -> pd.DataFrame:
    """Fill every cell up to its level, as far as stock, lanes, docks and room allow.

    Parameters
    ----------
    tables
        Frames by their contract names.
    levels
        `region, item, units`: what a cell should have on hand and on its way together.
    as_of
        The Monday of the plan.
    review_weeks
        Weeks until the next plan: until then lanes of this one may leave.

    Returns
    -------
    Plan lines with the columns `LINE_COLUMNS`, sorted by origin, destination, item and arrival.
    """
    filled = complete(tables)
    network = read_network(filled, as_of, review_weeks)
    cells, wanted = _wanted(filled, levels, network, as_of)
    cell, lane = allocate(cells, network, wanted)
    return _as_lines(cells, network, cell, lane, as_of)


def trailing_demand(orders: pd.DataFrame, as_of: pd.Timestamp, weeks: int) -> pd.DataFrame:
    """Mean and variance of weekly demand over the last weeks; weeks without an order count as 0.

    Returns
    -------
    `region, item, mean, variance`, sorted, a row for each cell ordered in those weeks.
    """
    dates = pd.to_datetime(orders["date"])
    start = as_of - pd.Timedelta(days=WEEK_DAYS * weeks)
    recent = orders[(dates >= start) & (dates < as_of)]
    week = (pd.to_datetime(recent["date"]) - start).dt.days // WEEK_DAYS
    rows = recent[["region", "item"]].assign(week=week, units=recent["quantity"].astype(float))
    weekly = rows.groupby(["region", "item", "week"], sort=True, as_index=False)["units"].sum()
    weekly["square"] = weekly["units"] ** 2
    total = weekly.groupby(["region", "item"], sort=True, as_index=False)[["units", "square"]].sum()
    mean = total["units"] / weeks
    spread = (total["square"] - weeks * mean**2).clip(lower=0.0)
    return pd.DataFrame(
        {
            "region": total["region"],
            "item": total["item"],
            "mean": mean,
            "variance": spread / max(weeks - 1, 1),
        }
    )


def seasonal_levels(
    tables: Mapping[str, pd.DataFrame], orders: pd.DataFrame, as_of: pd.Timestamp, weeks: int = 4
) -> pd.DataFrame:
    """Mean of the last weeks over the time a shipment must cover, in whole units."""
    network = read_network(complete(tables), as_of)
    cells, demand = _cells_of(trailing_demand(orders, as_of, weeks), network)
    units = demand["mean"].to_numpy() * _cover_weeks(cells, network, 1)
    return demand[["region", "item"]].assign(units=np.floor(units + 0.5).astype(np.int64))


def base_stock_levels(
    tables: Mapping[str, pd.DataFrame],
    orders: pd.DataFrame,
    as_of: pd.Timestamp,
    service_level: float = 0.95,
    weeks: int = 13,
    review_weeks: int = 1,
) -> pd.DataFrame:
    """Quantile of demand over lead time and review: mean and safety stock together.

    Poisson, or negative binomial where the trailing weeks vary more than that.
    """
    network = read_network(complete(tables), as_of, review_weeks)
    cells, demand = _cells_of(trailing_demand(orders, as_of, weeks), network)
    cover = _cover_weeks(cells, network, review_weeks)
    level = np.full(len(demand), service_level)
    return demand[["region", "item"]].assign(units=_quantile(demand, cover, level))


def newsvendor_levels(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams | None = None,
    *,
    obsolescence: float = 0.0,
) -> pd.DataFrame:
    """Each cell alone at its critical ratio: (b - c) / (b - c + h w + d (c + e)).

    An unsold unit is kept for the next review, so that it costs its holding and the chance that
    its cell closes, not its exit: the form of the newsvendor that is optimal for a single cell
    without lead time. The law of demand is that of the scenarios.
    """
    params = params or OptimizeParams()
    filled = complete(tables, params.economics, as_of)
    review = params.plan.review_weeks
    network = read_network(filled, as_of, review)
    cells, _ = choose_cells(filled, demand, network, as_of)
    exits = read_exits(filled["exits"], network, params.exits)
    stated = params.economics.obsolescence_per_year
    yearly = obsolescence if stated is None else stated
    money = price_cells(cells, network, exits, params, yearly, NEVER)
    ratio = _critical_ratio(money, review)
    cover = _cover_weeks(cells, network, review)
    names = {"region": network.regions[cells.region], "item": network.items[cells.item]}
    return pd.DataFrame(names).assign(units=_path_quantile(demand, cells, network, ratio, cover))


def _critical_ratio(money: Economics, review_weeks: int) -> Floats:
    """Chance of a sale above which one more unit pays; 0 where none ever pays."""
    gain = money.benefit - money.cost
    closing = closing_over_days(money.closing, WEEK_DAYS * review_weeks)
    possible = np.isfinite(gain) & (gain > 0.0)  # no lane, no cost: infinite, and never worth it
    gain, cost = np.where(possible, gain, 1.0), np.where(possible, money.cost, 0.0)
    loss = money.holding * review_weeks + closing * np.maximum(cost + money.exit_cost, 0.0)
    return np.where(possible, gain / (gain + loss), 0.0)


def _quantile(demand: pd.DataFrame, cover: Floats, level: Floats) -> Ints:
    """Smallest stock that meets demand over `cover` weeks with chance `level`; 0 at level 0."""
    mean = demand["mean"].to_numpy() * cover
    variance = np.maximum(demand["variance"].to_numpy() * cover, mean)
    level = np.minimum(level, 1.0 - 1e-9)
    units = np.asarray(stats.poisson.ppf(level, np.maximum(mean, 1e-12)))
    wide = variance > mean * (1.0 + 1e-9)
    size = mean[wide] ** 2 / (variance - mean)[wide]
    units[wide] = stats.nbinom.ppf(level[wide], size, size / (size + mean[wide]))
    return np.where((level > 0.0) & (mean > 0.0), units, 0.0).astype(np.int64)


def _path_quantile(
    demand: DemandScenarios, cells: Cells, network: Network, level: Floats, cover: Floats
) -> Ints:
    """The same quantile over sample paths: demand until a shipment's window ends."""
    row = cells.find(
        codes_of(demand.region, network.regions),
        codes_of(demand.item, network.items),
        len(network.items),
    )
    units = np.zeros(len(cells), dtype=np.int64)
    source = np.full(len(cells), -1, dtype=np.int64)
    source[row[row >= 0]] = np.flatnonzero(row >= 0)
    days = np.rint(cover * WEEK_DAYS).astype(np.int64)
    for day in np.unique(days).tolist():
        mine = np.flatnonzero((days == day) & (source >= 0) & (level > 0.0))
        total = np.sort(demand.demand_until(source[mine], day), axis=1)
        rank = np.ceil(level[mine] * demand.scenarios - 1e-9).astype(np.int64) - 1
        units[mine] = total[np.arange(len(mine)), np.clip(rank, 0, demand.scenarios - 1)]
    return units


def _cells_of(demand: pd.DataFrame, network: Network) -> tuple[Cells, pd.DataFrame]:
    """Cells of a frame that the network knows, in canonical order, and their rows."""
    region = codes_of(demand["region"], network.regions)
    item = codes_of(demand["item"], network.items)
    rows = np.flatnonzero((region >= 0) & (item >= 0))
    rows = rows[np.lexsort((item[rows], region[rows]))]
    count, none = len(rows), np.empty(0, dtype=np.int64)
    cells = Cells(
        region=region[rows],
        item=item[rows],
        on_hand=np.zeros(count, dtype=np.int64),
        stocked=np.ones(count, dtype=bool),
        windows=Windows.always(count),
        further=np.zeros(count),
        inbound_cell=none,
        inbound_day=none,
        inbound_units=none,
    )
    return cells, demand.iloc[rows].reset_index(drop=True)


def _cover_weeks(cells: Cells, network: Network, review_weeks: int) -> Floats:
    """Weeks a shipment must last: the lead time of its cheapest lane and one review period.

    Lanes from hubs that hold the item come first, as the allocation would choose.
    """
    lane, cost = ways(cells, network)
    if not lane.shape[1]:
        return np.full(len(cells), float(review_weeks))
    stocked = held_by_way(network, lane, cells.item, network.hub_stock) > 0
    held = np.where(stocked, cost, np.inf)
    cost = np.where(np.isfinite(held.min(axis=1, keepdims=True)), held, cost)
    best = lane[np.arange(len(cells)), cost.argmin(axis=1)]
    lead = np.where(best >= 0, network.lanes.lead_days[best], 0)
    return np.asarray(lead / WEEK_DAYS + review_weeks)


def _wanted(
    tables: Tables, levels: pd.DataFrame, network: Network, as_of: pd.Timestamp
) -> tuple[Cells, Ints]:
    """Cells that may be stocked, and the units each lacks up to its level."""
    known = levels[levels["item"].isin(network.items) & levels["region"].isin(network.regions)]
    region, item = (known[name].to_numpy(dtype=object) for name in ("region", "item"))
    start = np.datetime64(as_of, "D").reshape(1)
    named = DemandScenarios(region, item, start, np.zeros((len(known), 1, 1), dtype=np.int64))
    cells, _ = choose_cells(tables, named, network, as_of)
    at = cells.find(
        codes_of(region, network.regions), codes_of(item, network.items), len(network.items)
    )
    level = np.zeros(len(cells), dtype=np.int64)
    level[at[at >= 0]] = known["units"].to_numpy(np.int64)[at >= 0]
    position = cells.on_hand.copy()
    np.add.at(position, cells.inbound_cell, cells.inbound_units)
    return cells, np.where(cells.stocked, np.maximum(level - position, 0), 0)


def _as_lines(
    cells: Cells, network: Network, cell: Ints, lane: Ints, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Add up packs to plan lines."""
    taken = pd.DataFrame({"lane": lane, "cell": cell})
    count = taken.value_counts(["lane", "cell"], sort=False).sort_index()
    lane, cell = (
        count.index.get_level_values(name).to_numpy(np.int64) for name in ("lane", "cell")
    )
    hub = network.lanes.origin[lane]
    item = cells.item[cell]
    quantity = count.to_numpy(np.int64) * network.pack_size[item]
    wait, lead = network.lanes.offset[lane], network.lanes.lead_days[lane]
    return _lines(
        {
            "action": np.full(len(cell), "ship", dtype=object),
            "origin": network.hubs[hub],
            "destination": network.regions[cells.region[cell]],
            "item": network.items[item],
            "quantity": quantity,
            "ship_date": np.datetime64(as_of, "ns") + wait.astype("timedelta64[D]"),
            "arrival_date": np.datetime64(as_of, "ns") + lead.astype("timedelta64[D]"),
            "cost": lane_cost(network, lane, item) * quantity,
        }
    ).sort_values(SORTED_BY, kind="stable", ignore_index=True)


def _lines(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Put columns together as plan lines, typed even where there is no row."""
    frame = pd.DataFrame({name: columns[name] for name in LINE_COLUMNS})
    texts = dict.fromkeys(("action", "origin", "destination", "item"), object)
    dates = dict.fromkeys(("ship_date", "arrival_date"), "datetime64[ns]")
    return frame.astype({**texts, "quantity": np.int64, "cost": np.float64, **dates})
