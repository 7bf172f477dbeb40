"""Markets with a peak behind narrow lanes, drawn at random, as the program of the weeks after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_optimize.ahead.horizon import Horizon, reached_now, read_horizon
from foreship_optimize.ahead.horizon_program import HorizonProgram, Room, build
from foreship_optimize.ahead.rooms import Rooms, limits_of, rooms_of
from foreship_optimize.network.economics import price_cells
from foreship_optimize.network.exits import read_exits
from foreship_optimize.network.transport.places_and_lanes import Network
from tests.optimize.small_network import STEADY, demand_of, item, lane, read, tables_of

PLANS = 5


@dataclass(frozen=True)
class Drawn:
    """A market's horizon, its room, the limits of its ways, and the program of all."""

    network: Network
    horizon: Horizon
    rooms: Rooms
    room: Room
    program: HorizonProgram


def drawn(seed: int) -> Drawn:
    """Two hubs, two regions, two items, lanes of 3 to 8 a week, a peak in the third or fourth."""
    draw = np.random.default_rng(seed)
    regions, items, hubs = ("Q", "R"), ("I", "K"), ("G", "H")
    peak = int(draw.integers(2, 4))
    paths = {}
    for region in regions:
        for name in items:
            rate = np.full((PLANS, 1), 2.0)
            rate[peak] = 9.0
            paths[region, name] = draw.poisson(rate, (PLANS, 20))
    ways = [
        lane(hub, region, float(draw.integers(5, 15)) / 10, int(draw.choice([0, 2, 9])),
             capacity=float(draw.integers(3, 9)))
        for hub in hubs for region in regions
    ]  # fmt: skip
    tables = tables_of(
        items=[item(name, lost=0.5) for name in items],
        regions=[(region, np.inf, 2.0, "", np.nan, np.nan) for region in regions],
        hubs=[(hub, 0, 0) for hub in hubs],
        lanes=[*ways, *(lane(region, "H") for region in regions)],
        stock=[("G", "I", 4), ("H", "I", 90), ("H", "K", 90), ("Q", "I", 3), ("R", "K", 1)],
    )
    demand = demand_of(paths)
    network, cells = read(tables, demand)
    exits = read_exits(tables["exits"], network, STEADY.exits)
    money = price_cells(cells, network, exits, STEADY, 0.0, demand.horizon_days)
    rows = reached_now(network, cells)
    horizon = read_horizon(network, cells, demand, money, 1, PLANS, rows)
    rooms = rooms_of(network, 7, PLANS)
    limits = limits_of(horizon, network, rooms, np.zeros_like(rooms.most), np.full(2, 7), 7)
    return Drawn(network, horizon, rooms, limits, build(horizon, limits))
