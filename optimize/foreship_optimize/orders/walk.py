"""Past orders walked through a stock, and the sampled order gain of sending units (equation 19)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.orders.baskets import Baskets, Keeping

__all__ = ["Walk", "sampled_gain", "sampled_money", "walk"]


class Walk(NamedTuple):
    """What became of past orders."""

    served: Bools
    """(O,) orders that found every line, and took them"""
    left: Floats
    """(C,) units left at the end of a period, mean over periods by weight"""


def walk(baskets: Baskets, stock: Ints) -> Walk:
    """Serve past orders in order of arrival from a stock that every period starts with anew.

    An order is served if every one of its lines is there, and takes nothing otherwise.

    Parameters
    ----------
    stock
        (C,) units >= 0 at the start of each period.
    """
    from foreship_optimize.orders.walk_loops import walk_through

    stock = np.asarray(stock, np.int64)
    served = np.zeros(len(baskets.period), np.bool_)
    used = np.zeros(len(stock))
    walk_through(
        baskets.period,
        baskets.first,
        baskets.cell,
        baskets.units,
        baskets.weight,
        stock,
        served,
        used,
    )
    return Walk(served, float(baskets.weight.sum()) * stock - used)


def sampled_money(baskets: Baskets, keeping: Keeping, sent: Ints) -> float:
    """Savings of the orders served less what idle and dearer units cost, a period in the mean.

    Parameters
    ----------
    sent
        (C,) units >= 0 sent to each cell; 0 where `dearer` is inf, or else the sum is -inf.
    """
    sent = np.asarray(sent, np.int64)
    through = walk(baskets, keeping.lying + sent)
    saved = baskets.weight[baskets.period] * baskets.saving * through.served
    dearer = keeping.dearer[sent > 0] * sent[sent > 0]
    return float(saved.sum() - keeping.idle @ through.left - dearer.sum())


def sampled_gain(baskets: Baskets, keeping: Keeping, sent: Ints) -> float:
    """Sampled order gain of sending units, against sending none (equation 19) [money a period]."""
    nothing = np.zeros(len(keeping.lying), np.int64)
    return sampled_money(baskets, keeping, sent) - sampled_money(baskets, keeping, nothing)
