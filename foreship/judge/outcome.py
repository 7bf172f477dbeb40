"""Outcome of a plan: the loss and the gain that its own units came to (docs/replay.md).

The units that a plan sends into a cell are the last to be used there, after what lay there and
was already coming. All is read from the tables and from what was then ordered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship.judge.buyers import Buyers
from foreship.judge.counterfactual import Counterfactual, WaysIn, counterfactual_of, ways_in
from foreship.judge.departures import Departures, PlanRefused
from foreship.judge.ending_stock import cheapest_exit
from foreship.judge.network import Network, positions
from foreship.judge.state import State
from foreship_foundation.arrays import Floats, Ints

__all__ = ["Outcome", "Terms", "outcome_of"]


DAY = np.timedelta64(1, "D")
WEEK_DAYS = 7


@dataclass(frozen=True)
class Terms:
    """The days over which a plan's promises are judged."""

    review_weeks: int
    """from one plan to the next: the window in which a unit is expected to be bought"""
    horizon_weeks: int
    """a unit not needed by then counts as lost"""
    end: np.datetime64
    """first day whose orders are not known"""


@dataclass(frozen=True)
class Outcome:
    """What a plan's own units came to; NaN where the orders end before it is known."""

    loss: float
    """equation 11 [money]"""
    gain: float
    """equation 12 [money]"""


@dataclass(frozen=True)
class _Sent:
    """Lines that send units into regions, sorted by cell, arrival and cost; one row a line."""

    cell: Ints
    """row of `region` and `item`"""
    quantity: Ints
    lead: Ints
    """days until it arrives"""
    paid: Floats
    """lane and exit of a unit [money]"""
    region: Ints
    """of each cell, shape (cells,)"""
    item: Ints


def outcome_of(
    network: Network,
    before: State,
    buyers: Buyers,
    leaving: Departures,
    monday: np.datetime64,
    terms: Terms,
    stakes: pd.DataFrame | None = None,
) -> Outcome:
    """Return what a plan's own units lost and gained.

    Parameters
    ----------
    before
        Where every unit was when the plan was made.
    leaving
        What left by that plan on `monday`.
    stakes
        The units it sends into regions, as it tells them: `region, item, unit, gain, loss`. They
        are believed for what is won and lost by a unit, not for how likely that is. Without them
        the gain is not known.

    Raises
    ------
    PlanRefused
        When `stakes` are not about the units that left.
    """
    sent, ways = _sent(network, leaving, monday), ways_in(network, before, monday)
    closes = _window_closes(ways.lead[sent.region, sent.item][sent.cell], sent.lead, terms)
    horizon = WEEK_DAYS * terms.horizon_weeks
    known = int((terms.end - monday) // DAY)
    window = int(closes.max(initial=WEEK_DAYS * terms.review_weeks))
    cells = sent.region, sent.item
    without = counterfactual_of(
        network, before, buyers, monday, cells, min(max(horizon, window), known)
    )
    loss = gain = np.nan
    if known >= horizon:
        loss = _loss(network, sent, ways, without, monday, terms)
    if known >= window and stakes is not None:
        gain = _gain(network, sent, without, closes, stakes)
    return Outcome(loss, gain)


def _sent(network: Network, leaving: Departures, monday: np.datetime64) -> _Sent:
    """Pick the lines that send units into regions."""
    into = (leaving.destination >= 0) & (leaving.destination < len(network.regions))
    lead = ((leaving.arrival - monday) // DAY).astype(np.int64)
    paid = leaving.freight + leaving.exit_cost
    key = leaving.destination * len(network.items) + leaving.item
    order = np.lexsort((paid, lead, key))
    order = order[into[order]]
    cells, cell = np.unique(key[order], return_inverse=True)
    return _Sent(
        cell,
        leaving.quantity[order],
        lead[order],
        paid[order],
        *np.divmod(cells, len(network.items)),
    )


def _window_closes(usual: Ints, lead: Ints, terms: Terms) -> Ints:
    """Return the day on which a next plan's units may first come after each arrival."""
    every = WEEK_DAYS * terms.review_weeks
    return np.asarray(usual + every * (np.maximum(lead - usual, 0) // every + 1))


def _loss(
    network: Network,
    sent: _Sent,
    ways: WaysIn,
    without: Counterfactual,
    monday: np.datetime64,
    terms: Terms,
) -> float:
    """Loss of units sent but not needed by the risk horizon, and of dearer freight (eq. 11)."""
    cell = np.arange(len(sent.region))
    arrivals = np.bincount(sent.cell, sent.quantity, len(cell))
    needed = without.need(cell, 0 * cell, 0 * cell + WEEK_DAYS * terms.horizon_weeks)
    cheapest = ways.cost[sent.region, sent.item]
    away = np.maximum(cheapest_exit(network, sent.region, sent.item, monday), 0.0)
    each = cheapest + network.holding[sent.item] * terms.horizon_weeks + away
    dearer = np.maximum(sent.paid - cheapest[sent.cell], 0.0) * sent.quantity
    return float((each * np.maximum(arrivals - needed, 0.0)).sum() + dearer.sum())


def _gain(
    network: Network, sent: _Sent, without: Counterfactual, closes: Ints, stakes: pd.DataFrame
) -> float:
    """Gain of each unit that its window wanted, loss of each other (equation 12)."""
    line = np.repeat(np.arange(len(sent.cell)), sent.quantity)
    cell = sent.cell[line]
    rank = np.arange(len(cell)) - np.searchsorted(cell, cell) + 1
    region = positions(stakes["region"], network.regions)
    item = positions(stakes["item"], network.items)
    order = np.lexsort((stakes["unit"].to_numpy(), item, region))
    if not (
        np.array_equal(region[order], sent.region[cell])
        and np.array_equal(item[order], sent.item[cell])
    ):
        raise PlanRefused(["the units that the plan tells of are not those that it sends"])
    won, lost = (stakes[name].to_numpy(dtype=float)[order] for name in ("gain", "loss"))
    wanted = without.need(cell, sent.lead[line], closes[line]) >= rank
    return float(np.where(wanted, won, -lost).sum())
