"""Shadow prices: what one more unit of each scarce limit is worth, in a planner's words."""

from __future__ import annotations

from typing import Any

import numpy as np

from foreship_optimize.limits import Limits, families_where
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import Prices

__all__ = ["shadow_prices"]

WORTH_SAYING = 1e-6
"""least price shown, relative to the largest cost or value in the problem"""


def shadow_prices(
    problem: ShippingProblem, limits: Limits, prices: Prices, budget: float | None
) -> list[dict[str, Any]]:
    """Money gained by one more unit of each scarce limit, the most valuable first.

    Marginal, from the continuous program; a degenerate optimum has other such prices too.
    """
    sizes = [
        np.abs(amount).max()
        for amount in (problem.moves.charged, problem.units.value)
        if len(amount)
    ]
    least = WORTH_SAYING * float(max(sizes, default=0.0))
    told = limits.are(families_where(told=True))
    rows = np.flatnonzero((prices.limits > least) & told)
    found = [
        _priced(str(limits.words[row]), str(limits.family[row]), float(prices.limits[row]),
                str(limits.unit[row]))
        for row in rows.tolist()
    ]  # fmt: skip
    rows = np.flatnonzero(prices.minimums > least)
    found += [
        _required(
            str(limits.words[row]),
            f"{limits.family[row]} minimum",
            float(prices.minimums[row]),
            str(limits.unit[row]),
        )
        for row in rows.tolist()
    ]
    if budget is not None and prices.risk > WORTH_SAYING:
        found.append(_priced("risk budget", "risk budget", prices.risk, "money"))
    return sorted(found, key=lambda each: (-abs(each["price"]), each["limit"]))


def _priced(limit: str, family: str, price: float, unit: str) -> dict[str, Any]:
    """Describe a limit of which one more unit gains money."""
    one = {
        "units": "one more unit of",
        "volume": "one more volume unit of",
        "vehicles": "before its cost, one more",
    }.get(unit, "one more of the")
    words = f"{one} {limit} is worth {price:,.2f}"
    return {"limit": limit, "family": family, "price": price, "unit": unit, "words": words}


def _required(limit: str, family: str, price: float, unit: str) -> dict[str, Any]:
    """Describe a minimum of which one more unit costs money: its price is negative."""
    words = f"each unit required by {limit} costs {price:,.2f}"
    return {"limit": limit, "family": family, "price": -price, "unit": unit, "words": words}
