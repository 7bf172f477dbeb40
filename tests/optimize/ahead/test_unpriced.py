"""What plans would send if no room were scarce: levels by trying all, flows on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.ahead.unpriced import exceeded, levels_of, load_of, unpriced_flows
from tests.optimize.ahead.drawn_horizon import drawn


@pytest.mark.parametrize("seed", range(4))
def test_a_level_is_the_last_unit_that_pays(seed: int):
    """P (b - c' + h) >= c - c' + h, tried for every k."""
    horizon = drawn(seed).horizon
    levels = levels_of(horizon)
    for cell, plan in np.ndindex(levels.shape):
        now = horizon.landed[cell, plan]
        then = horizon.landed[cell, min(plan + 1, horizon.plans - 1)]
        pays = [
            k
            for k in range(1, int(horizon.wanted[cell, plan].max()) + 1)
            if (horizon.wanted[cell, plan] >= k).mean()
            * (horizon.benefit[cell] - then + horizon.holding[cell])
            >= now - then + horizon.holding[cell] - 1e-12
        ]
        assert levels[cell, plan] == max(pays, default=0)


def test_where_no_way_leads_nothing_is_wanted_there():
    """A cell that no lane reaches has level 0 in each plan."""
    horizon = drawn(0).horizon
    closed = replace(horizon, landed=np.full_like(horizon.landed, np.inf))
    assert (levels_of(closed) == 0).all()
    assert unpriced_flows(closed, levels_of(closed)).sent.sum() == 0.0


def test_flows_fill_up_to_the_level_from_what_is_expected_to_lie_there():
    """Two paths want 1 and 3 of 4 units: 3 and 1 stay, 2 on average, so 2 more are sent."""
    case = drawn(0)
    horizon = case.horizon.of_cells(np.array([0]))
    wanted = np.tile(np.array([1, 3]), (1, horizon.plans, 1))
    alone = replace(horizon, wanted=wanted, supply=np.zeros_like(horizon.supply))
    flows = unpriced_flows(alone, np.full((1, horizon.plans), 4))
    assert flows.sent[0].tolist() == [4.0] + [2.0] * (horizon.plans - 1)
    load, lane = load_of(flows, case.rooms), int(flows.lane[0, 1])
    assert load.sum() == pytest.approx(3 * flows.sent.sum()), "lane, hub and region"
    lanes, hubs = case.rooms.lanes, case.rooms.hubs
    docks = lanes + case.rooms.hub[lane], lanes + hubs + case.rooms.region[lane]
    assert load[1, [lane, *docks]].tolist() == [2.0, 2.0, 2.0]


def test_this_plans_own_room_is_not_scarce_ahead():
    """Only rows of later plans count, and room that is just enough is enough."""
    load, room = np.array([[9.0, 0.0], [6.0, 7.0]]), np.full((2, 2), 6.0)
    assert exceeded(load, room).tolist() == [[False, False], [False, True]]
