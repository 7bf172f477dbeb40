"""Outcome of a plan: the loss and the gain that it came to (docs/replay.md).

All is read from the tables and from what was then ordered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship.judge.buyers import Buyers
from foreship.judge.counterfactual import counterfactual_of, ways_in
from foreship.judge.departures import Departures, read_plan
from foreship.judge.ending_stock import cheapest_exit
from foreship.judge.network import Network
from foreship.judge.played_twice import gain_of, supply_of, windows_of
from foreship.judge.simulate import Morning, Refills
from foreship_foundation.arrays import Floats, Ints

__all__ = ["Outcome", "Terms", "come_of"]


DAY = np.timedelta64(1, "D")
WEEK_DAYS = 7


@dataclass(frozen=True)
class Terms:
    """The days over which a plan's promises are judged."""

    review_weeks: int
    """from one plan to the next: the window in which a unit is expected to be bought"""
    horizon_weeks: int
    """a unit not needed by then counts as lost"""
    sight_weeks: int
    """how far ahead the plan sees: no arrival of a later plan beyond is waited for"""
    end: np.datetime64
    """first day whose orders are not known"""


@dataclass(frozen=True)
class Outcome:
    """What a plan came to; NaN where the orders end before it is known."""

    loss: float
    """of its own units, equation 11 [money]"""
    gain: float
    """beyond sending nothing, equation 12 [money]"""


@dataclass(frozen=True)
class _Sent:
    """Lines that send units into regions, one row a line."""

    cell: Ints
    """row of `region` and `item`"""
    quantity: Ints
    paid: Floats
    """lane and exit of a unit [money]"""
    region: Ints
    """of each cell, shape (cells,)"""
    item: Ints


def come_of(
    network: Network,
    morning: Morning,
    buyers: Buyers,
    refills: Refills,
    lines: pd.DataFrame,
    terms: Terms,
) -> Outcome:
    """Return what came of a plan over the weeks that its promises are about.

    Raises
    ------
    PlanRefused
        When the plan moves units that are not there, or on a lane that is not open.
    """
    leaving = read_plan(network, lines, morning.monday)
    known = int((terms.end - morning.monday) // DAY)
    loss = gain = np.nan
    if known >= WEEK_DAYS * terms.horizon_weeks:
        loss = _loss(network, morning, buyers, leaving, terms)
    supply = supply_of(network, morning, buyers, refills, terms.review_weeks)
    windows = windows_of(network, morning, leaving, supply, terms.review_weeks, terms.sight_weeks)
    if known >= windows.days:
        gain = gain_of(network, morning, buyers, refills, leaving, supply, windows)
    return Outcome(loss, gain)


def _sent(network: Network, leaving: Departures) -> _Sent:
    """Pick the lines that send units into regions."""
    into = (leaving.destination >= 0) & (leaving.destination < len(network.regions))
    key = (leaving.destination * len(network.items) + leaving.item)[into]
    cells, cell = np.unique(key, return_inverse=True)
    paid = (leaving.freight + leaving.exit_cost)[into]
    return _Sent(cell, leaving.quantity[into], paid, *np.divmod(cells, len(network.items)))


def _loss(
    network: Network, morning: Morning, buyers: Buyers, leaving: Departures, terms: Terms
) -> float:
    """Loss of units sent but not needed by the risk horizon, and of dearer freight (eq. 11).

    The units that a plan sends into a cell are the last to be used there, after what lay there and
    was already coming.
    """
    monday, before, days = morning.monday, morning.state, WEEK_DAYS * terms.horizon_weeks
    sent, ways = _sent(network, leaving), ways_in(network, before, monday)
    without = counterfactual_of(network, before, buyers, monday, (sent.region, sent.item), days)
    cell = np.arange(len(sent.region))
    arrivals = np.bincount(sent.cell, sent.quantity, len(cell))
    needed = without.need(cell, 0 * cell, 0 * cell + days)
    cheapest = ways.cost[sent.region, sent.item]
    away = np.maximum(cheapest_exit(network, sent.region, sent.item, monday), 0.0)
    each = cheapest + network.holding[sent.item] * terms.horizon_weeks + away
    dearer = np.maximum(sent.paid - cheapest[sent.cell], 0.0) * sent.quantity
    return float((each * np.maximum(arrivals - needed, 0.0)).sum() + dearer.sum())
