"""Seeded shipping problems of any number of items: 5 hubs, 50 regions, 8 units a cell.

Demand is negative binomial around a popularity that few items have much of; storage, lanes and
the risk budget are set against what the plan at no prices would use. README.md has the laws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_optimize.arrays import short, shortened
from foreship_optimize.problem import Moves, Need, ShippingProblem, Units
from foreship_optimize.risk import dearer_freight, mean_of_worst

HUBS, REGIONS, RANKS, LEVEL = 5, 50, 8, 0.95
SIZE = 2.0
"""of the negative binomial"""
CHUNK = 2000
"""items drawn at once"""
OVERSTOCKED, SURPLUS = 0.1, 0.15
"""share of items with too much in some regions, and of those regions"""
PACKED, LARGEST_PACK = 0.3, 6
"""share of items that ship in packs, and the most units of one"""
NEAREST = 3
"""regions that a surplus may be redirected to"""


@dataclass(frozen=True)
class Instance:
    """A problem and the risk it may take."""

    problem: ShippingProblem
    budget: float | None


@dataclass(frozen=True)
class _World:
    """Everything but the cells."""

    price: np.ndarray
    volume: np.ndarray
    weight: np.ndarray
    distance: np.ndarray
    """money of a light unit by (hub, region)"""
    apart: np.ndarray
    """distance of regions, (regions, regions)"""
    popularity: np.ndarray
    share: np.ndarray
    shock: np.ndarray
    """of demand by (region, scenario)"""

    @property
    def heaviness(self) -> np.ndarray:
        """What freight is multiplied with, by item."""
        return 0.5 + 0.5 * self.weight


@dataclass(frozen=True)
class _Cells:
    """Cells with a candidate unit, sorted by (item, region)."""

    item: np.ndarray
    region: np.ndarray
    on_hand: np.ndarray
    ranks: np.ndarray
    """units on hand and candidates"""
    chance: np.ndarray
    """P(demand >= k), shape (C, RANKS)"""
    gain: np.ndarray
    loss: np.ndarray
    need: Need | np.ndarray
    surplus: np.ndarray
    """units on hand that are too many: they may be redirected or given away"""


def draw(
    items: int, seed: int = 0, *, scenarios: int = 100, median: float = 15.0, tight: float = 1.0,
    families: bool = False,
) -> Instance:  # fmt: skip
    """Draw an instance; 0 scenarios leave the risk budget out.

    With `families` some items are overstocked in some regions, with redirects and exits out of
    them, and some ship in packs; they are drawn from a stream of their own.
    """
    rng = np.random.default_rng(seed)
    more = np.random.default_rng([seed, 1]) if families else None
    world = _draw_world(rng, items, scenarios, median)
    names = _Cells.__dataclass_fields__
    columns, supply = {name: [] for name in names}, np.zeros((items, HUBS), dtype=np.int64)
    for start in range(0, items, CHUNK):
        mine = np.arange(start, min(start + CHUNK, items))
        cells, supply[mine] = _draw_cells(rng, world, mine, scenarios, more)
        for name in names:
            columns[name].append(getattr(cells, name))
    cells = _sorted(columns)
    problem = _lay_out(world, cells, supply)
    if more is not None:
        problem = _with_families(more, world, cells, problem)
    del cells
    return _limited(rng, problem, tight, scenarios)


def _sorted(columns: dict[str, list[np.ndarray]]) -> _Cells:
    """Join chunks and sort by (region, item), one column after the other, each freed when done."""
    item, region = (np.concatenate(columns[name]) for name in ("item", "region"))
    order = np.lexsort((item, region))
    need = Need(np.concatenate(columns.pop("need")), short(order))  # drawn item by item
    rest = {name: np.concatenate(columns.pop(name))[order] for name in list(columns)}
    return _Cells(**rest, need=need)


def _draw_world(rng, items: int, scenarios: int, median: float) -> _World:
    popularity = rng.lognormal(np.log(median), 1.3, items)
    share = rng.dirichlet(np.full(REGIONS, 4.0))
    price = rng.lognormal(np.log(30.0), 0.8, items)
    volume, weight = rng.lognormal(0.0, 0.7, items), rng.lognormal(0.0, 0.7, items)
    hub, region = rng.random((HUBS, 2)), rng.random((REGIONS, 2))
    distance = np.sqrt(((hub[:, None] - region[None]) ** 2).sum(axis=2))
    shock = rng.lognormal(-0.06, 0.35, scenarios)
    shock = shock * rng.lognormal(-0.02, 0.2, (REGIONS, scenarios))
    apart = np.sqrt(((region[:, None] - region[None]) ** 2).sum(axis=2))
    return _World(price, volume, weight, 0.3 + 1.2 * distance, apart, popularity, share, shock)


def _draw_cells(rng, world: _World, mine: np.ndarray, scenarios: int, more):
    """Draw a chunk of items; keep the cells in which some arrival pays its cheapest way in."""
    shape = (len(mine), REGIONS)
    mean = world.popularity[mine, None] * world.share * rng.gamma(4.0, 0.25, shape)
    price = world.price[mine, None]
    gain = (0.25 * price + 2.0) * rng.uniform(0.8, 1.2, shape)
    loss = (0.08 * price + 3.0) * rng.uniform(0.9, 1.1, shape)
    lies = np.where(rng.random(shape) < 0.08, rng.integers(1, 3, shape), 0)
    surplus = _draw_surplus(more, shape)
    lies = np.maximum(lies, surplus)
    chance = _tails(mean)
    worth = chance.astype(np.float64) * (gain + loss)[..., None] - (loss + 0.002 * price)[..., None]
    supply = _draw_supply(rng, worth, world.weight[mine])
    freight = world.heaviness[mine, None, None] * world.distance
    way = np.where((supply > 0)[:, :, None], freight, np.inf).min(axis=1)
    ranks = np.maximum((worth > way[..., None]).sum(axis=2), lies)
    item, region = np.nonzero((ranks > lies) | (surplus > 0))
    at = (item, region)
    shocked = mean[at][:, None] * world.shock[region]
    demand = rng.poisson(shocked * rng.gamma(SIZE, 1.0 / SIZE, shocked.shape))
    need = np.maximum(np.minimum(demand, RANKS) - lies[at][:, None], 0).astype(np.uint8)
    cells = _Cells(
        mine[item], region, lies[at], ranks[at], chance[at], gain[at], loss[at],
        need.reshape(len(item), scenarios), surplus[at],
    )  # fmt: skip
    return cells, supply


def _draw_surplus(more, shape: tuple[int, int]) -> np.ndarray:
    """Draw units that lie where too many are, none without families."""
    if more is None:
        return np.zeros(shape, dtype=np.int64)
    over = more.random((shape[0], 1)) < OVERSTOCKED
    return np.where(over & (more.random(shape) < SURPLUS), more.integers(3, 7, shape), 0)


def _tails(mean: np.ndarray) -> np.ndarray:
    """P(D >= k) for k = 1 .. RANKS of a negative binomial of this mean, stored as float32."""
    success = SIZE / (SIZE + mean)
    mass, total, tails = success**SIZE, np.zeros_like(mean), []
    for count in range(RANKS):
        total = total + mass
        tails.append(np.maximum(1.0 - total, 0.0))
        mass = mass * (count + SIZE) / (count + 1.0) * (1.0 - success)
    return np.stack(tails, axis=-1).astype(np.float32)


def _draw_supply(rng, worth: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Draw units of each item at each hub."""
    items = len(weight)
    stocked = 1 + rng.choice(HUBS, items, p=[0.35, 0.30, 0.20, 0.10, 0.05])
    place = rng.permuted(np.tile(np.arange(HUBS), (items, 1)), axis=1)
    wanted = (worth > 0.3 * (0.5 + 0.5 * weight)[:, None, None]).sum(axis=(1, 2))
    total = np.maximum(1, np.rint(wanted * rng.uniform(0.4, 1.4, items))).astype(np.int64)
    share = np.where(np.arange(HUBS) < stocked[:, None], rng.random((items, HUBS)), 0.0)
    units = np.floor(total[:, None] * share / share.sum(axis=1, keepdims=True)).astype(np.int64)
    units[:, 0] += total - units.sum(axis=1)
    supply = np.zeros((items, HUBS), dtype=np.int64)
    np.put_along_axis(supply, place, units, axis=1)
    return supply


