"""Rank the units of every cell in the order they are used: on hand first, then arrivals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.problem import Units
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["Ranking", "rank_units", "reconciled", "trim_arrivals"]


@dataclass(frozen=True)
class Ranking:
    """What determines the ranks of each cell's units, one number a cell."""

    on_hand: Ints
    cost: Floats
    """c: an arrival pays above it"""
    held: Floats
    """h w: holding of a unit unsold through its window"""


def trim_arrivals(worth: UnitValues, last: Ints, step: Ints, most: Ints) -> np.ndarray:
    """Mark the arrivals to keep: those that may pay, and the next unit or pack after them.

    Parameters
    ----------
    last
        Last unit that may be of use, by cell.
    step
        Units that move together, by cell.
    most
        Units that could be sent at all, by cell.
    """
    size = step[worth.cell]
    keep = -(-last[worth.cell] // size) * size + size
    return np.asarray((worth.unit <= keep) & (worth.unit <= most[worth.cell]))


def rank_units(on_hand: UnitValues, arrivals: UnitValues, hold: Floats, ranking: Ranking) -> Units:
    """Join units on hand and arrivals; their values never rise with rank (equation 18)."""
    rank = arrivals.unit + ranking.on_hand[arrivals.cell]
    cell = np.concatenate([on_hand.cell, arrivals.cell])
    order = np.lexsort((np.concatenate([on_hand.unit, rank]), cell))
    charge = np.concatenate([np.zeros(len(on_hand.cell)), hold])[order]
    lies = np.concatenate([np.ones(len(on_hand.cell), bool), np.zeros(len(rank), bool)])[order]
    value = np.concatenate([on_hand.value, arrivals.value - hold])[order]
    value = _falling(value, cell[order], lies, ranking.cost)
    chance = np.concatenate([on_hand.probability, arrivals.probability])[order]
    benefit, unsold = reconciled(
        value,
        chance,
        np.concatenate([on_hand.benefit, arrivals.benefit])[order],
        np.concatenate([on_hand.unsold, arrivals.unsold])[order],
        charge,
        ranking.held[cell[order]],
    )
    return Units(
        cell=cell[order],
        rank=np.concatenate([on_hand.unit, rank])[order],
        on_hand=lies,
        value=value,
        probability=chance,
        benefit=benefit,
        unsold_worth=unsold,
        hold_back=charge,
    )


def _falling(value: Floats, cell: Ints, lies: np.ndarray, cost: Floats) -> Floats:
    """Lower values so that they never rise with rank in a cell.

    A unit on hand has waited longer than an arrival behind it and may be worth a little less;
    where that arrival pays, the unit on hand is raised to it, so that it still ships.
    """
    best = np.full(len(cost), -np.inf)
    np.maximum.at(best, cell[~lies], value[~lies])
    pays = best > cost
    floor = np.where(pays, best, -np.inf)[cell]
    raised = np.where(lies, np.maximum(value, floor), value)
    return np.asarray(pd.Series(raised).groupby(cell, sort=False).cummin(), dtype=np.float64)


def reconciled(
    value: Floats, chance: Floats, benefit: Floats, unsold: Floats, hold: Floats, held: Floats
) -> tuple[Floats, Floats]:
    """Shift the outcomes of units whose value ranking moved, so that value still adds up.

    Equation 16: v = p b + (1 - p)(r - h w) - o. One number a unit, all [money] but the chance.

    Returns
    -------
    benefit, unsold
        b_k and r_k that give `value`.
    """
    moved = value - (chance * benefit + (1.0 - chance) * (unsold - held) - hold)
    return benefit + moved, unsold + moved
