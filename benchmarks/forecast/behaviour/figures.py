"""What is read off a forecast: ratios to the true mean, chances, ends of intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import foreship_forecast
from benchmarks.forecast.behaviour.laws import LARGEST, mass
from benchmarks.forecast.behaviour.market import ITEMS, REGIONS, Bools, Floats, Market

__all__ = ["Figure", "Said", "align"]


@dataclass(frozen=True)
class Said:
    """A forecast as arrays of shape (ITEMS, REGIONS, weeks to come).

    A cell that the forecast leaves out counts as one where nothing is expected.
    """

    mean: Floats
    p_1: Floats
    q05: Floats
    q95: Floats
    survival: Floats
    """P(D >= 1 .. LARGEST) of the next week, shape (ITEMS, REGIONS, LARGEST)"""
    plain: Said | None = None
    """the forecast of the same market without its extra orders"""


Figure = Callable[[Said, Market, Bools], float]
"""reads one number off the judged cells"""


def align(distribution: foreship_forecast.DemandDistribution, plain: Said | None = None) -> Said:
    """Bring a forecast into the order of the market's items and regions."""
    frame = distribution.to_frame()
    item = frame["item"].str[1:].astype(int).to_numpy()
    region = frame["region"].str[1:].astype(int).to_numpy()
    week = frame.groupby(["region", "item"]).cumcount().to_numpy()

    def column(name: str) -> Floats:
        found = np.zeros((ITEMS, REGIONS, distribution.shape[1]))
        found[item, region, week] = frame[name].to_numpy(float)
        return found

    survival = np.zeros((ITEMS, REGIONS, LARGEST))
    survival[item[week == 0], region[week == 0]] = distribution.survival(LARGEST)[:, 0]
    names = ("mean", "purchase_probability", "q05", "q95")
    return Said(*(column(name) for name in names), survival, plain)


def ratio(week: int = 1) -> Figure:
    """Return the mean of a coming week over its truth, all judged cells together."""
    return lambda said, market, cells: float(
        said.mean[cells, week - 1].sum() / market.rate[cells, market.weeks + week - 1].sum()
    )


def left_over(week: int = 1) -> Figure:
    """Return the mean of a week without demand over that of a week with it."""
    return lambda said, market, cells: float(
        said.mean[cells, week - 1].sum() / market.rate[cells].max(axis=1).sum()
    )


def chance(said: Said, market: Market, cells: Bools) -> float:
    """Return the mean of p_1 of the next week."""
    return float(said.p_1[cells, 0].mean())


def low_end(said: Said, market: Market, cells: Bools) -> float:
    """Return the mean lower end of the central 90 % interval of the next week [units]."""
    return float(said.q05[cells, 0].mean())


def high_end(said: Said, market: Market, cells: Bools) -> float:
    """Return the mean upper end of the central 90 % interval of the next week [units]."""
    return float(said.q95[cells, 0].mean())


def dozens(said: Said, market: Market, cells: Bools) -> float:
    """Return P(D >= 12) over P(D >= 1): 1 where customers take twelve or nothing."""
    return float(said.survival[cells, 11].sum() / said.survival[cells, 0].sum())


def others_change(said: Said, market: Market, cells: Bools) -> float:
    """Return the mean of all other cells over what it is without the extra orders."""
    assert said.plain is not None
    return float(said.mean[~cells, 0].sum() / said.plain.mean[~cells, 0].sum())


def siblings_change(said: Said, market: Market, cells: Bools) -> float:
    """Return the mean of the item's other cells over what it is without the extra orders."""
    assert said.plain is not None
    same = cells.any(axis=1)[:, None] & ~cells
    return float(said.mean[same, 0].sum() / said.plain.mean[same, 0].sum())


def own_change(said: Said, market: Market, cells: Bools) -> float:
    """Return the mean of the judged cells over what it is without the extra orders."""
    assert said.plain is not None
    return float(said.mean[cells, 0].sum() / said.plain.mean[cells, 0].sum())


def dozens_true(said: Said, market: Market, cells: Bools) -> float:
    """Return P(D >= 12) over its truth."""
    true = sum(law[12:].sum() for law in _laws(market, cells))
    return float(said.survival[cells, 11].sum() / true)


def inside(said: Said, market: Market, cells: Bools) -> float:
    """Return the share of demand from q05 to q95 of the next week, both ends included."""
    low, high = said.q05[cells, 0].astype(int), said.q95[cells, 0].astype(int)
    laws = zip(_laws(market, cells), low, high, strict=True)
    return float(np.mean([law[a : b + 1].sum() for law, a, b in laws]))


def coverage(nominal: float) -> Figure:
    """Return the share of demand inside a central interval of the next week.

    A count is inside with the part of [F(d - 1), F(d)] that is, as a randomised transform would
    have it on average: so no interval is too wide only because counts are whole.
    """
    low, high = (1.0 - nominal) / 2.0, (1.0 + nominal) / 2.0

    def figure(said: Said, market: Market, cells: Bools) -> float:
        upto = 1.0 - said.survival[cells]
        below = np.concatenate([np.zeros((len(upto), 1)), upto[:, :-1]], axis=1)
        part = np.clip(upto, low, high) - np.clip(below, low, high)
        share = part / np.maximum(upto - below, 1e-12)
        laws = np.array(_laws(market, cells))[:, :LARGEST]
        return float((laws * share).sum(axis=1).mean())

    return figure


def _laws(market: Market, cells: Bools) -> list[Floats]:
    """Return the true law of the next week of each judged cell."""
    return [
        mass(market, item, market.rate[item, region, market.weeks])
        for item, region in zip(*np.nonzero(cells), strict=True)
    ]