def _lay_out(world: _World, cells: _Cells, supply: np.ndarray) -> ShippingProblem:
    """Write units and ships down, no limit yet."""
    count = len(cells.item)
    cell = np.repeat(np.arange(count), cells.ranks)
    rank = np.arange(len(cell)) - np.repeat(np.cumsum(cells.ranks) - cells.ranks, cells.ranks) + 1
    chance = cells.chance[cell, rank - 1].astype(np.float64)
    holding = 0.002 * world.price[cells.item]
    benefit, worth = (cells.gain - holding)[cell], -(cells.loss + holding)[cell]
    value = chance * benefit + (1.0 - chance) * worth
    units = Units(
        cell, rank, rank <= cells.on_hand[cell], value, chance, benefit, worth, np.zeros(len(cell))
    )
    item, hub = np.nonzero(supply)
    names = [np.array([f"{kind}{n:0{width}d}" for n in range(size)], dtype=object)
             for kind, width, size in (("item", 7, len(supply)), ("region", 3, REGIONS),
                                       ("hub", 2, HUBS))]  # fmt: skip
    lanes = [(o, d) for o in names[2] for d in names[1]]
    return ShippingProblem(
        items=names[0], regions=names[1], hubs=names[2],
        volume=world.volume, pack_size=np.ones(len(supply), dtype=np.int64),
        unit_cost=0.7 * world.price,
        cell_region=short(cells.region), cell_item=short(cells.item),
        units=shortened(units), moves=shortened(_ships(world, cells, supply)),
        supply_item=item, supply_hub=hub, supply_units=supply[item, hub],
        lane_origin=np.array([o for o, _ in lanes], dtype=object),
        lane_destination=np.array([d for _, d in lanes], dtype=object),
        lane_capacity=np.full(len(lanes), np.inf),
        storage=np.full(REGIONS, np.inf), storage_inbound=np.zeros(REGIONS),
        locks=(), loss_per_unit=cells.loss, need=cells.need,
        holding_window=np.zeros(count), exit_name=np.full(count, "give_away", dtype=object),
        notes=(),
    )  # fmt: skip


