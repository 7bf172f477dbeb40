"""The compiled walk says what its plain Python says."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.orders import walk_loops
from tests.optimize.plain_loops import plain


@pytest.mark.parametrize("seed", range(3))
def test_compiled_and_plain_agree(seed: int):
    """Served orders and units used of a drawn market."""
    draw = np.random.default_rng(seed)
    lines = draw.integers(1, 4, 200)
    first = np.concatenate([[0], np.cumsum(lines)])
    cell = np.concatenate([draw.choice(9, size, replace=False) for size in lines])
    arguments = (
        np.sort(draw.integers(0, 12, 200)),
        first,
        cell,
        draw.integers(1, 3, len(cell)),
        np.full(12, 1 / 12),
        draw.integers(0, 12, 9),
    )
    said = []
    for walked in (walk_loops.walk_through, plain(walk_loops).walk_through):
        served, used = np.zeros(200, np.bool_), np.zeros(9)
        walked(*arguments, served, used)
        said.append((served.tolist(), used.tolist()))
    assert said[0] == said[1]
    assert 0 < sum(said[0][0]) < 200
