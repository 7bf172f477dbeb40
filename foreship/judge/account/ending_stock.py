"""Ending stock: what units left in regions are worth (docs/replay.md).

After a replay, shown beside the profit and never inside it; and at the end of a plan's windows, as
a part of what the plan came to.
"""

from __future__ import annotations

import numpy as np

from foreship.judge.carried_out.state import State
from foreship.judge.network.network import Network
from foreship_foundation.actions import exit_names
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["cheapest_exit", "left_over_value", "left_unsold", "sale_ahead"]


def left_over_value(
    network: Network, state: State, mean_by_cell: Floats, day: np.datetime64
) -> float:
    """Return what units in regions, and on their way there, will still save (equation 8).

    The j-th unit of a cell that sells m a week waits j / m weeks for its buyer. It saves the
    landed cost of the cell's cheapest lane less that holding, and is never worth less than the
    cheapest exit costs.

    Parameters
    ----------
    mean_by_cell
        Trailing mean of weekly units, shape (regions, items).
    day
        The Monday after the replay.
    """
    units = state.in_regions(network)
    region, item = np.nonzero(units)
    count = units[region, item]
    cell = np.repeat(np.arange(len(region)), count)
    rank = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count) + 1
    landed = network.cheapest_freight(day, inward=True)[region, item]
    landed[np.isinf(landed)] = 0.0
    sells = mean_by_cell[region, item]
    weeks = rank / np.where(sells > 0, sells, 1.0)[cell]
    saved = landed[cell] - network.holding_of(region, item)[cell] * weeks
    saved[sells[cell] == 0] = -np.inf
    return float(np.maximum(saved, -cheapest_exit(network, region, item, day)[cell]).sum())


def left_unsold(
    earns: Floats, landed: Floats, holding: Floats, sells: Floats, rid: Floats, rank: Ints
) -> Floats:
    """Return what each unit that a window leaves unsold is worth (equation 12a), shape (N,).

    Parameters
    ----------
    earns
        What its sale adds to that of a parcel [money a unit].
    landed
        What a unit of the next plan costs to land; inf where none comes.
    holding
        Of a unit and week.
    sells
        Mean units a week of its cell, above 0.
    rid
        Cost of its cheapest exit.
    rank
        Its place among the units of its cell, from 1.
    """
    return np.maximum(-rid, np.minimum(landed, earns - holding * rank / sells))


def sale_ahead(
    network: Network, region: Ints, item: Ints, day: np.datetime64, hubs: Bools
) -> Floats:
    """Return what a unit in its region adds to a sale (equation 4 of docs/value.md), each cell.

    Parameters
    ----------
    hubs
        Where the parcel may come from, shape (hubs, items).
    """
    cost = np.where(hubs.T[item], network.parcels(day).cost[region], np.inf).min(axis=1)
    served = np.isfinite(cost)
    lost = np.where(served, network.lost_share_of(region, item, day), 1.0)
    earned = (1.0 - lost) * np.where(served, cost, 0.0) + lost * network.margin[item]
    return np.asarray(earned - network.last_mile[region])


def cheapest_exit(network: Network, region: Ints, item: Ints, day: np.datetime64) -> Floats:
    """Return the cheapest exit of a unit at each (region, item), redirects aside.

    Where no exit exists the unit is written off at its unit cost.
    """
    back = network.cheapest_freight(day, inward=False)[region, item]
    prices = [
        network.exits.handling(kind, region, item) + back for kind in exit_names(destination="hub")
    ]
    prices += [network.exits.handling(kind, region, item) for kind in exit_names(destination="")]
    stacked = np.stack(prices)
    best = np.fmin.reduce(np.where(np.isinf(stacked), np.nan, stacked), axis=0)
    return np.where(np.isnan(best), network.exits.unit_cost[item], best)
