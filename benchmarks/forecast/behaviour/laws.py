"""The true law of a week's units, worked out from what the market draws."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.forecast.behaviour.market import Floats, Market

__all__ = ["LARGEST", "mass"]

LARGEST = 160
"""units a week beyond which nothing is worked out"""


def mass(market: Market, item: int, rate: float) -> Floats:
    """Return P(D = 0 .. LARGEST) of a week in which an item sells `rate` units on average."""
    sizes = market.sizes.get(item, (1,))
    orders = _orders(market, item, rate / float(np.mean(sizes)))
    found = np.zeros(LARGEST + 1)
    if len(sizes) == 1:
        found[:: sizes[0]] = orders[: LARGEST // sizes[0] + 1]
        return found
    one = np.zeros(LARGEST + 1)
    for size in sizes:
        one[size] += 1.0 / len(sizes)
    several = np.eye(1, LARGEST + 1)[0]
    for chance in orders[orders > 0.0]:
        found += chance * several
        several = np.convolve(several, one)[: LARGEST + 1]
    return found


def _orders(market: Market, item: int, mean: float) -> Floats:
    """Return the mass of the number of orders: steady, regular, Poisson or negative binomial."""
    count = np.arange(LARGEST + 1)
    if market.steady[item]:
        return np.where(count == round(mean), 1.0, 0.0)
    if mean == 0.0:
        return np.where(count == 0, 1.0, 0.0)
    factorial = np.array([math.lgamma(each + 1.0) for each in count])
    if market.regular[item]:
        most = round(2.0 * mean)
        ways = [math.comb(most, each) if each <= most else 0 for each in count]
        return np.array(ways, dtype=float) * 0.5**most
    r = float(market.dispersion[item])
    if math.isinf(r):
        return np.exp(count * math.log(mean) - mean - factorial)
    ahead = np.array([math.lgamma(each + r) - math.lgamma(r) for each in count])
    return np.exp(
        ahead - factorial + r * math.log(r / (r + mean)) + count * math.log(mean / (r + mean))
    )
