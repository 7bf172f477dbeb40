"""Cells valued in blocks of whole items: together they say what one block of all cells says."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import pytest

from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.valuation.blocks import Blocks, blocks_of_items
from tests.optimize.table_builder import MONDAY, draw_tables, plan_of


def elsewhere(work, parts) -> Iterator[object]:
    """Work on parts as another process would: from what is sent, the last one first."""
    sent = [pickle.dumps(make()) for make in parts]
    found = [pickle.dumps(work(pickle.loads(part))) for part in sent[::-1]]
    yield from (pickle.loads(each) for each in found[::-1])


def same(one: object, other: object) -> bool:
    return all(
        np.array_equal(getattr(one, each.name), getattr(other, each.name)) for each in fields(one)
    )


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [0, 1, 2, 5, 8, 95])
def test_blocks_of_an_item_each_say_what_one_block_of_all_says(seed: int):
    """Random networks with several items: units, moves, rents and late rows to the bit."""
    tables, demand, params = draw_tables(seed, sizes=(3, 2, 4))
    whole = assemble(tables, demand, MONDAY, params)
    cut = assemble(tables, demand, MONDAY, params, blocks=Blocks(elsewhere, 1))
    assert len(np.unique(whole.cell_item)) > 1
    for name in ("units", "moves", "late", "need"):
        assert same(getattr(cut, name), getattr(whole, name)), name
    assert cut.supply_units.tolist() == whole.supply_units.tolist()
    assert cut.notes == whole.notes


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [3, 11])
def test_lines_looked_at_again_are_worth_the_same_in_blocks(seed: int):
    """Only the units that lines send are valued, each block by its own lines."""
    tables, demand, params = draw_tables(seed)
    lines = plan_of(seed).lines
    whole = assemble(tables, demand, MONDAY, params, sent=lines)
    cut = assemble(tables, demand, MONDAY, params, sent=lines, blocks=Blocks(elsewhere, 1))
    assert same(cut.units, whole.units)
    assert same(cut.moves, whole.moves)


def test_a_block_has_whole_items_and_no_more_cells_than_it_may():
    """Items of 2, 3, 1 and 6 cells in blocks of 5: a larger item is a block of its own."""
    item = np.array([0, 1, 3, 3, 2, 0, 1, 3, 1, 3, 3, 3])
    blocks = blocks_of_items(item, 5)
    assert [np.unique(item[rows]).tolist() for rows in blocks] == [[0, 1], [2], [3]]
    assert sorted(np.concatenate(blocks).tolist()) == list(range(12))
    assert all((np.diff(rows) > 0).all() for rows in blocks)
