"""Outcome of a plan: the loss and the gain that it came to (docs/replay.md).

All is read from the tables and from what was then ordered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.departures import Departures, read_plan
from foreship.judge.gain.counterfactual import counterfactual_of
from foreship.judge.gain.own_units import own_units
from foreship.judge.gain.played_twice import gain_of, supply_of, windows_of
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning, Refills

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
    """of its own units, equation 11 [money]; NaN too where money is by order: only the replay
    itself tells which orders took them (equation 23)"""
    gain: float
    """beyond sending nothing, equation 12 [money]"""


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
    if buyers.book is None and known >= WEEK_DAYS * terms.horizon_weeks:
        loss = _loss(network, morning, buyers, leaving, terms)
    supply = supply_of(network, morning, buyers, refills, terms.review_weeks)
    windows = windows_of(network, morning, leaving, supply, terms.review_weeks, terms.sight_weeks)
    if known >= windows.days:
        gain = gain_of(network, morning, buyers, refills, leaving, supply, windows)
    return Outcome(loss, gain)


def _loss(
    network: Network, morning: Morning, buyers: Buyers, leaving: Departures, terms: Terms
) -> float:
    """Loss of units sent but not needed by the risk horizon, and of dearer freight (eq. 11)."""
    monday, days = morning.monday, WEEK_DAYS * terms.horizon_weeks
    own = own_units(network, morning, leaving, terms.horizon_weeks)
    without = counterfactual_of(
        network, morning.state, buyers, monday, (own.region, own.item), days
    )
    cell = np.arange(len(own.region))
    return own.loss(without.need(cell, 0 * cell, 0 * cell + days))
