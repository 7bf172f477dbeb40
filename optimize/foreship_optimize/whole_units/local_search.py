"""Local search for a better plan in whole units: exchange steps, restore the limits, fill.

Exchanges price the outcomes, and so may exceed the risk budget a little. The steps that give up
least are then dropped until it holds, and steps that fit are filled in. The best plan of all passes
is kept (docs/program.md, section 9).
"""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Bools, Ints
from foreship_optimize.whole_units.local_search_state import Givers, SearchState, StepData

__all__ = ["exchange_pass", "fill_steps", "restore_limits"]

DROPS, FILLS = 6, 12
"""most rounds of dropping and of filling"""
LISTED = 2000
"""most steps up, and most steps down, in the neighbourhood of a pass"""
OVERDRAWN = 1.0003
"""part of the risk budget that a pass may use before the budget is restored"""


def exchange_pass(steps: StepData, state: SearchState) -> tuple[int, bool]:
    """Exchange steps once, best first, restore limits and fill; count, and whether limits hold."""
    from foreship_optimize.whole_units.local_search_loops import exchange

    neighbours, order = _neighbourhood(steps, state)
    count = int(exchange(steps._replace(budget=steps.budget * OVERDRAWN), state, neighbours, order))
    # the rows hold already, so their prices are no reason to drop: nothing waits for the room
    holds = restore_limits(steps, state, steps._replace(priced=steps.risk * steps.dearer))
    fill_steps(steps, state)
    return count, holds


def restore_limits(steps: StepData, state: SearchState, ranked_by: StepData) -> bool:
    """Drop steps, the least regret first, until every limit holds; return whether all do."""
    from foreship_optimize.whole_units.local_search_loops import drop, regrets

    score = np.empty(len(steps.cell))
    for _ in range(DROPS):
        regrets(ranked_by, state, score)
        sent = np.flatnonzero(score < np.inf)
        if drop(steps, state, sent[np.argsort(score[sent], kind="stable")]):
            return True
    return False


def fill_steps(steps: StepData, state: SearchState) -> None:
    """Add steps, the best first, until none fits."""
    from foreship_optimize.whole_units.local_search_loops import fill, scores

    score = np.empty(len(steps.cell))
    for _ in range(FILLS):
        scores(steps, state, score)
        able = np.flatnonzero(score > -np.inf)
        if not fill(steps, state, able[np.argsort(-score[able], kind="stable")]):
            return


def _neighbourhood(steps: StepData, state: SearchState) -> tuple[Givers, Ints]:
    """List the steps that may give way by what they use, and the order to let others in."""
    from foreship_optimize.whole_units.local_search_loops import regrets, scores

    up, down = np.empty(len(steps.cell)), np.empty(len(steps.cell))
    stocked = state._replace(left=np.full(len(state.left), np.iinfo(np.int64).max))
    scores(steps, stocked, up)  # a step without stock may take another's
    regrets(steps, state, down)
    order = np.argsort(-up, kind="stable")[:LISTED]
    order = order[up[order] > -np.inf]
    given = np.argsort(down, kind="stable")[:LISTED]
    given = given[down[given] < np.inf]
    mine = np.zeros(len(steps.cell), dtype=bool)
    mine[order] = mine[given] = True
    neighbours = Givers(
        *_by_row(steps, given, len(state.used)), *_by_stock(steps, mine, len(state.left))
    )
    return neighbours, order


def _by_row(steps: StepData, ways: Ints, count: int) -> tuple[Ints, Ints]:
    """Group ways by the shared rows they use, keeping their order in each group."""
    start, size = steps.first[ways], np.diff(steps.first)[ways]
    rank = np.repeat(np.arange(len(ways)), size)
    row = steps.row[np.arange(size.sum()) + np.repeat(start - (np.cumsum(size) - size), size)]
    order = np.lexsort((rank, row))
    return np.searchsorted(row[order], np.arange(count + 1)), ways[rank[order]]


def _by_stock(steps: StepData, mine: Bools, count: int) -> tuple[Ints, Ints]:
    """Group all ways that draw on the hub stocks of the ways marked, by stock."""
    touched = np.zeros(count, dtype=bool)
    touched[steps.stock[mine]] = True
    ways = np.flatnonzero(touched[steps.stock])
    ways = ways[np.argsort(steps.stock[ways], kind="stable")]
    return np.searchsorted(steps.stock[ways], np.arange(count + 1)), ways
