"""Policies as floors and ceilings of cells (docs/program.md, equation P34)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Ids, Ints
from foreship_foundation.bounds import MOST_UNITS
from foreship_foundation.tables.asked_rows import live_rows, rank_of, with_reason
from foreship_foundation.tables.declaration import NEVER
from foreship_foundation.tables.input_tables import POLICY_KINDS
from foreship_foundation.telling.words import number
from foreship_optimize.demand import WEEK_DAYS, DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.transport.places_and_lanes import Network, codes_of

__all__ = ["PolicyLevels", "policy_levels", "policy_words"]

NOISE: Final = 1e-9
"""float noise of a mean: a hair above a whole unit is that unit"""
MAXIMUM: Final = "maximum"


@dataclass(frozen=True)
class PolicyLevels:
    """What policies ask of each cell, shape (C,); units on hand and on their way count too."""

    floor: Ints
    """units that should lie in the cell or be on their way after the plan; 0 none"""
    ceiling: Ints
    """units beyond which none is sent; MOST_UNITS none"""
    floor_row: Ints
    """row of `policies` that sets the floor, from 0; -1 none"""
    ceiling_row: Ints
    lying: Ints
    """on hand and on its way"""
    words: Ids
    """of each row of the table"""

    def rows(self, index: Ints) -> PolicyLevels:
        """Return what they ask of some of the cells."""
        names = ("floor", "ceiling", "floor_row", "ceiling_row", "lying")
        return replace(self, **{name: getattr(self, name)[index] for name in names})

    @property
    def wanted(self) -> Ints:
        """Units that the plan has to send so that no cell is below its floor, (C,)."""
        return np.asarray(np.maximum(self.floor - self.lying, 0))

    @property
    def room(self) -> Ints:
        """Units that the plan may send into each cell, (C,)."""
        return np.asarray(np.maximum(self.ceiling - self.lying, 0))


def policy_levels(
    table: pd.DataFrame,
    categories: pd.Series[str],
    network: Network,
    cells: Cells,
    demand: DemandScenarios,
    arrival_day: Ints,
    as_of: pd.Timestamp,
    review_weeks: int,
) -> PolicyLevels | None:
    """Return what the rows that hold ask of every cell that may be stocked; None where none does.

    Parameters
    ----------
    table
        `policies` of the contract.
    categories
        Of the items, by id.
    demand
        All demand of the cells, in their order, from `as_of`.
    arrival_day
        By cell: days until the first units of this plan can be there; NEVER without a way.
    """
    live = live_rows(table["expires"], as_of)
    if not live.any():
        return None
    category = categories.reindex(network.items).fillna("").to_numpy(dtype=object)
    rows_of = {
        kind: _row_of_each(
            table, live & (table["kind"] == kind).to_numpy(), network, cells, category
        )
        for kind in POLICY_KINDS
    }
    value = table["value"].to_numpy(dtype=np.float64)
    lying = cells.on_hand.copy()
    np.add.at(lying, cells.inbound_cell, cells.inbound_units)
    law = _Demand(demand, _weeks_until_next(arrival_day, review_weeks, len(demand.weeks)))
    held = network.hub_stock.sum(axis=1)[cells.item]
    floor, floor_row = np.zeros(len(cells), dtype=np.int64), np.full(len(cells), -1, dtype=np.int64)
    for kind, level in _LEVELS.items():
        at = np.flatnonzero(rows_of[kind] >= 0)
        if len(at):
            units = level(value[rows_of[kind][at]], at, law, lying[at], held[at], cells.item[at])
            units = np.clip(units, 0, MOST_UNITS).astype(np.int64)
            higher = units > floor[at]
            floor[at[higher]] = units[higher]
            floor_row[at[higher]] = rows_of[kind][at[higher]]
    ceiling_row = rows_of[MAXIMUM]
    most = np.floor(np.append(value, MOST_UNITS)[ceiling_row] + NOISE).astype(np.int64)
    return PolicyLevels(floor, most, floor_row, ceiling_row, lying, policy_words(table))


def _row_of_each(
    table: pd.DataFrame, live: np.ndarray, network: Network, cells: Cells, category: Ids
) -> Ints:
    """Row that holds for each cell, the most specific one; -1 where none does or none may lie."""
    found = np.full(len(cells), -1, dtype=np.int64)
    at = np.flatnonzero(live)
    columns = {
        name: table[name].to_numpy(dtype=object)[at] for name in ("region", "item", "category")
    }
    region, item = (
        codes_of(columns["region"], network.regions),
        codes_of(columns["item"], network.items),
    )
    of_cell = category[cells.item]
    for place in np.argsort(-rank_of(columns), kind="stable").tolist():
        mine = cells.stocked.copy()
        if columns["region"][place]:
            mine &= cells.region == region[place]
        if columns["item"][place]:
            mine &= cells.item == item[place]
        if columns["category"][place]:
            mine &= of_cell == columns["category"][place]
        found[mine] = at[place]
    return found


def _weeks_until_next(arrival_day: Ints, review_weeks: int, horizon: int) -> Ints:
    """Whole weeks until what a next plan sends can be there, no more than are known, (C,)."""
    day = np.where(arrival_day < NEVER, arrival_day, 0)
    return np.asarray(np.minimum(-(-day // WEEK_DAYS) + review_weeks, horizon))


@dataclass(frozen=True)
class _Demand:
    """Demand of cells in whole weeks from the day of the plan."""

    paths: DemandScenarios
    weeks: Ints
    """weeks until the next arrival, by cell"""

    def until_next(self, at: Ints) -> Ints:
        """Demand of some cells until the next arrival, (cells, S) [units]."""
        total = np.zeros((len(at), self.paths.scenarios), dtype=np.int64)
        for count in np.unique(self.weeks[at]).tolist():
            mine = self.weeks[at] == count
            total[mine] = self.paths.units_of(at[mine], slice(count)).sum(axis=1, dtype=np.int64)
        return total

    def mean_of(self, at: Ints, weeks: np.ndarray) -> np.ndarray:
        """Mean demand of so many weeks; the last week known repeats beyond the horizon [units]."""
        weekly = self.paths.totals[at]
        known = weekly.shape[1]
        total = np.concatenate([np.zeros((len(at), 1)), np.cumsum(weekly, axis=1)], axis=1)
        whole = np.minimum(np.floor(weeks), known).astype(np.int64)
        row = np.arange(len(at))
        part = weekly[row, np.minimum(whole, known - 1)] * (weeks - whole)
        return np.asarray((total[row, whole] + part) / self.paths.scenarios)


Level = Callable[[np.ndarray, Ints, _Demand, Ints, Ints, Ints], np.ndarray]


def _minimum(
    value: np.ndarray, at: Ints, law: _Demand, lying: Ints, held: Ints, item: Ints
) -> np.ndarray:
    return np.asarray(np.ceil(value - NOISE))


def _presentation(
    value: np.ndarray, at: Ints, law: _Demand, lying: Ints, held: Ints, item: Ints
) -> np.ndarray:
    mean = law.until_next(at).sum(axis=1) / law.paths.scenarios
    return np.asarray(np.ceil(value - NOISE) + np.ceil(mean - NOISE))


def _cover(
    value: np.ndarray, at: Ints, law: _Demand, lying: Ints, held: Ints, item: Ints
) -> np.ndarray:
    return np.ceil(law.mean_of(at, value) - NOISE)


def _service(
    value: np.ndarray, at: Ints, law: _Demand, lying: Ints, held: Ints, item: Ints
) -> np.ndarray:
    wanted = np.sort(law.until_next(at), axis=1)
    served = np.ceil(value * wanted.shape[1] - NOISE).astype(np.int64)  # paths
    return np.where(served > 0, wanted[np.arange(len(at)), np.maximum(served, 1) - 1], 0)


def _fair_share(
    value: np.ndarray, at: Ints, law: _Demand, lying: Ints, held: Ints, item: Ints
) -> np.ndarray:
    paths = law.paths.scenarios
    need = np.maximum(law.until_next(at).sum(axis=1) - paths * lying, 0)  # units x paths
    total = np.zeros(int(item.max()) + 1, dtype=np.int64)
    np.add.at(total, item, need)
    scarce = total[item] > held * paths
    share = np.floor(value * held * need / np.maximum(total[item], 1) + NOISE)
    return np.where(scarce & (need > 0), lying + share, 0)


_LEVELS: Mapping[str, Level] = {
    "minimum": _minimum, "presentation": _presentation, "cover_weeks": _cover,
    "service": _service, "fair_share": _fair_share,
}  # fmt: skip
"""units that each kind of floor comes to in some cells, by its value there"""


def policy_words(table: pd.DataFrame) -> Ids:
    """Say what each row asks, as its planner would."""
    said = []
    for row in table.to_dict("records"):
        what = row["item"] or (f"category {row['category']}" if row["category"] else "any item")
        where = row["region"] or "any region"
        asked = f"policy {row['kind']} {number(row['value'])} of {what} in {where}"
        said.append(with_reason(asked, row))
    return np.array(said, dtype=object)
