"""Blocks hold whole items, each cell once."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from foreship_foundation.blocks import blocks_of, in_turn, stretches

ITEMS = np.array([f"I{number:02d}" for number in (7, 3, 3, 9, 7, 1, 9, 9, 9, 3)], dtype=object)


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 100])
def test_each_cell_stands_in_the_block_of_its_item(most: int) -> None:
    """Items come sorted and whole; no block is larger than asked for, but for one item's sake."""
    blocks = blocks_of(ITEMS, most)
    cells = np.concatenate([block.cells for block in blocks])
    items = np.concatenate([block.items for block in blocks])
    assert sorted(cells.tolist()) == list(range(len(ITEMS)))
    assert items.tolist() == sorted(set(ITEMS))
    for number, block in enumerate(blocks):
        assert block.number == number and (np.diff(block.cells) > 0).all()
        assert set(ITEMS[block.cells]) == set(block.items)
        assert len(block.cells) <= most or len(block.items) == 1


def test_blocks_are_as_full_as_whole_items_let_them() -> None:
    """1, 3 and 2 + 4 cells of items by name: at six a block two are enough."""
    assert [len(block.cells) for block in blocks_of(ITEMS, 6)] == [6, 4]


def test_no_cell_no_block() -> None:
    """Of nothing there are no blocks."""
    assert blocks_of(np.array([], dtype=object), 5) == []


def test_stretches_follow_each_other() -> None:
    """Every place once; of none there is one empty stretch."""
    assert [each.tolist() for each in stretches(5, 2)] == [[0, 1], [2, 3], [4]]
    assert [each.tolist() for each in stretches(0, 2)] == [[]]


def test_parts_are_made_when_their_turn_comes() -> None:
    """One after another: no part is made before the one before it is done."""
    seen: list[str] = []

    def make(name: str) -> str:
        seen.append(f"make {name}")
        return name

    done = in_turn(str.upper, [partial(make, each) for each in "ab"])
    assert next(done) == "A" and seen == ["make a"]
    assert next(done) == "B" and seen == ["make a", "make b"]
