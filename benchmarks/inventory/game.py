"""The game: order, receive, sell, hold; what is not there when it is wanted is lost.

Reward = sum over weeks of profit x sold - holding x left, over all demand x profit (the measure of
arXiv 2602.12631). It knows no policy and nothing of foreship.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from foreship_foundation.arrays import Ints

__all__ = ["LEADS", "LOST", "Game", "Known", "Order", "leads_of", "played"]

LOST = -1
"""lead of an order that never arrives"""
LEADS = ("none", "four weeks", "drawn")


@dataclass
class Order:
    """Units ordered in a week, and the week in which they came; None: not yet."""

    week: int
    units: int
    came: int | None = None


@dataclass
class Known:
    """What a policy may see before it orders for a week."""

    week: int
    demand: list[int]
    """of every week before, those before the game too"""
    on_hand: int = 0
    orders: list[Order] = field(default_factory=list)

    @property
    def under_way(self) -> list[Order]:
        """Orders that have not come; some never will."""
        return [order for order in self.orders if order.came is None]


@dataclass(frozen=True)
class Game:
    """One item: its history, its demand, what a sale earns and holding costs, and leads."""

    history: Ints
    demand: Ints
    profit: float
    holding: float
    lead: Ints
    """weeks from each week's order to its arrival; `LOST`: never"""
    promised: int
    """lead that policies are told [weeks]"""
    spread: float
    """standard deviation of leads that policies are told [weeks]"""


def leads_of(kind: str, weeks: int, seed: int) -> tuple[Ints, int, float]:
    """Return the leads of every week's order, the promised lead and its standard deviation."""
    if kind == "none":
        return np.zeros(weeks, dtype=np.int64), 0, 0.0
    if kind == "four weeks":
        return np.full(weeks, 4, dtype=np.int64), 4, 0.0
    drawn = np.random.default_rng([seed, 7]).choice([1, 2, 3, LOST], weeks)
    return drawn.astype(np.int64), 2, float(np.std([1, 2, 3]))


def played(game: Game, policy: Callable[[Game, Known], int]) -> float:
    """Play a game with a policy.

    Returns
    -------
    Reward over what perfect foresight without any limit would earn, never below 0.
    """
    known, reward = Known(0, game.history.tolist()), 0.0
    for week, wanted in enumerate(game.demand.tolist()):
        known.week = week
        units = policy(game, known)
        if units > 0:
            known.orders.append(Order(week, units))
        known.on_hand += _arrive(known.orders, game.lead, week)
        sold = min(wanted, known.on_hand)
        known.on_hand -= sold
        reward += game.profit * sold - game.holding * known.on_hand
        known.demand.append(wanted)
    return max(0.0, reward / (game.profit * float(game.demand.sum())))


def _arrive(orders: Sequence[Order], lead: Ints, week: int) -> int:
    """Mark what comes this week; return its units."""
    units = 0
    for order in orders:
        if lead[order.week] != LOST and order.week + lead[order.week] == week:
            order.came = week
            units += order.units
    return units
