"""A plan's gain in the simulator's money: the weeks played with its departures and without any.

Later plans send nothing in either, and hubs are filled up by the same rule in both
(docs/replay.md, equation 12).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship.judge.account.ending_stock import cheapest_exit, left_unsold, sale_ahead
from foreship.judge.account.freight import beside_units
from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.departures import Departures
from foreship.judge.carried_out.state import State
from foreship.judge.gain.counterfactual import ways_in
from foreship.judge.gain.next_arrivals import Supply, next_arrivals
from foreship.judge.network.network import Network
from foreship.judge.orders.passing import HALF_A_UNIT, passing_orders
from foreship.judge.orders.retained import Retained, retained_in
from foreship.judge.simulate import Morning, Refills, monday_morning, retained_on, sell
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["Windows", "gain_of", "supply_of", "windows_of"]


DAY = np.timedelta64(1, "D")
WEEK_DAYS = 7


@dataclass(frozen=True)
class Windows:
    """The cells whose stock a plan changes, one row a cell, and when their windows close."""

    region: Ints
    item: Ints
    closes: Ints
    """day, from the Monday of the plan, on which the first units of a later plan may come"""
    landed: Floats
    """what these cost to land [money a unit]; inf where none can come"""
    over: Bools
    """whether the assortment ends before that day"""

    @property
    def days(self) -> int:
        """Days until the last of them closes."""
        return int(self.closes.max(initial=0))


def windows_of(
    network: Network,
    morning: Morning,
    leaving: Departures,
    supply: Supply,
    review_weeks: int,
    sight_weeks: int,
) -> Windows:
    """Return when the windows close in the cells that units are sent into or taken out of.

    The window of a cell closes with the first arrival of a later plan after the last of its own.
    """
    monday, count, width = morning.monday, len(network.regions), len(network.items)
    into = (leaving.destination >= 0) & (leaving.destination < count)
    out = leaving.origin < count
    places = np.concatenate([leaving.destination[into], leaving.origin[out]])
    items = np.concatenate([leaving.item[into], leaving.item[out]])
    cells, row = np.unique(places * width + items, return_inverse=True)
    region, item = np.divmod(cells, width)
    usual = ways_in(network, morning.state, monday).lead[region, item]
    lead = ((leaving.arrival[into] - monday) // DAY).astype(np.int64)
    last = usual.copy()
    np.maximum.at(last, row[: len(lead)], lead)
    ahead = next_arrivals(
        network, supply, monday, (region, item), usual, last, review_weeks, sight_weeks
    )
    today = monday.astype("datetime64[D]").astype(np.int64)
    names = list(zip(network.regions[region], network.items[item], strict=True))
    over = network.assortment.over_before(names, today + usual, today + ahead.day)
    return Windows(region, item, ahead.day, ahead.landed, over)


def supply_of(
    network: Network, morning: Morning, buyers: Buyers, refills: Refills, review_weeks: int
) -> Supply:
    """Return what hubs will have for later plans: the rule's target, or what they hold if more."""
    first, state = len(network.regions), morning.state
    mean = buyers.mean_by_item(morning.monday, refills.trailing_weeks, len(network.items))
    held = state.on_hand[first:]
    coming = state.coming_to >= first
    holds = held > 0
    holds[state.coming_to[coming] - first, state.coming_item[coming]] = True
    wanted = review_weeks * _sells(network, buyers, refills, morning.monday)
    return Supply(holds, np.maximum(refills.due(mean, 0 * held), held).astype(float), wanted)


def _sells(network: Network, buyers: Buyers, refills: Refills, day: np.datetime64) -> Floats:
    """Return mean weekly units of each cell before a day, never 0: half a unit more was ordered."""
    shape, weeks = (len(network.regions), len(network.items)), refills.trailing_weeks
    return buyers.mean_by_cell(day, weeks, shape) + HALF_A_UNIT / weeks


def gain_of(
    network: Network,
    morning: Morning,
    buyers: Buyers,
    refills: Refills,
    leaving: Departures,
    supply: Supply,
    windows: Windows,
    by_cell: Floats | None = None,
) -> float:
    """Return what the plan earned beyond sending nothing until its windows close [money].

    Where `by_cell` is given, what each cell earned is added to it, freight and exits aside, shape
    (regions, items).

    A cell that closes has from then on what it would have had without the plan; what it then has
    more, or less, is valued (equation 12a).
    """
    weeks = _Weeks(network, buyers, refills, morning, supply, windows)
    ours, without = morning.state.depart(network, leaving), morning.state
    gain = -float(((leaving.freight + leaving.exit_cost) * leaving.quantity).sum())
    gain -= beside_units(network, leaving)
    for at in range(windows.days + 1):
        ours, without = weeks.dawn(at, ours), weeks.dawn(at, without)
        gain += weeks.left_more(at, ours, without, by_cell)
        ours = weeks.closed(at, ours, without)
        if at < windows.days:
            ours, earned = weeks.sold(at, ours, by_cell, 1)
            without, earned_without = weeks.sold(at, without, by_cell, -1)
            gain += earned - earned_without
    return gain


