"""The windows of many cells, in compiled loops: to the bit what arrays say of few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.ahead.horizon import read_horizon
from foreship_optimize.ahead.unpriced import levels_of, unpriced_flows
from foreship_optimize.ahead.window_loops import MOST_COUNTED
from foreship_optimize.valuation.inputs import read_ground
from tests.optimize.ahead.as_many import as_many, market
from tests.optimize.ahead.drawn_horizon import drawn
from tests.optimize.small_network import STEADY
from tests.optimize.table_builder import MONDAY


def test_windows_levels_and_flows_are_those_of_few_cells(monkeypatch):
    """Wanted, supply, levels and flows agree in every digit."""
    tables, demand = market()
    ground = read_ground(tables, demand, MONDAY, STEADY, 0.0)
    rows, money = np.arange(len(ground.cells)), ground.economics()

    def read():
        found = read_horizon(ground.network, ground.cells, ground.wanted, money, 1, 5, rows)
        levels = levels_of(found)
        flows = unpriced_flows(found, levels)
        return found.wanted, found.supply, levels, flows.sent, flows.there, flows.idle

    few = read()
    as_many(monkeypatch)
    for one, other in zip(few, read(), strict=True):
        assert (one == other).all()
    assert few[3].any() and (few[4] != few[5]).any()


@pytest.mark.parametrize("most", [3, 2 * MOST_COUNTED])
def test_levels_of_large_demand_are_order_statistics_too(monkeypatch, most):
    """Whether paths are counted or sorted; levels of windows without a way are none."""
    horizon = drawn(2).horizon
    wanted = np.random.default_rng(3).integers(0, most + 1, horizon.wanted.shape)
    horizon = replace(horizon, wanted=wanted)
    few = levels_of(horizon)
    as_many(monkeypatch)
    assert (levels_of(horizon) == few).all() and few.max() > most // 2
