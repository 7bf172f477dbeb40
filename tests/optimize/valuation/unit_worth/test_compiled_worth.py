"""The worth of units by compiled loops: to the bit what arrays say."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.valuation.unit_worth import recursion_loops, unit_values
from tests.optimize.plain_loops import plain
from tests.optimize.table_builder import MONDAY, draw_tables


def compiled_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the loops for every plan, as the plain Python that they are."""
    for name, loop in vars(plain(recursion_loops)).items():
        if name in recursion_loops.__all__:
            monkeypatch.setattr(recursion_loops, name, loop)
    monkeypatch.setattr(unit_values, "FEW_CELLS", -1)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [1, 4, 8, 13])
def test_loops_and_arrays_value_every_unit_alike(seed: int, monkeypatch: pytest.MonkeyPatch):
    """Random networks with known ends, reviews weeks apart, late rows and stock that lies deep."""
    tables, demand, params = draw_tables(seed)
    arrays = assemble(tables, demand, MONDAY, params)
    compiled_not(monkeypatch)
    loops = assemble(tables, demand, MONDAY, params)
    assert len(arrays.units.cell)
    for part in ("units", "late"):
        for each in fields(getattr(arrays, part)):
            one, other = (getattr(getattr(plan, part), each.name) for plan in (arrays, loops))
            assert np.array_equal(one, other), (part, each.name)
