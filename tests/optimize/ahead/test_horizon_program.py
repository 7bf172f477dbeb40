"""The program of the weeks after against the same equations written again, in SciPy."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from scipy.optimize import linprog

from foreship_optimize.ahead.horizon import Horizon
from foreship_optimize.ahead.horizon_program import Room
from foreship_optimize.program.solver import run_arrays
from tests.optimize.ahead.drawn_horizon import drawn


def plain_optimum(horizon: Horizon, room: Room) -> float:
    """Least cost of expected flows: variables by name, rows as sums of names."""
    cost: dict[tuple, float] = {}
    most: dict[tuple, float | None] = {}
    rows: list[tuple[dict[tuple, float], float]] = []
    cells, plans = horizon.supply.shape
    into = defaultdict(list)
    for way in range(len(horizon.ways.cell)):
        cost["send", way], most["send", way] = horizon.ways.cost[way], None
        into[horizon.ways.cell[way], horizon.ways.window[way]].append(way)
    for cell in range(cells):
        held, carried = horizon.holding[cell], {}
        for plan in range(plans):
            wanted, balance = horizon.wanted[cell, plan], dict(carried)
            carried = {}
            for k in range(1, int(wanted.max()) + 2):
                sells = float((wanted >= k).mean())
                tier = "tier", cell, plan, k
                cost[tier] = (1 - sells) * held - sells * horizon.benefit[cell]
                most[tier] = 1.0 if k <= wanted.max() else None
                balance[tier], carried[tier] = 1.0, -(1 - sells)
            cost["away", cell, plan], most["away", cell, plan] = horizon.exit_cost[cell], None
            balance["away", cell, plan] = 1.0
            for way in into[cell, plan]:
                balance["send", way] = -1.0
            rows.append((balance, horizon.supply[cell, plan]))
        worth = max(horizon.landed[cell, -1] - held, -horizon.exit_cost[cell])
        cost["sold after", cell], most["sold after", cell] = -worth, horizon.wanted[cell].mean()
        cost["left", cell], most["left", cell] = horizon.exit_cost[cell], None
        end = dict(carried) | {("sold after", cell): 1.0, ("left", cell): 1.0}
        end |= {("send", way): -1.0 for way in into[cell, plans]}
        rows.append((end, 0.0))
    names = {name: place for place, name in enumerate(cost)}
    equal = np.zeros((len(rows), len(names)))
    for place, (row, _) in enumerate(rows):
        for name, value in row.items():
            equal[place, names[name]] = value
    limits = np.zeros((len(room.most), len(names)))
    for way, row, size in zip(room.way, room.row, room.size, strict=True):
        limits[row, names["send", way]] = size
    found = linprog(
        list(cost.values()), A_ub=limits, b_ub=room.most, A_eq=equal,
        b_eq=[total for _, total in rows], bounds=[(0, most[name]) for name in cost],
    )  # fmt: skip
    return float(found.fun)


@pytest.mark.parametrize("seed", range(6))
def test_the_program_is_the_one_of_the_equations(seed: int):
    """The same optimum, with lead times that miss a window and a hub that holds too little."""
    case = drawn(seed)
    program = case.program
    found = run_arrays(program.cost, program.most, program.rows, iterations=100_000)
    assert found.termination == "optimal"
    assert found.objective == pytest.approx(plain_optimum(case.horizon, case.room), abs=1e-6)
    assert found.objective < -50.0, "there is something to earn"


def test_every_way_is_a_column_and_every_limit_a_row():
    """Columns of the ways cost their freight; rows of the limits end at their room."""
    case = drawn(0)
    assert case.program.cost[case.program.ways].tolist() == case.horizon.ways.cost.tolist()
    assert case.program.rows.high[case.program.limits].tolist() == case.room.most.tolist()
