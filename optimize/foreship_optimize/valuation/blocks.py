"""Cells in blocks of whole items: cut apart, valued here or elsewhere, and put together again.

Whatever the blocks, what is put together is what one block of all cells would give, bit by bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_foundation.blocks import Across, in_turn, rows_of_block
from foreship_optimize.network.moves import MoveRows
from foreship_optimize.valuation.block_worth import BlockPart, BlockWorth, block_worth
from foreship_optimize.valuation.hold_back import HoldBack, HubRents
from foreship_optimize.valuation.late_units import LateUnitValues
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["WHOLE", "Blocks", "blocks_of_items", "worth_by_blocks"]


@dataclass(frozen=True)
class Blocks:
    """How the units of many cells are valued: by whom, and how many cells at a time."""

    across: Across = in_turn
    cells: int = 20_000
    """of a block, but of an item that has more: bounds memory, never changes an answer"""


WHOLE: Final = Blocks()


class _Block(NamedTuple):
    """Where the cells and the moves of a block stand among all, ascending."""

    cells: Ints
    moves: Ints


def worth_by_blocks(
    whole: BlockPart, how: Blocks
) -> tuple[Ints, list[LateUnitValues], UnitValues, HoldBack]:
    """Value the units of all cells, block by block.

    Returns
    -------
    Positions of the moves that are left, values on other days, candidates on their own day, their
    hold-back.
    """
    cells = whole.inputs.cells
    weeks = len(whole.inputs.demand.weeks)
    blocks = blocks_of_items(cells.item, rows_of_block(how.across, how.cells * weeks) // weeks)
    if len(blocks) < 2:
        found = block_worth(whole)
        return found.moves, found.late, found.arrivals, found.hold
    placed = _with_moves(whole.moves, blocks)
    parts = [partial(_part_of, whole, block) for block in placed]
    worths = list(how.across(block_worth, parts))
    return _joined(whole, placed, worths)


def blocks_of_items(item: Ints, most_cells: int) -> list[Ints]:
    """Cut cells into blocks of whole items, by the number of the item.

    Parameters
    ----------
    item
        Of each cell, (C,).
    most_cells
        Cells of a block; an item with more of them is one of its own.

    Returns
    -------
    Positions of the cells of each block, ascending; every cell once.
    """
    count = np.bincount(item)
    block, room, number = np.zeros(len(count), dtype=np.int64), most_cells, 0
    for each, cells in enumerate(count.tolist()):
        if cells > room < most_cells:
            number, room = number + 1, most_cells
        block[each], room = number, room - cells
    return _places(block[item])


def _with_moves(moves: MoveRows, blocks: Sequence[Ints]) -> list[_Block]:
    """Give each block the moves of its items."""
    cells = sum(map(len, blocks))
    of_cell = np.empty(cells, dtype=np.int64)
    for number, rows in enumerate(blocks):
        of_cell[rows] = number
    # a move that touches no cell is none
    end = np.where(moves.destination_cell >= 0, moves.destination_cell, moves.origin_cell)
    block = of_cell[end]
    order = np.argsort(block, kind="stable")
    ends = np.searchsorted(block[order], np.arange(len(blocks) + 1))
    return [
        _Block(rows, order[ends[number] : ends[number + 1]]) for number, rows in enumerate(blocks)
    ]


def _part_of(whole: BlockPart, block: _Block) -> BlockPart:
    """Return all that a block is valued from."""
    place = np.full(len(whole.inputs.cells), -1, dtype=np.int64)
    place[block.cells] = np.arange(len(block.cells))
    moves, on_hand = whole.moves.rows(block.moves), whole.on_hand
    lying = on_hand.rows(place[on_hand.cell] >= 0)
    return replace(
        whole,
        inputs=whole.inputs.of_cells(block.cells),
        moves=replace(
            moves,
            origin_cell=np.where(moves.origin_cell >= 0, place[moves.origin_cell], -1),
            destination_cell=np.where(
                moves.destination_cell >= 0, place[moves.destination_cell], -1
            ),
        ),
        reach=whole.reach.rows(block.cells),
        on_hand=replace(lying, cell=place[lying.cell]),
    )


def _joined(
    whole: BlockPart, blocks: Sequence[_Block], worths: Sequence[BlockWorth]
) -> tuple[Ints, list[LateUnitValues], UnitValues, HoldBack]:
    """Put the worth of all blocks together, in canonical order."""
    pairs = list(zip(blocks, worths, strict=True))
    moves = np.sort(np.concatenate([block.moves[worth.moves] for block, worth in pairs]))
    every = [_among_all(worth.arrivals, block) for block, worth in pairs]
    arrivals = UnitValues.joined(every)
    at = np.lexsort(
        (np.concatenate([each.unit for each in every]), np.concatenate([e.cell for e in every]))
    )
    charge = np.concatenate([worth.hold.units for worth in worths])[at]
    rents = HubRents.none(*whole.inputs.network.hub_stock.shape)
    for block, worth in pairs:
        items = np.unique(whole.inputs.cells.item[block.cells])
        for mine, found in zip(rents, worth.hold.hubs, strict=True):
            mine[items] = found[items]
    return moves, list(_late(pairs, arrivals)), arrivals, HoldBack(charge, rents)


def _late(
    pairs: Sequence[tuple[_Block, BlockWorth]], arrivals: UnitValues
) -> Iterator[LateUnitValues]:
    """Join the values on other days, law by law."""
    for law in sorted({each.law for _, worth in pairs for each in worth.late}):
        mine = [(block, e) for block, worth in pairs for e in worth.late if e.law == law]
        worth = UnitValues.joined([_among_all(each.worth, block) for block, each in mine])
        place = np.searchsorted(arrivals.cell, worth.cell) + worth.unit - 1
        lost = arrivals.value[place] - worth.value
        yield LateUnitValues(law, mine[0][1].day, place, worth, lost)


def _among_all(worth: UnitValues, block: _Block) -> UnitValues:
    return replace(worth, cell=block.cells[worth.cell])


def _places(number: Ints) -> list[Ints]:
    """Positions of each number from 0 on that occurs, ascending."""
    order = np.argsort(number, kind="stable")
    ends = np.flatnonzero(np.diff(number[order])) + 1
    return [np.asarray(each) for each in np.split(order, ends)]
