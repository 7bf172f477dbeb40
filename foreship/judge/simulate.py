"""Simulate weeks: carry out a plan against the true orders and count money (docs/replay.md).

A week reads

    land what is due -> refill the hubs -> [the policy plans] -> depart
    -> each day: land, serve buyers from their region, else from a hub, else lose them
    -> holding on Sunday night -> ledger

This module and its parts in `foreship.judge` import neither `forecast` nor `optimize`: all
money is recomputed from the tables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from foreship.judge.account.freight import bill_of, freight_of
from foreship.judge.account.sales import Sales
from foreship.judge.account.week_account import WeekLedger
from foreship.judge.buyers import Buyers, Day
from foreship.judge.carried_out.broken_limits import broken_limits
from foreship.judge.carried_out.departures import Departures, read_plan
from foreship.judge.carried_out.state import State
from foreship.judge.network.network import Network
from foreship.judge.orders.days import serve_orders
from foreship.judge.orders.retained import Retained, retained_in
from foreship.judge.transport.parcel_routes import ParcelRoutes
from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Floats, Ints

__all__ = [
    "Morning",
    "Refills",
    "carry_out",
    "monday_morning",
    "play_week",
    "retained_on",
    "sell",
    "serve",
]


DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Refills:
    """The rule that refills hubs each Monday, the same for every policy."""

    shares: Floats
    """part of an item's target that belongs to each hub, shape (hubs, items)"""
    cover_weeks: float
    trailing_weeks: int

    @classmethod
    def like_stock(
        cls, network: Network, state: State, cover_weeks: float, trailing_weeks: int
    ) -> Refills:
        """Split each item over the hubs in the proportions of its opening stock.

        An item that no hub holds is split as all hub stock is; without any, evenly.
        """
        held = state.on_hand[len(network.regions) :].astype(np.float64)
        overall = held.sum(axis=1) if held.sum() else np.ones(len(held))
        held[:, held.sum(axis=0) == 0] = overall[:, None]
        return cls(held / held.sum(axis=0), cover_weeks, trailing_weeks)

    def due(self, mean_by_item: Floats, on_hand: Ints) -> Ints:
        """Return the units sent to each hub, shape (hubs, items) (docs/replay.md, equation 2).

        `on_hand` is hub stock of that Monday; stock in regions does not lower a refill.
        """
        target = np.ceil(np.round(self.cover_weeks * mean_by_item, 9)).astype(np.int64)
        sent: Ints = np.maximum(_in_whole_units(target, self.shares) - on_hand, 0)
        return sent


def _in_whole_units(target: Ints, shares: Floats) -> Ints:
    """Split `target` (I,) by `shares` (H, I): largest remainders round up, ties by hub order."""
    wanted = np.round(shares * target, 9)
    whole = np.floor(wanted).astype(np.int64)
    rank = np.argsort(np.argsort(whole - wanted, axis=0, kind="stable"), axis=0)
    return np.asarray(whole + (rank < target - whole.sum(axis=0)))


@dataclass(frozen=True)
class Morning:
    """A Monday before the plan: what is where, and what the hubs have just been sent."""

    monday: np.datetime64
    state: State
    refilled: int
    retained: Retained | None = None
    """what units are worth that week where they lie; None where money is not by order"""


def monday_morning(
    network: Network, state: State, buyers: Buyers, refills: Refills, monday: np.datetime64
) -> Morning:
    """Land what is due by `monday`, then refill the hubs by the orders before it."""
    state = state.land(monday)
    mean = buyers.mean_by_item(monday, refills.trailing_weeks, len(network.items))
    on_hand = state.on_hand.copy()
    sent = refills.due(mean, on_hand[len(network.regions) :])
    on_hand[len(network.regions) :] += sent
    retained = retained_on(network, buyers, refills, monday)
    return Morning(monday, replace(state, on_hand=on_hand), int(sent.sum()), retained)


def retained_on(
    network: Network, buyers: Buyers, refills: Refills, monday: np.datetime64
) -> Retained | None:
    """Return what units are worth in a week (equation 19); None where money is not by order."""
    book, weeks = buyers.book, refills.trailing_weeks
    if book is None:
        return None
    if (monday, weeks) not in book.retained:
        mean = buyers.mean_by_cell(monday, weeks, (len(network.regions), len(network.items)))
        cells = book.cells_wanted(monday)
        book.retained[monday, weeks] = retained_in(network, cells, mean, monday)
    return book.retained[monday, weeks]


def play_week(
    network: Network, morning: Morning, buyers: Buyers, lines: pd.DataFrame
) -> tuple[State, WeekLedger, list[str]]:
    """Carry out a plan, then serve the buyers of the week.

    Returns
    -------
    The state on Sunday night, the week's ledger, and a sentence for each limit the plan broke.

    Raises
    ------
    PlanRefused
        When the plan moves units that are not there, or on a lane that is not open.
    """
    return carry_out(network, morning, buyers, read_plan(network, lines, morning.monday))


