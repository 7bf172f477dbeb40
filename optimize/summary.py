"""What `summary.json` says about a plan: money by term, certificate, scarce limits, counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from optimize.bound import Prices
from optimize.lateness import own_lateness
from optimize.ledger import MovedUnits
from optimize.limits import Limits
from optimize.problem import ACTIONS, Ints, ShippingProblem

__all__ = ["relative_gap", "shadow_prices", "totals_of"]

COST_TERMS = dict(
    zip(ACTIONS, ("freight", "redirects", "returns", "markdowns", "give_aways"), strict=True)
)
WORTH_SAYING = 1e-6
"""least price shown, relative to the largest cost or value in the problem"""


def totals_of(problem: ShippingProblem, quantity: Ints, moved: MovedUnits) -> dict[str, float]:
    """Terms of the objective (equation 1), every unit worth what it is on its own arrival.

    They sum to the objective; `lateness` is what the units sent lose by not arriving on their
    cells' earliest day, below 0 where they gain by it [money].
    """
    moves, worth = problem.moves, problem.units.value
    totals = {
        term: float(moves.cost[moves.action == place] @ quantity[moves.action == place])
        for place, term in enumerate(COST_TERMS.values())
    }
    unit = np.maximum(moved.arrives, 0)
    totals["lateness"] = float(own_lateness(problem, unit, moved.late, moved.move).sum())
    totals["value_given_up"] = float(worth[moved.leaves[moved.leaves >= 0]].sum())
    totals["value_of_arrivals"] = -float(worth[moved.arrives[moved.arrives >= 0]].sum())
    return {term: value + 0.0 for term, value in totals.items()}


def relative_gap(objective: float, bound: float) -> float:
    """(objective - bound) / max(1, |bound|), as the contract defines it."""
    return (objective - bound) / max(1.0, abs(bound))


def shadow_prices(
    problem: ShippingProblem, limits: Limits, prices: Prices, budget: float | None
) -> list[dict[str, Any]]:
    """Money gained by one unit more of each scarce limit, dearest first.

    Marginal, from the continuous program; a degenerate optimum has other such prices too.
    """
    sizes = [
        np.abs(amount).max() for amount in (problem.moves.cost, problem.units.value) if len(amount)
    ]
    least = WORTH_SAYING * float(max(sizes, default=0.0))
    told = [family != "on hand" for family in limits.family]
    rows = np.flatnonzero((prices.limits > least) & np.array(told, dtype=bool))
    found = [
        _priced(str(limits.words[row]), str(limits.family[row]), float(prices.limits[row]),
                str(limits.unit[row]))
        for row in rows.tolist()
    ]  # fmt: skip
    rows = np.flatnonzero(prices.minimums > least)
    found += [
        _required(str(limits.words[row]), float(prices.minimums[row])) for row in rows.tolist()
    ]
    if budget is not None and prices.risk > WORTH_SAYING:
        found.append(_priced("risk budget", "risk budget", prices.risk, "money"))
    return sorted(found, key=lambda each: (-abs(each["price"]), each["limit"]))


def _priced(limit: str, family: str, price: float, unit: str) -> dict[str, Any]:
    """Tell of a limit of which one unit more gains money."""
    one = {"units": "one more unit of", "volume": "one more volume unit of"}.get(
        unit, "one more of the"
    )
    words = f"{one} {limit} is worth {price:,.2f}"
    return {"limit": limit, "family": family, "price": price, "unit": unit, "words": words}


def _required(limit: str, price: float) -> dict[str, Any]:
    """Tell of a minimum of which one unit more costs money: its price is negative."""
    words = f"each unit required by {limit} costs {price:,.2f}"
    return {"limit": limit, "family": "lock minimum", "price": -price, "unit": "units",
            "words": words}  # fmt: skip
