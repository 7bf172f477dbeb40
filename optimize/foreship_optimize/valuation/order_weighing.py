"""Past orders weighed: what they tell the program, and what its plan makes of them afterwards.

docs/value.md, section 9. Where money is by the unit nothing of this is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Ints
from foreship_foundation.orders.tariffs import by_order
from foreship_foundation.telling.progress import report
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.transport.places_and_lanes import codes_of
from foreship_optimize.orders.baskets import Keeping
from foreship_optimize.orders.certification.certificate import sampled_bound
from foreship_optimize.orders.credit import Credit
from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.orders.order_table import order_table
from foreship_optimize.orders.past_orders import BelievedOrders
from foreship_optimize.orders.reading import OrdersRead, read_orders
from foreship_optimize.orders.walk import sampled_gain, walk
from foreship_optimize.params import OptimizeParams
from foreship_optimize.valuation.inputs import read_ground

__all__ = ["ByOrder", "weigh_orders"]


@dataclass(frozen=True)
class ByOrder:
    """Past orders on the network of a plan, and the credits that they ask the program to use."""

    read: OrdersRead
    credits: OrderCredits
    """at the margin of the plan that settled"""

    def _counted_twice(self, sent: Ints) -> float:
        """What credits at the margin say of a plan beyond each order counted once [money]."""
        settling = self.read.settling
        at_the_margin = Credit(self.credits.share, self.credits.net)
        return settling.stocking.money(at_the_margin, sent) - settling.money(sent)

    def figures(self, lines: pd.DataFrame, gain_at_the_margin: float) -> dict[str, Any]:
        """Return what past orders would have come to with a plan's lines: `summary["orders"]`.

        Parameters
        ----------
        gain_at_the_margin
            What the program expects of the plan, each line credited with all that hangs on it.
        """
        settling, past = self.read.settling, self.read.past
        sent, gone = self._moved(lines)
        keeping = self._keeping(sent, gone)
        served = walk(settling.baskets, keeping.lying + sent).served
        weight = past.weight[past.period]
        whole = np.zeros(len(past), dtype=bool)
        whole[self.read.worth_serving[served]] = True
        worth = np.zeros(len(past), dtype=bool)
        worth[self.read.worth_serving] = True
        units = past.units_of_order * weight
        gain = sampled_gain(settling.baskets, keeping, sent)
        # a relaxed plan may gain more than any that keeps the limits
        bound = max(gain, sampled_bound(settling.baskets, keeping, gain).bound)
        return {
            "periods": len(past.count),
            "orders_seen": len(past),
            "worth_serving_there": _share(weight[worth].sum(), weight.sum()),
            "whole": _share(weight[whole].sum(), weight.sum()),
            "units_there": _share(units[whole].sum(), units.sum()),
            "promised": gain_at_the_margin - self._counted_twice(sent),
            "gain": gain,
            "bound": bound,
            "gap": (bound - gain) / max(1.0, abs(bound)),
        }

    def not_whole(self, lines: pd.DataFrame) -> Ints:
        """Return the known orders to come that a plan was to serve whole and does not."""
        known, settling = self.read.known, self.read.settling
        if known is None:
            return np.zeros(0, dtype=np.int64)
        sent, gone = self._moved(lines)
        meant = walk(settling.baskets, settling.keeping.lying + known.sent).served
        served = walk(settling.baskets, settling.keeping.lying + sent - gone).served
        return known.order[meant & ~served]

    def table(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Return what past orders say of each cell with a plan's lines: `orders.parquet`."""
        sent, gone = self._moved(lines)
        return order_table(self.read, self.credits, sent - gone)

    def _keeping(self, sent: Ints, gone: Ints) -> Keeping:
        """What lies in cells once units have left, and what the others cost: room and supply too.

        A unit that only a redirect could bring has no lane to be dearer than.
        """
        known = self.read.settling.keeping
        room = known.room + np.bincount(known.region, gone * known.volume, len(known.room))
        supply = known.supply + np.bincount(known.item, gone, len(known.supply)).astype(np.int64)
        dearer = np.where(np.isinf(known.dearer) & (sent > 0), 0.0, known.dearer)
        return replace(known, lying=known.lying - gone, dearer=dearer, room=room, supply=supply)

    def _moved(self, lines: pd.DataFrame) -> tuple[Ints, Ints]:
        """Units that lines bring to each cell, and units that they take out of it, (C,) each."""
        into, out = action_names(destination="region"), action_names(origin="region")
        return self._units(lines, "destination", into), self._units(lines, "origin", out)

    def _units(self, lines: pd.DataFrame, end: str, kinds: Sequence[str]) -> Ints:
        network, cells = self.read.network, self.read.cells
        mine = lines[lines["action"].isin(kinds)]
        region = codes_of(mine[end], network.regions)
        cell = cells.find(region, codes_of(mine["item"], network.items), len(network.items))
        units = np.bincount(cell, mine["quantity"].to_numpy(dtype=np.int64), len(cells))
        return units.astype(np.int64)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0.0 else 0.0


def weigh_orders(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    obsolescence: float,
    orders: pd.DataFrame | BelievedOrders | None,
) -> ByOrder | None:
    """Ask past orders what goes together; None where money is by the unit.

    Parameters
    ----------
    tables
        Complete tables, which need not hold `orders`.
    orders
        The table `orders`, or what is believed in its place; None or without orders that are
        known: money is by the unit.
    """
    if orders is None:
        return None
    lines, known = (orders.orders, None) if isinstance(orders, BelievedOrders) else (orders, as_of)
    if not by_order({**tables, "orders": lines}, known):
        return None
    report("Weighing whole orders", 0, 0)
    ground = read_ground(tables, demand, as_of, params, obsolescence)
    read = read_orders(
        orders, ground.network, ground.cells, ground.wanted, ground.economics(), params.plan, as_of
    )
    sent = read.plan()
    told = read.credits_at(read.settling.at_the_margin(sent), sent)
    return ByOrder(read, told)