def carry_out(
    network: Network, morning: Morning, buyers: Buyers, leaving: Departures
) -> tuple[State, WeekLedger, list[str]]:
    """Do the same with departures, which land on the days that they name."""
    state = morning.state.depart(network, leaving)
    broken = broken_limits(network, morning.monday, morning.state, state, leaving)
    sales = Sales()
    for day in morning.monday + np.arange(7) * DAY:
        state = state.land(day)
        on_hand = state.on_hand.copy()
        sales += sell(network, on_hand, buyers, day, morning.retained)
        state = replace(state, on_hand=on_hand)
    return state, _ledger(network, morning, leaving, sales, state), broken


def sell(
    network: Network,
    on_hand: Ints,
    buyers: Buyers,
    day: np.datetime64,
    retained: Retained | None,
    earned: Floats | None = None,
) -> Sales:
    """Serve the buyers of one day, by order or by unit, taking units from `on_hand` in place.

    Parameters
    ----------
    retained
        What units are worth that day; None where money is not by order.
    earned
        Where given, margin less parcels and last mile of each cell's buyers is added to it, shape
        (regions, items).
    """
    routes = network.parcels(day)
    if buyers.book is None or retained is None:
        return serve(network, on_hand, buyers.on(day), routes, earned)
    return serve_orders(network, on_hand, buyers.book.on(day), routes, retained, earned)


def serve(
    network: Network,
    on_hand: Ints,
    buyers: Day,
    routes: ParcelRoutes,
    earned: Floats | None = None,
) -> Sales:
    """Serve the buyers of one day, taking their units from `on_hand` in place.

    First come, first served in canonical order: a cell's own stock goes to its first buyers;
    those who wait then ask the hubs, region after region.
    """
    cell = buyers.region, buyers.item
    locally = np.minimum(buyers.quantity, on_hand[cell])
    on_hand[cell] -= locally
    sent, cost = _from_hubs(network, on_hand, buyers, locally, routes)
    margin = (locally + sent) * network.margin[buyers.item]
    last_mile = locally * network.last_mile[buyers.region]
    if earned is not None:
        earned[cell] += margin - last_mile - cost
    days = routes.days_of_nearest
    days_known = not np.isnan(network.lanes.direct_days).all()
    return Sales(
        margin=float(margin.sum()),
        parcels=float(cost.sum()),
        last_mile=float(last_mile.sum()),
        ordered=int(buyers.quantity.sum()),
        locally=int(locally.sum()),
        from_hub=int(sent.sum()),
        days_saved=float(np.nansum(locally * days[buyers.region])) if days_known else np.nan,
    )


def _from_hubs(
    network: Network, on_hand: Ints, buyers: Day, locally: Ints, routes: ParcelRoutes
) -> tuple[Ints, Floats]:
    """Send parcels to those who wait, each from the nearest hub that has the unit.

    Returns units sent to each cell, and what its parcels cost.
    """
    waiting = buyers.who_wait(locally)
    sent, cost = np.zeros_like(waiting), np.zeros(len(waiting))
    for rows in _by_region(np.flatnonzero(waiting), buyers.region):
        region, left = buyers.region[rows[0]], rows
        for hub in routes.nearest[region]:
            if not len(left) or np.isinf(routes.cost[region, hub]):
                break
            shelf = len(network.regions) + hub, buyers.item[left]
            taken = np.minimum(waiting[left] - sent[left], on_hand[shelf])
            on_hand[shelf] -= taken
            sent[left] += taken
            cost[left] += taken * routes.cost[region, hub]
            left = left[sent[left] < waiting[left]]
    return sent, cost


def _by_region(rows: Ints, region: Ints) -> list[Ints]:
    """Cut rows, sorted by region, into one slice a region."""
    if not len(rows):
        return []
    return np.split(rows, np.flatnonzero(np.diff(region[rows])) + 1)


def _ledger(
    network: Network, morning: Morning, leaving: Departures, sales: Sales, state: State
) -> WeekLedger:
    moved = {name: int(leaving.quantity[leaving.action == name].sum()) for name in action_names()}
    lying = state.on_hand[: len(network.regions)]
    return WeekLedger(
        margin=sales.margin,
        parcels=sales.parcels,
        last_mile=sales.last_mile,
        freight=freight_of(network, leaving),
        holding=float((lying.sum(axis=0) * network.holding).sum()) - network.saved_at_hubs(lying),
        exits=float((leaving.exit_cost * leaving.quantity).sum()),
        units_ordered=sales.ordered,
        served_locally=sales.locally,
        served_from_hub=sales.from_hub,
        lost=sales.ordered - sales.locally - sales.from_hub,
        moved=moved,
        units_refilled=morning.refilled,
        units_at_start=morning.state.units - morning.refilled,
        units_at_end=state.units,
        days_saved=sales.days_saved,
        fill=sales.fill,
        bill=bill_of(network, leaving) if network.lanes.charged else None,
    )
