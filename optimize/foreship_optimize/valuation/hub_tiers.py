"""Scarce hub stock in two tiers: what a unit costs others rises with the units that leave its hub.

Equation 15a of docs/value.md. The units that the walk of hold-back takes from a hub are charged its
rent there; those beyond are charged what each one more is missed. The program knows the second tier
as a hub of its own, of the same name.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.problem import Lock, Moves, ShippingProblem
from foreship_optimize.valuation.hold_back import HubRents

__all__ = ["charged_for_hubs", "in_both_tiers"]


def charged_for_hubs(
    problem: ShippingProblem, rents: HubRents, *, in_tiers: bool
) -> ShippingProblem:
    """Charge every ship for leaving its hub, tier by tier.

    Parameters
    ----------
    in_tiers
        False where a line of a hub must not be cut in two: all its units are charged as the first.
    """
    moves = problem.moves
    ships = np.flatnonzero(moves.from_hub)
    item, hub = moves.item[ships], moves.origin_hub[ships]
    first, beyond = np.zeros(len(moves.action)), np.zeros(len(moves.action))
    first[ships], beyond[ships] = rents.first[item, hub], rents.beyond[item, hub]
    supply = problem.supply_item, problem.supply_hub
    pack = problem.pack_size[problem.supply_item]
    below = np.minimum(rents.taken[supply] // pack * pack, problem.supply_units)
    room = np.zeros(rents.taken.shape, dtype=np.int64)
    room[supply] = below
    untouched = np.zeros(len(moves.action), dtype=bool)
    untouched[ships] = room[item, hub] == 0
    moves = replace(moves, rent=np.where(untouched, beyond, first))
    again = np.flatnonzero((beyond > first) & ~untouched)
    if not len(again) or not in_tiers:
        return replace(problem, moves=moves)
    return _with_copies(replace(problem, moves=moves), again, beyond, below)


def _with_copies(
    problem: ShippingProblem, again: Ints, rent: Floats, below: Ints
) -> ShippingProblem:
    """Let the moves of `again` leave a second tier too; `below` are the units of the first."""
    hubs, moves = len(problem.hubs), problem.moves
    tiered = np.zeros((len(problem.items), hubs), dtype=bool)
    tiered[moves.item[again], moves.origin_hub[again]] = True
    split = tiered[problem.supply_item, problem.supply_hub]
    index = np.concatenate([np.arange(len(moves.action)), again])
    copied = np.arange(len(index)) >= len(moves.action)
    place = np.argsort(_rank(index, copied), kind="stable")
    index, copied = index[place], copied[place]
    columns = {name: getattr(moves, name)[index] for name in Moves.__dataclass_fields__}
    columns["origin_hub"] = columns["origin_hub"] + hubs * copied
    columns["rent"] = np.where(copied, rent[index], columns["rent"])
    above = problem.supply_units - below
    return replace(
        problem,
        hubs=np.concatenate([problem.hubs, problem.hubs]),
        moves=Moves(**columns),
        locks=tuple(_with_copies_of(lock, index) for lock in problem.locks),
        supply_item=np.concatenate([problem.supply_item, problem.supply_item[split]]),
        supply_hub=np.concatenate([problem.supply_hub, problem.supply_hub[split] + hubs]),
        supply_units=np.concatenate([np.where(split, below, problem.supply_units), above[split]]),
    )


def in_both_tiers(problem: ShippingProblem, quantity: Ints) -> Ints:
    """Lay units that all leave first tiers out on both: the first tier as far as it goes, (M,)."""
    moves, laid = problem.moves, quantity.copy()
    hubs = len(problem.hubs) // 2
    copies = np.flatnonzero(moves.origin_hub >= hubs)
    if len(set(problem.hubs)) == len(problem.hubs) or not len(copies):
        return laid
    room = np.zeros(len(problem.items) * 2 * hubs, dtype=np.int64)
    room[problem.stock_key(problem.supply_item, problem.supply_hub)] = problem.supply_units
    # every copy stands behind the move that it is of
    for copy in copies.tolist():
        first = copy - 1
        key = problem.stock_key(moves.item[[first]], moves.origin_hub[[first]])[0]
        kept = min(int(laid[first]), int(room[key]))
        laid[copy] += laid[first] - kept
        laid[first] = kept
        room[key] -= kept
    return laid


def _rank(index: Ints, copied: Bools) -> Ints:
    """Order of moves: every copy behind the move that it is of."""
    return np.asarray(2 * index + copied)


def _with_copies_of(lock: Lock, index: Ints) -> Lock:
    """Return the lock over the moves it names and their copies; `index` is what each is of."""
    return replace(lock, moves=np.flatnonzero(np.isin(index, lock.moves)))
