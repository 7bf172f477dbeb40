"""The compiled walk stages, charges and takes from hubs exactly what the walk in arrays does."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_foundation.arrays import Floats
from foreship_optimize.valuation import hold_back
from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.valuation.hold_back import ItemHubs, walk, walk_compiled
from tests.optimize.table_builder import MONDAY, draw_tables


def drawn(seed: int) -> tuple[Floats, ItemHubs]:
    """Values of units, and hubs with few of them: ties of costs and stock, absent lanes."""
    rng = np.random.default_rng(seed)
    cells, hubs, paths = (int(rng.integers(1, top)) for top in (8, 5, 40))
    need = rng.poisson(rng.uniform(0.1, 4.0, (cells, 1)), (cells, paths))
    early = rng.poisson(0.5, (cells, paths))
    tied = rng.choice([3.0, 4.0, 9.0], (cells, hubs))
    parcel = tied if seed % 2 else rng.uniform(3.0, 9.0, (cells, hubs))
    parcel[rng.random(parcel.shape) < 0.15] = np.inf
    freight = rng.choice([0.5, 1.0, 1.5], (cells, hubs))
    freight[rng.random(freight.shape) < 0.1] = np.inf
    served = np.isfinite(parcel).any(axis=1)
    value = -np.sort(-rng.uniform(-2.0, 12.0, (cells, 6)), axis=1)
    value[np.arange(6) >= rng.integers(1, 7, cells)[:, None]] = -np.inf
    return value, ItemHubs(
        stock=rng.integers(0, 12, hubs),
        freight=freight,
        parcel=parcel,
        lost=15.0,
        credited=np.where(served, rng.uniform(3.0, 9.0, cells), np.inf),
        orders=(need + early).astype(np.float64),
        until_refill=need * (rng.random((cells, 1)) < 0.8),
    )


@pytest.mark.sweep
def test_both_walks_take_the_same_units_and_charge_the_same():
    """60 items, up to 7 regions and 4 hubs: units taken are equal, money to rounding."""
    taken = 0
    for seed in range(60):
        value, hubs = drawn(seed)
        plain, fast = walk(value, hubs), walk_compiled(value, hubs)
        there = value > -np.inf
        assert fast.taken.tolist() == plain.taken.tolist(), seed
        for name in ("first", "beyond"):
            assert getattr(fast, name) == pytest.approx(getattr(plain, name), abs=1e-11), seed
        assert fast.charge[there] == pytest.approx(plain.charge[there], abs=1e-11), seed
        taken += int(plain.taken.sum())
    assert taken > 150


def test_a_problem_with_compiled_walks_is_the_same_problem(monkeypatch: pytest.MonkeyPatch):
    """The length above which walks are compiled decides what they cost, not what they find."""
    charged = 0
    for seed in range(3):
        tables, demand, params = draw_tables(seed)
        plain = assemble(tables, demand, MONDAY, params)
        with monkeypatch.context() as patch:
            patch.setattr(hold_back, "LONG_WALKS", -1)
            fast = assemble(tables, demand, MONDAY, params)
        for table, name in ((fast.units, "hold_back"), (fast.units, "value"), (fast.moves, "rent")):
            found = getattr(plain.units if table is fast.units else plain.moves, name)
            assert getattr(table, name) == pytest.approx(found, abs=1e-11), (seed, name)
        charged += int((plain.units.hold_back != 0.0).sum())
    assert charged > 10
