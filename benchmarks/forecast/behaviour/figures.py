"""What is read off a forecast: ratios to the true mean, chances, ends of intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import foreship_forecast
from benchmarks.forecast.behaviour.market import ITEMS, REGIONS, Bools, Floats, Market

__all__ = ["Figure", "Said", "align"]


@dataclass(frozen=True)
class Said:
    """A forecast as arrays of shape (ITEMS, REGIONS, weeks to come).

    A cell that the forecast leaves out counts as one where nothing is expected.
    """

    mean: Floats
    p_1: Floats
    p_12: Floats
    q05: Floats
    q95: Floats
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
    frame["p_12"] = distribution.survival(12)[:, :, 11].ravel()

    def column(name: str) -> Floats:
        found = np.zeros((ITEMS, REGIONS, distribution.shape[1]))
        found[item, region, week] = frame[name].to_numpy(float)
        return found

    names = ("mean", "purchase_probability", "p_12", "q05", "q95")
    return Said(*(column(name) for name in names), plain=plain)


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
    return float(said.p_12[cells, 0].sum() / said.p_1[cells, 0].sum())


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


def inside(said: Said, market: Market, cells: Bools) -> float:
    """Return the share of Poisson demand inside the central 90 % interval of the next week."""
    rate = market.rate[cells, market.weeks]
    low, high = said.q05[cells, 0], said.q95[cells, 0]
    shares = [
        sum(math.exp(k * math.log(m) - m - math.lgamma(k + 1)) for k in range(int(a), int(b) + 1))
        for m, a, b in zip(rate, low, high, strict=True)
    ]
    return float(np.mean(shares))


def dozens_true(said: Said, market: Market, cells: Bools) -> float:
    """Return P(D >= 12) over its truth where orders hold 1 or 12 units, equally likely."""
    singles, dozen = market.rate[cells, market.weeks] / 13.0, market.rate[cells, market.weeks] / 13
    few = np.exp(-dozen) * sum(np.exp(-singles) * singles**k / math.factorial(k) for k in range(12))
    return float(said.p_12[cells, 0].sum() / (1.0 - few).sum())