def _ships(world: _World, cells: _Cells, supply: np.ndarray) -> Moves:
    """Ships from every stocked hub, sorted by (hub, region, item)."""
    cell, hub = np.nonzero(supply[cells.item] > 0)
    order = np.lexsort((cell, hub))
    cell, hub = cell[order], hub[order]
    item, region = cells.item[cell], cells.region[cell]
    none, nothing = np.full(len(cell), -1, dtype=np.int64), np.zeros(len(cell), dtype=np.int64)
    return Moves(
        nothing, item, hub, none, none, cell, world.heaviness[item] * world.distance[hub, region],
        np.zeros(len(cell)), nothing, hub * REGIONS + region,
        np.full(len(cell), "", dtype=object), np.zeros(len(cell)),
    )  # fmt: skip


def _with_families(more, world: _World, cells: _Cells, problem: ShippingProblem) -> ShippingProblem:
    """Add packs, and redirects and exits of cells with a surplus, after the ships."""
    items = len(problem.items)
    packs = np.where(more.random(items) < PACKED, more.integers(2, LARGEST_PACK + 1, items), 1)
    place = np.full((items, REGIONS), -1, dtype=np.int64)
    place[problem.cell_item, problem.cell_region] = np.arange(len(problem.cell_item))
    gives = np.flatnonzero(cells.surplus > 0)
    near = np.argsort(world.apart, axis=1, kind="stable")[:, 1 : NEAREST + 1]
    origin = np.repeat(gives, NEAREST)
    region = near[problem.cell_region[gives]].ravel()
    into = place[problem.cell_item[origin], region]
    origin, region, into = origin[into >= 0], region[into >= 0], into[into >= 0]
    weight = 0.5 + 0.5 * world.weight[problem.cell_item[origin]]
    away = weight * (0.3 + 1.2 * world.apart[problem.cell_region[origin], region])
    moves = problem.moves
    for action, name, start, end, cost in (
        (1, "redirect", origin, into, away),
        (4, "give_away", gives, np.full(len(gives), -1), np.full(len(gives), 0.5)),
    ):
        moves = _joined(moves, action, name, problem.cell_item[start], start, end, cost)
    return replace(problem, pack_size=packs, moves=moves)


