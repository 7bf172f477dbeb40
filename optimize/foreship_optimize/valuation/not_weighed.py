"""Why no new unit of a cell is a candidate: the first thing missing on its way, or its worth.

What is named is looked up where units are stopped: in the assortment, the lanes, the stock at their
origins, the locks, the policies, and in the values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from foreship_foundation.actions import exit_names
from foreship_foundation.arrays import Bools, Ids
from foreship_foundation.tables.declaration import NEVER
from foreship_foundation.tables.output_files import ALSO, NOT_WORTH_IT
from foreship_optimize.limits import family_of
from foreship_optimize.network.locks import override_locks
from foreship_optimize.network.policies import PolicyLevels
from foreship_optimize.problem import NotWeighed
from foreship_optimize.valuation.inputs import Inputs, Reach, unlocked_moves
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["CLOSED_ON_ARRIVAL", "NO_STOCK", "cells_not_weighed"]

NOT_LISTED: Final = "not in the assortment"
OVER: Final = "over by its assortment date"
NO_LANE: Final = "no open lane into the region"
TOO_LATE: Final = "every open lane arrives beyond the horizon"
NO_STOCK: Final = "no stock on an open lane"
NO_REDIRECT: Final = "no stock on an open lane but where no redirect exists"
CLOSED_ON_ARRIVAL: Final = "outside its assortment dates on arrival"


def cells_not_weighed(
    inputs: Inputs, reach: Reach, arrivals: UnitValues, levels: PolicyLevels | None = None
) -> NotWeighed:
    """Find the cells without a candidate among the arrivals, and what stops each of them.

    Cells with candidates of which a lock forbids some ways in are among them, with that lock.
    Where `levels` are given, a cell that its ceiling lets no pack into is stopped by that policy.
    """
    cells = inputs.cells
    weighed = np.zeros(len(cells), dtype=bool)
    weighed[arrivals.cell] = True
    cause = np.full(len(cells), "", dtype=object)
    cause[~weighed] = NOT_WORTH_IT
    if levels is not None:
        full = ~weighed & (levels.ceiling_row >= 0) & (levels.room < reach.step)
        cause[full] = levels.words[levels.ceiling_row[full]]
    cut_off = ~weighed & (reach.day == NEVER)
    cause[cut_off] = _cause_of_cut_off(inputs)[cut_off]
    for cell, lock in _locked_cells(inputs):
        if weighed[cell] or cut_off[cell]:
            cause[cell] = lock
    told = np.flatnonzero(cause != "")
    return NotWeighed(cells.region[told], cells.item[told], weighed[told], cause[told])


def _cause_of_cut_off(inputs: Inputs) -> Ids:
    """Name what cuts cells off, locks aside: the last thing in the list that is true of each."""
    cells = inputs.cells
    lane, in_time, stock, moved_from = _ways(inputs)
    cause = np.full(len(cells), CLOSED_ON_ARRIVAL, dtype=object)
    for true, words in (
        (~moved_from, NO_REDIRECT),
        (~stock, NO_STOCK),
        (~in_time, TOO_LATE),
        (~lane, NO_LANE),
        (~cells.stocked, NOT_LISTED),
        (cells.windows.end < 0, OVER),
    ):
        cause[true] = words
    return cause


def _ways(inputs: Inputs) -> tuple[Bools, Bools, Bools, Bools]:
    """Mark cells that an open lane reaches, one in time, one from stock, one that stock may take.

    Each holds only where those before it do; stock in a region may leave it only by a redirect.
    """
    network, cells = inputs.network, inputs.cells
    lanes, hubs = network.lanes, len(network.hubs)
    into = np.concatenate([network.lanes_between(kind, "region") for kind in ("hub", "region")])
    early = into[lanes.lead_days[into] < inputs.demand.horizon_days]
    holds = np.zeros((hubs + len(network.regions), len(network.items)), dtype=bool)
    holds[:hubs] = network.hub_stock.T > 0
    gives, lies = holds.copy(), np.flatnonzero(cells.on_hand > 0)
    place, item = hubs + cells.region[lies], cells.item[lies]
    holds[place, item] = True
    for kind in exit_names(destination="region"):
        gives[place, item] |= inputs.exits.cost_of(kind, cells.region[lies], item)[1] >= 0
    stock, moved_from = np.zeros_like(holds), np.zeros_like(holds)
    ends = lanes.origin[early].tolist(), lanes.destination[early].tolist()
    for origin, destination in zip(*ends, strict=True):
        stock[destination] |= holds[origin]
        moved_from[destination] |= gives[origin]
    region = hubs + cells.region
    return (
        np.isin(region, lanes.destination[into]),
        np.isin(region, lanes.destination[early]),
        stock[region, cells.item],
        moved_from[region, cells.item],
    )


def _locked_cells(inputs: Inputs) -> Iterator[tuple[int, str]]:
    """Yield the cells of which locks forbid a way in that is open otherwise, and these locks."""
    forbids = [lock for lock in inputs.overrides if lock.at_most == 0.0 and not lock.action]
    if not forbids:
        return
    moves, named = unlocked_moves(inputs), dict[int, list[str]]()
    for lock in forbids:
        kept = override_locks([lock], moves, inputs.cells, inputs.network)[1]
        words = family_of("lock").binding.format(words=lock.name)
        for cell in np.unique(moves.destination_cell[~kept]).tolist():
            named.setdefault(cell, []).append(words)
    for cell, words_of in named.items():
        yield cell, ALSO.join(dict.fromkeys(words_of))
