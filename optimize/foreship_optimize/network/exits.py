"""Exits of units no longer wanted where they lie: which exist, and what each costs.

Costs are measured against the unit being back at its hub (equation 5 of docs/value.md). With
an `exits` table only what it lists exists, and the most specific row holds: item and region,
then item, then region, then any.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_foundation.actions import exit_named
from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.network.regional_terms import holding_of
from foreship_optimize.network.transport.places_and_lanes import Network, codes_of
from foreship_optimize.params import ExitParams

__all__ = ["ExitBook", "ExitRows", "read_exits"]


@dataclass(frozen=True)
class ExitRows:
    """The rows of one kind of exit; -1 stands for any item or region."""

    item: Ints
    region: Ints
    cost: Floats
    """cost less recovery [money a unit]; a NaN recovery is filled from the config"""
    recovery: Floats
    capacity: Floats
    delay_weeks: Floats
    row: Ints
    """row of the exits table, -1 for the config"""


@dataclass(frozen=True)
class ExitBook:
    """Every exit that exists, by kind."""

    kinds: dict[str, ExitRows]
    network: Network
    params: ExitParams
    from_table: bool

    def cost_of(self, kind: str, region: Ints, item: Ints) -> tuple[Floats, Ints]:
        """Cost of an exit, its lane aside, and the row it comes from, for each cell.

        Returns
        -------
        cost
            Money a unit, inf where the exit does not exist.
        row
            Position in `kinds[kind]`, -1 where it does not exist.
        """
        rows = self.kinds.get(kind)
        if rows is None:
            return np.full(len(region), np.inf), np.full(len(region), -1)
        row = _most_specific(rows, region, item, len(self.network.items))
        network = self.network
        cost = rows.cost[row] - self._recovery(rows, row, kind, item)
        cost = cost + holding_of(network, region, item) * rows.delay_weeks[row]
        gives_up = exit_named(kind).gives_up
        if gives_up == "share of price":
            cost = cost + self.params.markdown_share * network.price[item]
        if gives_up == "unit cost":
            cost = cost + network.unit_cost[item]
        return np.where(row >= 0, cost, np.inf), row

    def _recovery(self, rows: ExitRows, row: Ints, kind: str, item: Ints) -> Floats:
        """Money recovered: the table's, else the configured share for what is given away."""
        gone = exit_named(kind).gives_up == "unit cost"
        share = self.params.recovery_share if gone else 0.0
        return np.where(
            np.isnan(rows.recovery[row]), share * self.network.unit_cost[item], rows.recovery[row]
        )


def read_exits(exits: pd.DataFrame, network: Network, params: ExitParams) -> ExitBook:
    """Read the exits table, or the configured exits where there is none."""
    if not len(exits):
        kinds = {kind: _anywhere(_handling(kind, params)) for kind in params.allowed}
        return ExitBook(kinds, network, params, from_table=False)
    item, region = (
        codes_of(exits["item"], network.items),
        codes_of(exits["region"], network.regions),
    )
    order = np.lexsort((region, item))
    kinds = {}
    for kind in sorted(set(exits["exit"])):
        mine = order[(exits["exit"] == kind).to_numpy()[order]]
        kinds[kind] = ExitRows(
            item=item[mine],
            region=region[mine],
            cost=exits["cost"].to_numpy(np.float64)[mine],
            recovery=exits["recovery"].to_numpy(np.float64)[mine],
            capacity=exits["capacity"].to_numpy(np.float64)[mine],
            delay_weeks=exits["delay_weeks"].to_numpy(np.float64)[mine],
            row=mine,
        )
    return ExitBook(kinds, network, params, from_table=True)


def _handling(kind: str, params: ExitParams) -> float:
    """Handling of a unit by the settings [money]."""
    setting = exit_named(kind).handling
    return float(getattr(params, setting)) if setting else 0.0


def _anywhere(cost: float) -> ExitRows:
    """One configured exit, valid for any item and region."""
    any_code, none = np.array([-1]), np.array([np.nan])
    free = np.zeros(1)
    return ExitRows(
        any_code, any_code, np.array([cost]), none, np.array([np.inf]), free, np.array([-1])
    )


def _most_specific(rows: ExitRows, region: Ints, item: Ints, items: int) -> Ints:
    """Position of the most specific row for each cell; -1 where there is none."""
    found = np.full(len(region), -1, dtype=np.int64)
    anything = np.full(len(region), -1, dtype=np.int64)
    known = pd.Index(rows.region * (items + 1) + rows.item)
    for asked_region, asked_item in (
        (anything, anything),
        (region, anything),
        (anything, item),
        (region, item),
    ):
        key = pd.Index(asked_region * (items + 1) + asked_item)
        at = known.get_indexer(key)
        found = np.where(at >= 0, at, found)
    return found