@dataclass(frozen=True)
class _Weeks:
    """What happens to either state on each day `at` from the Monday of the plan."""

    network: Network
    buyers: Buyers
    refills: Refills
    morning: Morning
    supply: Supply
    windows: Windows

    def day(self, at: int) -> np.datetime64:
        """Return the date."""
        return self.morning.monday + at * DAY

    def retained(self, at: int) -> Retained | None:
        """Return what units are worth in the week of the day, None where money is by unit."""
        return retained_on(self.network, self.buyers, self.refills, self.day(at - at % WEEK_DAYS))

    def dawn(self, at: int, state: State) -> State:
        """Land what is due; on a later Monday, fill up the hubs."""
        if at == 0 or at % WEEK_DAYS:
            return state.land(self.day(at))
        return monday_morning(self.network, state, self.buyers, self.refills, self.day(at)).state

    def sold(self, at: int, state: State, by_cell: Floats | None, sign: int) -> tuple[State, float]:
        """Serve the buyers of the day; on a Sunday night, charge holding."""
        network, day, on_hand = self.network, self.day(at), state.on_hand.copy()
        told = None if by_cell is None else np.zeros_like(by_cell)
        sales = sell(network, on_hand, self.buyers, day, self.retained(at), told)
        earned = sales.margin - sales.parcels - sales.last_mile
        if at % WEEK_DAYS == WEEK_DAYS - 1:
            lying = on_hand[: len(network.regions)]
            earned -= float(lying.sum(axis=0) @ network.holding) - network.saved_at_hubs(lying)
            if told is not None:
                at_hub = 0.0 if network.held_at_hub is None else network.held_at_hub
                told -= lying * (network.holding - at_hub)
        if by_cell is not None and told is not None:
            by_cell += sign * told
        return replace(state, on_hand=on_hand), earned

    def closed(self, at: int, ours: State, without: State) -> State:
        """Give the cells that close the stock that they have without the plan."""
        _, cells = self._closing(at)
        on_hand = ours.on_hand.copy()
        on_hand[cells] = without.on_hand[cells]
        return replace(ours, on_hand=on_hand)

    def left_more(self, at: int, ours: State, without: State, by_cell: Floats | None) -> float:
        """Value what the cells that close have more with the plan than without it."""
        network, day = self.network, self.day(at)
        rows, (region, item) = self._closing(at)
        if not len(rows):
            return 0.0
        there = without.in_regions(network)[region, item]
        more = ours.on_hand[region, item] - without.on_hand[region, item]
        count = np.abs(more)
        cell = np.repeat(np.arange(len(rows)), count)
        rank = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count) + 1
        rank += (there + np.minimum(more, 0))[cell]  # those that both have come first
        earns, sells = self.sale_to_come(day, (region, item))
        earns[self.windows.over[rows]] = -np.inf
        worth = left_unsold(
            earns[cell],
            self.windows.landed[rows][cell],
            network.holding_of(region, item)[cell],
            sells[cell],
            cheapest_exit(network, region, item, day)[cell],
            rank,
        )
        signed = np.sign(more)[cell] * worth
        if by_cell is not None:
            np.add.at(by_cell, (region[cell], item[cell]), signed)
        return float(signed.sum())

    def sale_to_come(self, day: np.datetime64, cells: tuple[Ints, Ints]) -> tuple[Floats, Floats]:
        """Return what a unit's sale adds in each cell, and how many a week are sold from there.

        By order both look at orders that the gate lets pass (equations 22 to 22b).
        """
        network, buyers, weeks = self.network, self.buyers, self.refills.trailing_weeks
        alone = sale_ahead(network, *cells, day, self.supply.holds)
        if buyers.book is None:
            return alone, _sells(network, buyers, self.refills, day)[cells]
        mean = buyers.mean_by_cell(day, weeks, (len(network.regions), len(network.items)))
        past = buyers.book.past(day, weeks)
        passing = passing_orders(network, past, self.supply.holds, mean, day)
        key, one = cells[0] * len(network.items) + cells[1], np.ones(len(cells[0]), dtype=np.int64)
        worth = retained_in(network, cells, mean, day).worth(key, one)
        taken = passing.units[cells] / buyers.weeks_before(day, weeks)
        return passing.earns(cells, alone, worth), taken + HALF_A_UNIT / weeks

    def _closing(self, at: int) -> tuple[Ints, tuple[Ints, Ints]]:
        """Return the rows of the cells that close, and their region and item."""
        rows = np.flatnonzero(self.windows.closes == at)
        return rows, (self.windows.region[rows], self.windows.item[rows])
