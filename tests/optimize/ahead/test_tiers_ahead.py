"""Tiers of windows: shares of paths, one unit each, or joined where they are too many."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.ahead.tiers_ahead import JOINED, tiers_of


def test_a_tier_sells_on_the_paths_that_want_as_many_units():
    """Demands 0, 2, 3 and 3: three of four paths want one, and two want three; then none."""
    tiers = tiers_of(np.array([[[0, 2, 3, 3], [0, 0, 0, 0]], [[1, 0, 0, 0], [0, 0, 0, 2]]]))
    assert tiers.cell.tolist() == [0, 0, 0, 1, 1, 1]
    assert tiers.window.tolist() == [0, 0, 0, 0, 1, 1]
    assert tiers.chance.tolist() == [0.75, 0.75, 0.5, 0.25, 0.25, 0.25]
    assert tiers.units.tolist() == [1.0] * 6


def test_joined_tiers_sell_as_much_in_all():
    """Of 30 units 8 tiers are left, those of a window of 3 units stay; means are kept."""
    draw = np.random.default_rng(3)
    wanted = np.stack([draw.integers(0, 31, (1, 50)), draw.integers(0, 4, (1, 50))])
    alone, joined = tiers_of(wanted), tiers_of(wanted, most=10)
    for cell in (0, 1):
        one, other = alone.cell == cell, joined.cell == cell
        assert (joined.units[other] * joined.chance[other]).sum() == pytest.approx(
            alone.chance[one].sum()
        )
        assert joined.units[other].sum() == one.sum()
        assert (np.diff(joined.chance[other]) <= 0.0).all()
    assert (joined.cell == 0).sum() == JOINED
    assert (joined.cell == 1).sum() == (alone.cell == 1).sum()
