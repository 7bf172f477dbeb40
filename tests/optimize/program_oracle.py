"""Random tiny shipping problems, and their optimum by trying every whole-unit plan."""

from __future__ import annotations

import itertools

import numpy as np

from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from tests.optimize.program_builder import Draft

PLANS = 40_000
"""instances with more plans than this are not enumerated"""


def draw(
    seed: int, *, minimums: bool = False, spending: bool = False
) -> tuple[Draft, OptimizeParams]:
    """Draw a tiny network with every kind of limit on or off; money in tenths makes ties."""
    rng = np.random.default_rng(seed)
    draft = Draft()
    hubs, regions, items, scenarios = (int(rng.integers(1, top)) for top in (3, 4, 3, 6))
    for item in range(items):
        volume, pack = rng.choice([1, 2, 0.5, 1.5]), rng.choice([1, 1, 1, 2, 3])
        draft.item(f"I{item}", float(volume), int(pack))
    for hub, item in itertools.product(range(hubs), range(items)):
        draft.stock[f"H{hub}", f"I{item}"] = int(rng.integers(0, 4))
    for region, item in itertools.product(range(regions), range(items)):
        if rng.random() < 0.75:
            _draw_cell(rng, draft, f"R{region}", f"I{item}", hubs, scenarios)
    _draw_redirects(rng, draft, regions)
    _draw_limits(rng, draft, hubs, regions, minimums=minimums, spending=spending)
    budget = _money(rng, 0, 4) if rng.random() < 0.4 else None
    risk = RiskParams(level=float(rng.choice([0.5, 0.8, 0.95])), budget=budget)
    plan = PlanParams(minimum_line_quantity=int(rng.choice([1, 1, 1, 2, 3])), gap=0.0)
    return draft, OptimizeParams(risk=risk, plan=plan)


def _money(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.round(rng.uniform(low, high), 1))


def _draw_cell(rng, draft: Draft, region: str, item: str, hubs: int, scenarios: int) -> None:
    arrivals = int(rng.integers(1, 4))
    lies = int(rng.integers(0, 3)) if rng.random() < 0.4 else 0
    values = np.sort(np.round(rng.uniform(-1, 8, arrivals + lies), 1))[::-1].tolist()
    need = rng.integers(0, 3, scenarios).tolist()
    loss = _money(rng, 0.5, 3)
    draft.cell(region, item, values[lies:], values[:lies], need=need, loss=loss)
    for hub in range(hubs):
        if rng.random() < 0.75:
            late = float(rng.choice([0, 0, 0.3]))
            draft.ship(f"H{hub}", region, item, _money(rng, 0.1, 4), late)
    for action in ("return", "markdown", "give_away"):
        if lies and rng.random() < 0.4:
            target = "H0" if action == "return" else ""
            draft.move(action, region, target, item, _money(rng, -1, 2))


def _draw_redirects(rng, draft: Draft, regions: int) -> None:
    for (origin, item), cell in sorted(draft.cells.items()):
        for region in range(regions):
            target = f"R{region}"
            open_lane = target != origin and (target, item) in draft.cells
            if cell["on_hand"] and open_lane and rng.random() < 0.4:
                draft.move("redirect", origin, target, item, _money(rng, 0.1, 2))


def _draw_limits(
    rng, draft: Draft, hubs: int, regions: int, *, minimums: bool, spending: bool
) -> None:
    if rng.random() < 0.5:
        for region in range(regions):
            if rng.random() < 0.6:
                draft.storage[f"R{region}"] = float(rng.integers(0, 6))
    if rng.random() < 0.4:
        for hub, region in itertools.product(range(hubs), range(regions)):
            if rng.random() < 0.5:
                draft.lanes[f"H{hub}", f"R{region}"] = float(rng.choice([1, 2, 3, 1.5]))
    if spending and rng.random() < 0.5:
        draft.unit_cost = {item: _money(rng, 0.5, 3) for item in sorted(draft.items)}
        draft.freight_budget = _money(rng, 0, 6) if rng.random() < 0.6 else np.inf
        draft.stock_value_budget = _money(rng, 0, 6) if rng.random() < 0.6 else np.inf
    if rng.random() < 0.3:
        most = float(rng.integers(0, 4))
        draft.lock("cap", lambda a, o, d, i: a == "ship" and i == "I0", at_most=most)
    if minimums:
        target, least = f"R{rng.integers(0, regions)}", float(rng.integers(1, 5))
        draft.lock("push", lambda a, o, d, i: a == "ship" and d == target, at_least=least)


def best_by_enumeration(problem, params: OptimizeParams) -> float | None:
    """Least cost over all whole-unit plans; inf if none is feasible, None if there are too many."""
    plans = _all_plans(problem, params.plan.minimum_line_quantity)
    if plans is None:
        return None
    plans = plans[_feasible(problem, params, plans)]
    on_hand, _, come, leave = _flows(problem, plans)
    there = on_hand + come - leave
    cost = plans @ (problem.moves.charged + problem.moves.lateness)
    for cell in range(len(on_hand)):
        worth = np.concatenate([[0.0], np.cumsum(problem.units.value[problem.units.cell == cell])])
        cost = cost + worth[on_hand[cell]] - worth[there[:, cell]]
    return float(cost.min(initial=np.inf))