def _joined(moves: Moves, action: int, name: str, item, origin, destination, cost) -> Moves:
    """Put moves out of cells after those there are."""
    count = len(item)
    none, nothing = np.full(count, -1, dtype=np.int64), np.zeros(count, dtype=np.int64)
    added = Moves(
        nothing + action, item, none, origin, none, destination, cost, np.zeros(count), nothing,
        none, np.full(count, name, dtype=object), np.zeros(count),
    )  # fmt: skip
    names = Moves.__dataclass_fields__
    both = Moves(*(np.concatenate([getattr(moves, n), getattr(added, n)]) for n in names))
    return shortened(both)


def _limited(rng, problem: ShippingProblem, tight: float, scenarios: int) -> Instance:
    """Set storage, lanes and the budget against what the plan at no prices uses."""
    arrivals, move = _free_plan(problem)
    volume = problem.volume[problem.cell_item]
    lies = np.bincount(problem.units.cell[problem.units.on_hand], minlength=len(volume))
    before = np.bincount(problem.cell_region, lies * volume, REGIONS)
    usage = before + np.bincount(problem.cell_region, arrivals * volume, REGIONS)
    storage = np.maximum(1.02 * before, 0.75 * tight * rng.uniform(0.8, 1.2, REGIONS) * usage)
    sent = np.bincount(problem.moves.lane[move], (arrivals * volume)[arrivals > 0], HUBS * REGIONS)
    capped = rng.random(len(sent)) < 0.4
    most = np.maximum(1.0, 0.7 * tight * rng.uniform(0.7, 1.3, len(sent)) * sent)
    lanes = np.where(capped, most, np.inf)
    problem = replace(problem, storage=storage, lane_capacity=lanes)
    if not scenarios:
        return Instance(problem, None)
    loss = np.full(scenarios, float(dearer_freight(problem)[move] @ arrivals[arrivals > 0]))
    for start in range(0, len(arrivals), 50_000):
        part = slice(start, start + 50_000)
        unneeded = np.maximum(arrivals[part, None] - problem.need[part], 0)
        loss += problem.loss_per_unit[part] @ unneeded
    return Instance(problem, 0.62 * tight * mean_of_worst(loss, LEVEL))


def _free_plan(problem: ShippingProblem) -> tuple[np.ndarray, np.ndarray]:
    """Units each cell takes over its cheapest way if nothing is scarce, and that way's move."""
    moves, units = problem.moves, problem.units
    ships = np.flatnonzero(moves.action == 0)
    order = ships[np.lexsort((moves.cost[ships], moves.destination_cell[ships]))]
    first = order[np.flatnonzero(np.diff(moves.destination_cell[order], prepend=-1))]
    way = np.full(len(problem.cell_item), np.inf)
    way[moves.destination_cell[first]] = moves.cost[first]
    pays = ~units.on_hand & (units.value > way[units.cell])
    arrivals = np.bincount(units.cell[pays], minlength=len(way))
    return arrivals, first[arrivals[moves.destination_cell[first]] > 0]
