"""Past orders weighed: what they tell the program, and what its plan makes of them afterwards.

docs/value.md, section 9. Where money is by the unit nothing of this is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Ints
from foreship_foundation.tariffs import by_order
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.places_and_lanes import codes_of
from foreship_optimize.orders.certificate import sampled_bound
from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.orders.order_table import order_table
from foreship_optimize.orders.past_orders import PERIOD
from foreship_optimize.orders.reading import OrdersRead, read_orders
from foreship_optimize.orders.walk import sampled_gain, walk
from foreship_optimize.params import OptimizeParams
from foreship_optimize.valuation.inputs import read_ground

__all__ = ["ByOrder", "weigh_orders"]


@dataclass(frozen=True)
class ByOrder:
    """Past orders on the network of a plan, and the credits that they ask the program to use."""

    read: OrdersRead
    sent: Ints
    """units sent to each cell by the plan that the credits belong to, (C,)"""
    credits: OrderCredits

    def figures(self, lines: pd.DataFrame) -> dict[str, Any]:
        """Return what past orders would have come to with a plan's lines: `summary["orders"]`."""
        settling, past = self.read.settling, self.read.past
        sent = self._moved(lines)
        served = walk(settling.baskets, settling.keeping.lying + sent).served
        weight = past.weight[past.period]
        whole = np.zeros(len(past), dtype=bool)
        whole[self.read.worth_serving[served]] = True
        worth = np.zeros(len(past), dtype=bool)
        worth[self.read.worth_serving] = True
        units = past.units_of_order * weight
        gain = sampled_gain(settling.baskets, settling.keeping, sent)
        bound = max(gain, sampled_bound(settling.baskets, settling.keeping, gain).bound)
        return {
            "periods": len(past.count),
            "orders_seen": len(past),
            "worth_serving_there": _share(weight[worth].sum(), weight.sum()),
            "whole": _share(weight[whole].sum(), weight.sum()),
            "units_there": _share(units[whole].sum(), units.sum()),
            "gain": gain,
            "bound": bound,
            "gap": (bound - gain) / max(1.0, abs(bound)),
        }

    def table(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Return what past orders say of each cell with a plan's lines: `orders.parquet`."""
        return order_table(self.read, self.credits, self._moved(lines))

    def _moved(self, lines: pd.DataFrame) -> Ints:
        """Units that lines bring to each cell, less those that they take out of it, (C,)."""
        network, cells = self.read.network, self.read.cells
        moved = np.zeros(len(cells), dtype=np.int64)
        for end, sign, kinds in (
            ("destination", 1, action_names(destination="region")),
            ("origin", -1, action_names(origin="region")),
        ):
            mine = lines[lines["action"].isin(kinds)]
            region = codes_of(mine[end], network.regions)
            cell = cells.find(region, codes_of(mine["item"], network.items), len(network.items))
            np.add.at(moved, cell, sign * mine["quantity"].to_numpy(dtype=np.int64))
        return moved


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0.0 else 0.0


def weigh_orders(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    obsolescence: float,
    orders: pd.DataFrame | None,
) -> ByOrder | None:
    """Ask past orders what goes together; None where money is by the unit.

    Parameters
    ----------
    tables
        Complete tables, which need not hold `orders`.
    orders
        The table `orders`, or orders with a column `period` that are believed in its place; None
        or without orders that are known: money is by the unit.
    """
    if orders is None:
        return None
    known = None if PERIOD in orders.columns else as_of
    if not by_order({**tables, "orders": orders}, known):
        return None
    ground = read_ground(tables, demand, as_of, params, obsolescence)
    read = read_orders(
        orders, ground.network, ground.cells, ground.wanted, ground.economics(), params.plan, as_of
    )
    sent = read.settling.plan()
    return ByOrder(read, sent, read.credits_for(sent))
