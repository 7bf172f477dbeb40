"""Speed and certified gap where every lane leaves on three days and is paid by the vehicle.

`python -m benchmarks.program.vehicles --items 10000` draws an instance of `instances.py`, gives
each of its 250 lanes departures on Monday, Wednesday and Friday, solves it, and appends a row to
results_vehicles.csv. README.md has the laws.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from benchmarks.memory import peak_gib
from benchmarks.program.instances import HUBS, REGIONS, SIZE, draw
from benchmarks.results import append, today, versions
from foreship_optimize.arrays import short
from foreship_optimize.departures import Departures
from foreship_optimize.limits import in_whole_steps, limits_of, packs_of
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.problem import LateUnits, Moves, ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.departure_loads import fewest_vehicles, loads_of
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.presolve import reduce
from foreship_optimize.risk import risk_of
from foreship_optimize.vehicles.solving import solve_departures

__all__ = ["with_departures"]

RESULTS = Path(__file__).parent / "results_vehicles.csv"
DAYS = np.array([0, 2, 4])
"""on which lanes leave"""
CHEAPER = np.array([1.0, 0.9, 0.8])
"""freight of a unit by departure: what may wait is carried for less"""
BY_VEHICLE = 0.5
"""share of freight that is paid for the vehicle"""
PACKAGES = ("numpy", "pulp", "highspy", "numba")


def main() -> None:
    """Draw, solve, and keep what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scenarios", type=int, default=0, help="of a risk budget; 0: none")
    parser.add_argument("--limit", type=float, default=1200.0, help="seconds of wall time")
    parser.add_argument(
        "--by-charge",
        action="store_true",
        help="charge later departures by one number a move, without values of their own",
    )
    options = parser.parse_args()
    drawn = draw(options.items, options.seed, scenarios=options.scenarios)
    problem = with_departures(drawn.problem, options.seed)
    if options.by_charge:
        problem = replace(problem, late=LateUnits.none())
    params = OptimizeParams(
        risk=RiskParams(budget=drawn.budget),
        plan=PlanParams(time_limit_seconds=options.limit, decomposition_items=0),
    )
    wall, started = time.perf_counter(), time.process_time()
    reduced = reduce(problem, params.plan)
    limits = in_whole_steps(limits_of(reduced.problem), packs_of(reduced.problem))
    risk = risk_of(problem, params.risk).of(reduced.moves)
    instance = Instance(reduced.problem, limits, params, risk)
    prepared = time.process_time()
    _, continuous, plan = solve_departures(instance, Clock(options.limit))
    solved = time.process_time()
    used = fewest_vehicles(reduced.problem, loads_of(reduced.problem, plan.quantity))
    row = {
        "date": today(),
        "items": options.items,
        "seed": options.seed,
        "scenarios": options.scenarios,
        "later_days": "charge" if options.by_charge else "own values",
        "moves": len(reduced.problem.moves.action),
        "cpu_prepare": round(prepared - started, 2),
        "cpu_seconds": round(solved - prepared, 2),
        "wall_seconds": round(time.perf_counter() - wall, 1),
        "peak_gib": peak_gib(),
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": (plan.objective - plan.bound) / abs(plan.bound),
        "gap_without_whole_vehicles": (continuous.objective - continuous.bound)
        / abs(continuous.bound),
        "stopped": plan.termination,
        "departures_used": int((used > 0).sum()),
        "vehicles": int(used.sum()),
        **versions(PACKAGES),
    }
    append(RESULTS, [row])
    print("\n".join(f"{name}: {value}" for name, value in row.items()))


def with_departures(problem: ShippingProblem, seed: int) -> ShippingProblem:
    """Let each lane leave on three days, by the vehicle; later units serve the rest of the week.

    Half of freight is paid for the vehicle: full, it costs what its units no longer do. A lane's
    vehicle is so large that the plan at no prices fills two to six of them; on half the lanes its
    load is limited as well.
    """
    rng = np.random.default_rng([seed, 19])
    departures = len(DAYS)
    lanes = HUBS * REGIONS * departures
    moves = _departing(problem.moves)
    late = _late_units(problem)
    moves = replace(moves, lateness=_lateness(problem, late, moves))
    weight = rng.lognormal(0.0, 0.7, len(problem.items))
    vehicles = rng.uniform(2.0, 6.0, HUBS * REGIONS)
    volume, kg, freight = _at_no_prices(problem, weight)
    size, load = np.maximum(volume / vehicles, 1.0), np.maximum(kg / vehicles, 1.0)
    load = np.where(rng.random(len(load)) < 0.5, load * rng.uniform(0.8, 1.2, len(load)), np.inf)
    cost = np.repeat(BY_VEHICLE * np.maximum(freight / vehicles, 0.5), departures)
    free = np.zeros(lanes)
    return replace(
        problem,
        moves=moves,
        late=late,
        lane_origin=np.repeat(problem.lane_origin, departures),
        lane_destination=np.repeat(problem.lane_destination, departures),
        lane_capacity=np.repeat(problem.lane_capacity, departures),
        departures=Departures(
            day=np.tile(DAYS, HUBS * REGIONS),
            group=np.arange(lanes) // departures * departures,
            vehicle_cost=cost * np.tile(CHEAPER, HUBS * REGIONS),
            vehicle_volume=np.repeat(size, departures),
            vehicle_kg=np.repeat(load, departures),
            line_cost=free,
            sd_days=free,
            paid=np.full(lanes, np.nan),
            weight_kg=weight,
            number=np.zeros(lanes, dtype=np.int64),
        ),
    )


