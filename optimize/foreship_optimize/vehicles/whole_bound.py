"""A bound that knows that vehicles are whole: equation 11 at prices of them, over whole numbers.

With so many vehicles a departure their room is a limit like any other, so that equation 11 at any
prices of it is an affine function of their numbers: a cut. Apart from vehicles, all prices are held
as the program without whole vehicles has them; then regions stand alone, and each takes the whole
numbers that are cheapest by the highest of its cuts (equation P33 of docs/program.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.limits import added
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import Prices, bound_by_region
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.departure_loads import (
    departures_of,
    fewest_vehicles,
    loads_of,
    most_arriving,
)
from foreship_optimize.program.instance import Instance
from foreship_optimize.vehicles.fixed import instance_of, with_vehicles
from foreship_optimize.vehicles.shares import with_shares
from foreship_optimize.vehicles.whole_numbers import cheapest_numbers

__all__ = ["WholeBound", "whole_bound"]

SCALES = (0.0, 0.5, 2.0, 4.0)
"""first cuts, beside that at the prices of the program without whole vehicles"""
ROUNDS = 6
"""most times that whole numbers are chosen, and cuts are made for them"""
LITTLE = 5e-4
"""a round that lifts the bound by less than this part of it is the last"""
REACHES = (0.1, 0.25, 0.5, 1.0, 2.0)
"""how far prices go towards what fills just the whole numbers, as a part of a vehicle's cost"""
STEPS = (1.3, 0.75)
"""factors by which one price of every region is changed"""


@dataclass(frozen=True)
class WholeBound:
    """A lower bound on the cost of any plan, and the numbers of vehicles that it is reached at."""

    bound: float
    vehicles: Ints
    """shape (L,)"""


def whole_bound(
    instance: Instance, by_volume: Floats, prices: Prices, loads: Floats, known: float, clock: Clock
) -> WholeBound:
    """Work out the bound over whole numbers of vehicles.

    Parameters
    ----------
    by_volume
        Part of a vehicle's cost that its volume pays, (L,).
    prices
        Of the limits of `priced_instance`, vehicles at what a full one costs; valid whatever they
        are.
    loads
        Of a plan at these prices, in vehicles, (L,).
    known
        A bound that is known: the search ends where it does not lift it [money].
    """
    cuts = _Cuts(priced_instance(instance, by_volume), instance, prices)
    full = prices.limits[cuts.rows]
    for scale in (1.0, *SCALES):
        cuts.add(scale * full)
    numbers, bound = cuts.cheapest()
    price, value = cuts.best_at(numbers)
    for each in range(ROUNDS):
        if clock.is_over():
            break
        here = value - cuts.paid(price, numbers)
        if each % 2 == 0:
            away = (loads - numbers) / np.maximum(np.maximum(loads, numbers), 1e-9)
            toward = [np.maximum(1.0 + reach * away[cuts.lane], 0.0) for reach in REACHES]
            for factor in toward:
                price, value, here = cuts.better(full * factor, price, value, here, numbers)
        else:
            for place in range(int(cuts.ordinal.max(initial=-1)) + 1):
                for step in STEPS:
                    trial = np.where(cuts.ordinal == place, price * step, price)
                    price, value, here = cuts.better(trial, price, value, here, numbers)
        before = max(bound, known)
        numbers, higher = cuts.cheapest()
        bound = max(bound, higher)
        if bound - before <= LITTLE * abs(before):
            break
        price, value = cuts.best_at(numbers)
    return WholeBound(bound, numbers)


def priced_instance(instance: Instance, by_volume: Floats) -> Instance:
    """Return the instance in which no vehicle is paid, and units pay their shares of lines."""
    none = np.zeros(len(instance.problem.lane_origin), dtype=np.int64)
    sunk = with_vehicles(instance.problem, none)
    return instance_of(instance, with_shares(sunk, by_volume))


