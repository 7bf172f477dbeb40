"""The worth of a block of whole items hangs on its own cells alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.valuation import assembly
from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.valuation.block_worth import BlockPart, block_worth
from tests.optimize.table_builder import MONDAY, draw_tables


def part_of(seed: int, monkeypatch: pytest.MonkeyPatch) -> BlockPart:
    """Return the part that an assembly values, all cells in one."""
    seen: list[BlockPart] = []
    valued = assembly.worth_by_blocks
    with monkeypatch.context() as patch:
        patch.setattr(
            assembly, "worth_by_blocks", lambda part, how: seen.append(part) or valued(part, how)
        )
        assemble(*draw_tables(seed, sizes=(2, 2, 3))[:2], MONDAY, draw_tables(seed)[2])
    return seen[0]


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_whatever_else_is_asked_of_other_items_a_block_is_worth_the_same(
    seed: int, monkeypatch: pytest.MonkeyPatch
):
    """Other items may not be reached at all: candidates, values and hold-back keep every bit.

    Of no item one unit more is a candidate because another one needs a further round of valuing.
    """
    part = part_of(seed, monkeypatch)
    item = part.inputs.cells.item
    whole = block_worth(part)
    found = np.unique(item[whole.arrivals.cell]).tolist()
    for mine in found:
        reach = replace(part.reach, most=np.where(item != mine, 0, part.reach.most))
        alone = block_worth(replace(part, reach=reach))
        kept = item[whole.arrivals.cell] == mine
        for name in ("cell", "unit", "value"):
            expected = getattr(whole.arrivals, name)[kept]
            assert np.array_equal(getattr(alone.arrivals, name), expected), (mine, name)
        assert np.array_equal(alone.hold.units, whole.hold.units[kept])
    assert len(found) > 1
