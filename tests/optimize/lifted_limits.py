"""Tiny networks drawn at random, and the same without some of their limits, by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_optimize.params import OptimizeParams
from foreship_optimize.planning import solve
from foreship_optimize.problem import ShippingProblem
from tests.optimize.program_oracle import draw
from tests.optimize.table_builder import MONDAY

__all__ = ["UNLIMITED", "drawn", "objective", "without"]

PLENTY = 50
UNLIMITED = ("storage", "lane", "lock", "risk", "freight", "stock value", "hub stock")
"""every limit but sizes"""


def without(problem: ShippingProblem, params: OptimizeParams, limits: list[str]):
    """Return the problem and the settings without the limits named, hub stock plentiful."""
    for words in limits:
        problem = replace(problem, **lifted(problem, words))
        if words.startswith("risk"):
            params = replace(params, risk=replace(params.risk, budget=None))
        if words.startswith("minimum line"):
            params = replace(params, plan=replace(params.plan, minimum_line_quantity=1))
    return problem, params


def lifted(problem: ShippingProblem, words: str) -> dict[str, object]:
    """Fields of the problem without a limit."""
    ends = zip(problem.lane_origin, problem.lane_destination, strict=True)
    full = np.isin([f"storage of {name}" for name in problem.regions], words) | (words == "storage")
    narrow = np.array([words in (f"lane {a} -> {b}", "lane") for a, b in ends], dtype=bool)
    locks = [each for each in problem.locks if words not in (f"lock {each.name}", "lock")]
    fields = {
        "hub stock": {"supply_units": problem.supply_units + PLENTY},
        "storage": {"storage": np.where(full, np.inf, problem.storage)},
        "lane": {"lane_capacity": np.where(narrow, np.inf, problem.lane_capacity)},
        "lock": {"locks": tuple(locks)},
        "freight": {"freight_budget": np.inf},
        "stock value": {"stock_value_budget": np.inf},
        "pack size": {"pack_size": np.ones_like(problem.pack_size)},
    }
    return next((each for name, each in fields.items() if words.startswith(name)), {})


def drawn(
    seed: int, *, only: str = "", minimums: bool = False
) -> tuple[ShippingProblem, OptimizeParams]:
    """Draw a tiny network without ships from empty hubs, which no table yields."""
    draft, params = draw(seed, spending=True, minimums=minimums)
    held = {place for place, units in draft.stock.items() if units}
    kept = [move for move in draft.moves if move[0] != "ship" or (move[1], move[3]) in held]
    draft.moves = [move for move in kept if move[0] in (only or move[0])]
    reached = {(move[2], move[3]) for move in draft.moves}
    for place, cell in list(draft.cells.items()):  # what nothing reaches has no candidates
        if place not in reached:
            cell["values"], cell["p"] = (cell[name][: cell["on_hand"]] for name in ("values", "p"))
    draft.cells = {place: cell for place, cell in draft.cells.items() if cell["values"]}
    if not draft.cells:
        draft.cell("R0", "I0", [], on_hand=[1.0], need=[0])
    return draft.problem(), params


def objective(problem: ShippingProblem, params: OptimizeParams) -> float:
    """Cost of the best plan."""
    return float(solve(problem, params, as_of=MONDAY).summary["objective"])
