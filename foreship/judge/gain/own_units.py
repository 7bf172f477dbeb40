"""A plan's own units: which it sent into regions, and what they lose if nobody needs them.

The units that a plan sends into a cell are the last to be used there, after what lay there and was
already coming, and before those of later plans (docs/replay.md, equation 11).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship.judge.account.ending_stock import cheapest_exit
from foreship.judge.carried_out.departures import Departures
from foreship.judge.carried_out.state import State
from foreship.judge.gain.counterfactual import ways_in
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning
from foreship_foundation.arrays import Floats, Ints

__all__ = ["OwnUnits", "own_units", "served_there"]


@dataclass(frozen=True)
class OwnUnits:
    """The cells that a plan sends units into, one row a cell."""

    region: Ints
    item: Ints
    sent: Ints
    each: Floats
    """what a unit loses that is not needed by the risk horizon, lambda [money]"""
    dearer: float
    """paid for all of them beyond the cheapest way in [money]"""

    def loss(self, needed: Ints) -> float:
        """Return the loss, given how many units more each cell needed than it had (eq. 11)."""
        return float((self.each * np.maximum(self.sent - needed, 0.0)).sum() + self.dearer)


def own_units(
    network: Network, morning: Morning, leaving: Departures, horizon_weeks: int
) -> OwnUnits:
    """Read what a plan sends into regions against the state before it."""
    into = (leaving.destination >= 0) & (leaving.destination < len(network.regions))
    key = (leaving.destination * len(network.items) + leaving.item)[into]
    cells, cell = np.unique(key, return_inverse=True)
    region, item = np.divmod(cells, len(network.items))
    paid, quantity = (leaving.freight + leaving.exit_cost)[into], leaving.quantity[into]
    cheapest = ways_in(network, morning.state, morning.monday).cost[region, item]
    away = np.maximum(cheapest_exit(network, region, item, morning.monday), 0.0)
    dearer = np.maximum(paid - cheapest[cell], 0.0) * quantity
    return OwnUnits(
        region=region,
        item=item,
        sent=np.bincount(cell, quantity, len(cells)).astype(np.int64),
        each=cheapest + network.holding_of(region, item) * horizon_weeks + away,
        dearer=float(dearer.sum()),
    )


def served_there(network: Network, before: State, leaving: Departures, after: State) -> Ints:
    """Return units that buyers took from each region in a week, shape (regions, items).

    What was there or coming before the plan, and what it moved in or out, less what is left.
    """
    count = len(network.regions)
    served = before.in_regions(network) - after.in_regions(network)
    for place, sign in ((leaving.destination, 1), (leaving.origin, -1)):
        here = (place >= 0) & (place < count)
        np.add.at(served, (place[here], leaving.item[here]), sign * leaving.quantity[here])
    return served