def feasible_plans(problem, params: OptimizeParams, *, most: int = PLANS) -> np.ndarray | None:
    """Every whole-unit plan that keeps the limits; None if there are more than `most` to try."""
    plans = _all_plans(problem, params.plan.minimum_line_quantity)
    if plans is None or len(plans) > most:
        return None
    return plans[_feasible(problem, params, plans)]


def _feasible(problem, params: OptimizeParams, plans) -> np.ndarray:
    """Mark the plans that keep every limit."""
    on_hand, count, come, leave = _flows(problem, plans)
    there = on_hand + come - leave
    feasible = (leave <= on_hand).all(1) & (there >= 0).all(1) & (there <= count).all(1)
    feasible &= _keeps_limits(problem, plans, there, on_hand)
    return feasible & _keeps_budget(problem, params.risk, plans)


def _flows(problem, plans) -> tuple[np.ndarray, ...]:
    """Units on hand and candidates of each cell; what comes and leaves by plan and cell."""
    moves, units, cells = problem.moves, problem.units, np.arange(len(problem.cell_item))
    on_hand = np.bincount(units.cell[units.on_hand], minlength=len(cells))
    count = np.bincount(units.cell, minlength=len(cells))
    come = plans @ (moves.destination_cell[:, None] == cells)
    leave = plans @ (moves.origin_cell[:, None] == cells)
    return on_hand, count, come, leave


def _all_plans(problem, minimum: int) -> np.ndarray | None:
    moves, units = problem.moves, problem.units
    stock = {
        (item, hub): amount
        for item, hub, amount in zip(
            problem.supply_item, problem.supply_hub, problem.supply_units, strict=True
        )
    }
    choices = []
    for move in range(len(moves.action)):
        if moves.action[move] == 0:
            most = stock.get((moves.item[move], moves.origin_hub[move]), 0)
            pack = int(problem.pack_size[moves.item[move]])
            choices.append([q for q in range(0, most + 1, pack) if q == 0 or q >= minimum])
        else:
            lies = (units.on_hand & (units.cell == moves.origin_cell[move])).sum()
            choices.append(list(range(lies + 1)))
    if np.prod([len(each) for each in choices], dtype=float) > PLANS:
        return None
    if not choices:
        return np.zeros((1, 0), dtype=np.int64)
    every = np.meshgrid(*(np.array(each, dtype=np.int64) for each in choices), indexing="ij")
    return np.stack([each.ravel() for each in every], axis=1)


def _keeps_limits(problem, plans, there, on_hand) -> np.ndarray:
    moves = problem.moves
    feasible = np.ones(len(plans), dtype=bool)
    for item, hub, amount in zip(
        problem.supply_item, problem.supply_hub, problem.supply_units, strict=True
    ):
        mine = (moves.action == 0) & (moves.item == item) & (moves.origin_hub == hub)
        feasible &= plans[:, mine].sum(1) <= amount
    volume = problem.volume[problem.cell_item]
    for region, capacity in enumerate(problem.storage):
        mine = problem.cell_region == region
        before = (on_hand * volume)[mine].sum() + problem.storage_inbound[region]
        full = there[:, mine] @ volume[mine] + problem.storage_inbound[region]
        feasible &= full <= max(before, capacity) + 1e-9
    for lane, capacity in enumerate(problem.lane_capacity):
        mine = moves.lane == lane
        feasible &= plans[:, mine] @ problem.volume[moves.item[mine]] <= capacity + 1e-9
    sent = moves.destination_cell >= 0
    freight = plans @ np.where(sent, np.maximum(moves.cost, 0.0), 0.0)
    value = plans @ np.where(sent, problem.unit_cost[moves.item], 0.0)
    feasible &= freight <= problem.freight_budget + 1e-9
    feasible &= value <= problem.stock_value_budget + 1e-9
    for lock in problem.locks:
        total = plans[:, lock.moves].sum(1)
        feasible &= (total >= lock.at_least) & (total <= lock.at_most)
    return feasible


def _keeps_budget(problem, risk: RiskParams, plans) -> np.ndarray:
    if risk.budget is None:
        return np.ones(len(plans), dtype=bool)
    return worst_of(losses_of(problem, plans), risk.level) <= risk.budget + 1e-9


def losses_of(problem, plans) -> np.ndarray:
    """Loss of every plan in every outcome, shape (plans, S)."""
    moves, come = problem.moves, _flows(problem, plans)[2]
    dearer = np.zeros(len(moves.action))
    for cell in range(len(problem.cell_item)):
        mine = moves.destination_cell == cell
        ships = mine & (moves.action == 0)
        if mine.any():
            cheapest = moves.cost[ships if ships.any() else mine].min()
            dearer[mine] = np.maximum(moves.cost[mine] - cheapest, 0.0)
    unneeded = np.maximum(come[:, :, None] - problem.need[None], 0)
    losses = np.einsum("c,pcs->ps", problem.loss_per_unit, unneeded)
    return np.asarray(losses + (plans @ dearer)[:, None])


def worst_of(losses, level: float) -> np.ndarray:
    """Mean of the worst 1 - level share of outcomes of every plan, shape (plans,)."""
    size = (1.0 - level) * losses.shape[1]
    weight = np.clip(size - np.arange(losses.shape[1]), 0.0, 1.0)
    return np.asarray(-np.sort(-losses, axis=1) @ weight / size)