def _departing(ships: Moves) -> Moves:
    """Every ship on each departure, one after the other."""
    departures, count = len(DAYS), len(ships.action)
    columns = {
        each.name: np.repeat(getattr(ships, each.name), departures) for each in fields(ships)
    }
    which = np.tile(np.arange(departures), count)
    columns["lane"] = short(columns["lane"].astype(np.int64) * departures + which)
    columns["lead_days"] = short(DAYS[which])
    columns["cost"] = (1.0 - BY_VEHICLE) * columns["cost"] * CHEAPER[which]
    return Moves(**columns)


def _late_units(problem: ShippingProblem) -> LateUnits:
    """Value arrivals of later days: as many days of the week's demand are over by then."""
    units = problem.units
    arrives = np.flatnonzero(~units.on_hand)
    first = np.zeros(len(problem.cell_item))
    top = units.rank == 1
    first[units.cell[top]] = units.probability[top]
    # the mean that P(D >= 1) of the negative binomial tells
    none = np.maximum(1.0 - first[units.cell[arrives]], 1e-12)
    mean = SIZE * (none ** (-1.0 / SIZE) - 1.0)
    later = DAYS[1:]
    share = 1.0 - later / 7.0
    chance = np.stack([_wanted(mean * part, units.rank[arrives]) for part in share], axis=1)
    chance = np.minimum(chance, units.probability[arrives][:, None])
    benefit, unsold = units.benefit[arrives][:, None], units.unsold_worth[arrives][:, None]
    value = chance * benefit + (1.0 - chance) * unsold
    days = np.broadcast_to(later, value.shape)
    return LateUnits(
        np.repeat(arrives, len(later)), days.ravel(), value.ravel(), chance.ravel(),
        np.repeat(benefit, len(later)), np.repeat(unsold, len(later)),
    )  # fmt: skip


def _wanted(mean: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """P(D >= rank) of a negative binomial of this mean."""
    success = SIZE / (SIZE + mean)
    mass, total = success**SIZE, np.zeros_like(mean)
    for count in range(int(rank.max())):
        total = total + np.where(rank > count, mass, 0.0)
        mass = mass * (count + SIZE) / (count + 1.0) * (1.0 - success)
    return np.maximum(1.0 - total, 0.0)


def _lateness(problem: ShippingProblem, late: LateUnits, moves: Moves) -> np.ndarray:
    """Equation 17: most that a unit worth shipping loses on each move's day."""
    way = np.full(len(problem.cell_item), np.inf)
    np.minimum.at(way, moves.destination_cell, moves.cost)
    cell = problem.units.cell[late.unit]
    value = problem.units.value[late.unit]
    lost = np.zeros((len(way), int(DAYS.max()) + 1))
    pays = value > way[cell]
    np.maximum.at(lost, (cell[pays], late.day[pays]), (value - late.value)[pays])
    return lost[moves.destination_cell, moves.lead_days]


def _at_no_prices(
    problem: ShippingProblem, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Volume, weight and freight on each lane if each unit took its cheapest way, (250,) each."""
    moves, units = problem.moves, problem.units
    order = np.lexsort((moves.cost, moves.destination_cell))
    cell = moves.destination_cell[order]
    first = order[np.flatnonzero(np.diff(cell, prepend=-1))]
    way = np.full(len(problem.cell_item), np.inf)
    way[moves.destination_cell[first]] = moves.cost[first]
    pays = ~units.on_hand & (units.value > way[units.cell])
    sent = np.bincount(units.cell[pays], minlength=len(way))[moves.destination_cell[first]]
    item, lane = moves.item[first], moves.lane[first]

    def each(amount: np.ndarray) -> np.ndarray:
        return np.bincount(lane, amount * sent, HUBS * REGIONS)

    return each(problem.volume[item]), each(weight[item]), each(moves.cost[first])


if __name__ == "__main__":
    main()