@dataclass
class _Cuts:
    """Cuts by region: at each trial's prices of vehicles, what the region costs without vehicles.

    `value[k][r] - price[k] @ n` is below what region r costs where n vehicles leave.
    """

    priced: Instance
    instance: Instance
    prices: Prices
    rows: Ints = field(init=False)
    """of vehicles, in the limits of `priced`"""
    lane: Ints = field(init=False)
    region: Ints = field(init=False)
    """that each row's lane serves"""
    ordinal: Ints = field(init=False)
    """of each row in its region"""
    constant: float = 0.0
    value: list[Floats] = field(default_factory=list)
    price: list[Floats] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the rows of vehicles, and the region of each."""
        limits, problem = self.priced.limits, self.priced.problem
        moves = problem.moves
        self.rows = np.flatnonzero(limits.are(("vehicle",)))
        self.lane = limits.index[self.rows]
        at = np.where(moves.destination_cell >= 0, moves.destination_cell, moves.origin_cell)
        region = np.full(len(problem.lane_origin), -1, dtype=np.int64)
        travel = moves.lane >= 0
        region[moves.lane[travel]] = problem.cell_region[at[travel]]
        self.region = region[self.lane]
        order = np.argsort(self.region, kind="stable")
        first = np.searchsorted(self.region[order], self.region[order])
        self.ordinal = np.empty(len(order), dtype=np.int64)
        self.ordinal[order] = np.arange(len(order)) - first

    def add(self, price: Floats) -> Floats:
        """Add the cut of every region at these prices, and return what it says without vehicles."""
        limits = self.prices.limits.copy()
        limits[self.rows] = price
        priced = self.priced
        self.constant, value = bound_by_region(
            priced.problem,
            priced.limits,
            replace(self.prices, limits=limits),
            priced.risk,
            priced.params.plan.minimum_line_quantity,
        )
        self.value.append(value)
        self.price.append(price)
        return value

    def paid(self, price: Floats, numbers: Ints) -> Floats:
        """What the room of these vehicles is worth at the prices, by region."""
        regions = len(self.priced.problem.regions)
        return added(self.region, price * numbers[self.lane], regions)

    def better(
        self, trial: Floats, price: Floats, value: Floats, here: Floats, numbers: Ints
    ) -> tuple[Floats, Floats, Floats]:
        """Add the trial's cuts; return its prices where they tell more of these numbers."""
        new = self.add(trial)
        there = new - self.paid(trial, numbers)
        gains = there > here
        return (
            np.where(gains[self.region], trial, price),
            np.where(gains, new, value),
            np.maximum(there, here),
        )

    def best_at(self, numbers: Ints) -> tuple[Floats, Floats]:
        """Return the prices, and what they say, of each region's highest cut at the numbers."""
        told = [v - self.paid(p, numbers) for v, p in zip(self.value, self.price, strict=True)]
        best = np.argmax(np.stack(told), axis=0)
        price = np.stack(self.price)[best[self.region], np.arange(len(self.rows))]
        return price, np.stack(self.value)[best, np.arange(len(best))]

    def cheapest(self) -> tuple[Ints, float]:
        """Choose the whole numbers of each region that cost least by its cuts; the sum bounds."""
        problem, limits = self.instance.problem, self.priced.limits
        budget = limits.words == "freight budget"
        each = departures_of(problem).vehicle_cost * (1.0 + self.prices.limits[budget].sum())
        most = fewest_vehicles(problem, loads_of(problem, most_arriving(problem)))
        most = np.minimum(most, _within_capacity(problem)).astype(np.int64)
        values, prices = np.stack(self.value), np.stack(self.price)
        numbers = np.zeros(len(each), dtype=np.int64)
        idle = np.ones(len(problem.regions), dtype=bool)
        total = self.constant
        for region in np.unique(self.region).tolist():
            mine = self.region == region
            lanes, of_row = np.unique(self.lane[mine], return_inverse=True)
            by_lane = np.zeros((len(values), len(lanes)))
            np.add.at(by_lane.T, of_row, prices[:, mine].T)
            plan = self.instance.params.plan
            numbers[lanes], least = cheapest_numbers(
                values[:, region], by_lane, each[lanes], most[lanes], plan
            )
            total += least
            idle[region] = False
        return numbers, total + float(values[:, idle].max(axis=0).sum())


def _within_capacity(problem: ShippingProblem) -> Floats:
    """Most vehicles that the volume a lane may carry needs, inf where weight counts too, (L,)."""
    departures = departures_of(problem)
    by_volume = np.isinf(departures.vehicle_kg) & np.isfinite(departures.vehicle_volume)
    room = problem.lane_capacity[departures.group]
    told = by_volume & np.isfinite(room)
    whole = np.where(told, room, 0.0) / np.where(told, departures.vehicle_volume, 1.0)
    return np.where(told, np.maximum(np.ceil(whole), 1.0), np.inf)
