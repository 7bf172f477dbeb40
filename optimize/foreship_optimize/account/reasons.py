"""What stops or holds units that the ledger says nothing about, in a planner's words.

These are cells without a next unit, and units that move although the plan would earn more if one
of them stayed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Ints
from foreship_foundation.tables.output_files import ALSO, REASONS
from foreship_optimize.account.stopped_steps import what_keeps
from foreship_optimize.limits import Limits
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.whole_units.working_plan import WORTH_IT, WorkingPlan

__all__ = ["FULL", "reasons_of"]

NOT_WEIGHED, FORBIDDEN, SENT, LEAVES = "not weighed", "forbidden", "sent", "leaves"
FULL = "full"
"""a cell that a policy lets no further unit into"""


def reasons_of(working: WorkingPlan, limits: Limits) -> pd.DataFrame:
    """Write the reasons of a finished plan, in the contract's columns, sorted by its key."""
    problem = working.problem
    rows = [*_not_weighed(problem), *_moved_at_a_loss(working, limits)]
    frame = pd.DataFrame(rows, columns=list(REASONS.names)).astype(str)
    return frame.sort_values(list(REASONS.key), ignore_index=True)


def _not_weighed(problem: ShippingProblem) -> Iterator[tuple[str, str, str, str]]:
    """Write a row for each cell for which no new unit, or not every way in, was weighed."""
    none = problem.not_weighed
    regions, items = problem.regions[none.region], problem.items[none.item]
    about = np.where(none.partly, FORBIDDEN, NOT_WEIGHED)
    yield from zip(regions, items, about, none.cause, strict=True)


def _moved_at_a_loss(working: WorkingPlan, limits: Limits) -> Iterator[tuple[str, str, str, str]]:
    """Write a row for each cell into or out of which a unit moves that had better stayed."""
    problem, found = working.problem, dict[tuple[int, str], dict[str, None]]()
    for move in np.flatnonzero(working.quantity).tolist():
        if working.gain(move, -1) <= WORTH_IT:
            continue
        causes = dict.fromkeys(what_keeps(working, limits, move))
        for cell, about in ((working.into[move], SENT), (working.outof[move], LEAVES)):
            if cell >= 0:
                found.setdefault((cell, about), {}).update(causes)
    for (cell, about), causes in found.items():
        yield *_name(problem, cell), about, ALSO.join(causes)


def _name(problem: ShippingProblem, cell: int) -> tuple[str, str]:
    """Name the region and the item of a cell."""
    region: Ints = problem.cell_region
    return problem.regions[region[cell]], problem.items[problem.cell_item[cell]]
