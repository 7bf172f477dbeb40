"""Whether losses and chances are true, recomputed from the demand scenarios.

The paths' own rule for cutting a week (`demand_until`) is an input like the paths themselves; the
walk through stock and inbound is the audit's own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship_foundation.actions import exit_names
from foreship_foundation.telling.words import number
from foreship_optimize.audit.books import INTO_REGION, Books, Line, arrivals_of, close
from foreship_optimize.audit.late_arrivals import Law, law_of

__all__ = ["chances_match_demand", "worst_outcomes_match"]

Cell: TypeAlias = tuple[str, str]
Units: TypeAlias = npt.NDArray[np.int64]
NEAR = 1e-9
LOCAL, BACK, BETWEEN = (exit_names(destination=place) for place in ("", "hub", "region"))
"""exits out of the network, back to a hub, to another region"""
TOGETHER = 256
"""cells whose demand is read at a time"""


class Paths:
    """Demand of some cells by scenario, from the day of the plan, and what of it finds no stock."""

    def __init__(self, books: Books, demand: Any, asked: Collection[Cell]) -> None:
        self._books, self._demand = books, demand
        cells = zip(demand.region.tolist(), demand.item.tolist(), strict=True)
        known = [(row, cell) for row, cell in enumerate(cells) if cell in asked]
        self._rows = np.array([row for row, _ in known], dtype=np.int64)
        self._cells = [cell for _, cell in known]
        self._place = {cell: place for place, cell in enumerate(self._cells)}
        start = np.datetime64(books.as_of, "D") - np.datetime64(demand.weeks[0], "D")
        self._skip = int(start.astype(np.int64))
        self.scenarios = int(demand.scenarios)
        self._drawn = any(books.is_late(cell) for cell in books.coming)
        self._group = -1
        self._by_day: dict[int, Units] = {}
        self._by_window: dict[tuple[int, int], Units] = {}

    def need(self, cell: Cell, start: int, end: int) -> Units:
        """Demand of days start..end that finds no stock, (S,); 0 for a cell without paths.

        Cells come in their order: a group of them is walked at a time, and the last one kept.
        """
        if cell not in self._place:
            return np.zeros(self.scenarios, dtype=np.int64)
        group, row = divmod(self._place[cell], TOGETHER)
        if group != self._group:
            self._group, self._by_day, self._by_window = group, {}, {}
        if (start, end) not in self._by_window:
            self._by_window[start, end] = self._walk(start, end)
        unmet: Units = self._by_window[start, end][row]
        return unmet

    def _walk(self, start: int, end: int) -> Units:
        """Walk the group's stock through its paths; demand that finds none is lost, (cells, S)."""
        stock, landing = self._stock()
        unmet, last = np.zeros_like(stock), np.zeros_like(stock)
        stops = sorted({day for day in landing if day < end} | {start, end})
        stock += landing.pop(0, 0)
        today = 0
        for stop in stops:
            if stop > today:
                total = self._until(stop)
                wanted, last = total - last, total
                if today >= start:
                    unmet += np.maximum(wanted - stock, 0)
                stock = np.maximum(stock - wanted, 0)
                today = stop
            stock += landing.pop(stop, 0)
        return unmet

    def _stock(self) -> tuple[Units, dict[int, Units]]:
        """Units there, (cells, S), and those that land by day, (cells, 1)."""
        first = TOGETHER * self._group
        cells = self._cells[first : first + TOGETHER]
        lies = np.array([self._books.on_hand.get(cell, 0) for cell in cells], dtype=np.int64)
        landing: dict[int, Units] = {}
        for row, cell in enumerate(cells):
            if self._drawn:
                number = int(self._rows[first + row])
                self._land_by_path(number, cell, landing, (row, len(cells)))
                continue
            for date, units in self._books.coming.get(cell, ()):
                day = 0 if pd.isna(date) else max(0, (date - self._books.as_of).days)
                landing.setdefault(day, np.zeros((len(cells), 1), dtype=np.int64))[row] += units
        return np.repeat(lies[:, None], self.scenarios, axis=1), landing

    def _land_by_path(
        self, number: int, cell: Cell, landing: dict[int, Units], place: tuple[int, int]
    ) -> None:
        """Add what comes into a cell, late or in part, to the units that land by day.

        Parameters
        ----------
        number
            Row of the cell in the demand, which deals its numbers to the paths.
        place
            Row of the cell in its group, and how many there are.
        """
        row, count = place
        for nth, coming in enumerate(self._books.coming_late(cell)):
            content = np.array([coming.promised * 2**32 % 2**64 + coming.units], dtype=np.uint64)
            when, much = (
                self._demand.spread(np.array([number]), content, np.array([2 * nth + turn]))[0]
                for turn in (0, 1)
            )
            for path, (day, units) in enumerate(zip(*coming.landing(when, much), strict=True)):
                if units:
                    none = np.zeros((count, self.scenarios), dtype=np.int64)
                    landing.setdefault(day, none)[row, path] += units

    def _until(self, day: int) -> Units:
        """Demand of the group before a day counted from the day of the plan, (cells, S)."""
        if day not in self._by_day:
            first = TOGETHER * self._group
            rows = self._rows[first : first + TOGETHER]
            after = self._demand.demand_until(rows, self._skip + day)
            before = self._demand.demand_until(rows, self._skip) if self._skip else 0
            self._by_day[day] = np.asarray(after - before, dtype=np.int64)
        return self._by_day[day]


def worst_outcomes_match(
    books: Books, lines: list[Line], demand: Any, summary: Mapping[str, Any]
) -> Iterable[str]:
    """Check that the stated CVaR is the mean of the worst outcomes, and keeps its budget."""
    risk, sent = books.params.risk, defaultdict[Cell, int](int)
    for line in lines:
        if line.action in INTO_REGION:
            sent[line.destination, line.item] += line.quantity
    paths = Paths(books, demand, sent)
    losses = np.zeros(paths.scenarios)
    for cell, units in sorted(sent.items()):
        need = paths.need(cell, 0, 7 * int(risk.horizon_weeks))
        losses += _loss_of_a_unit(books, cell) * np.maximum(units - need, 0)
    losses += math.fsum(_dearer(books, line) * line.quantity for line in lines)
    worst = mean_of_worst(losses, float(risk.level))
    if not close(worst, float(summary["cvar"])):
        yield f"cvar {number(summary['cvar'])} is {number(worst)}"
    if risk.budget is not None:
        most = float(risk.budget) + books.relaxed.get("risk budget", 0.0)
        if worst > most + 1e-6 * max(1.0, most):
            yield f"risk budget: {number(worst)} of {number(most)}"


def mean_of_worst(losses: npt.NDArray[np.float64], level: float) -> float:
    """Mean of the worst 1 - level share of outcomes; the last one counts with its fraction."""
    size = (1.0 - level) * len(losses)
    total, left = 0.0, size
    for loss in sorted(losses.tolist(), reverse=True):
        share = min(1.0, left)
        if share <= NEAR:
            break
        total += share * loss
        left -= share
    return total / size


def _loss_of_a_unit(books: Books, cell: Cell) -> float:
    """Cheapest way in + holding over the risk horizon + cheapest exit, at least 0."""
    region, item = cell
    exits = [books.exit_cost(kind, region, item) for kind in LOCAL]
    home = [lane for hub in books.hubs for lane in books.lanes.get((region, hub), ())]
    for kind in BACK:
        back = books.exit_cost(kind, region, item)
        if back is not None:
            exits += [back + books.freight(lane, item) for lane in home]
    written_off = float(books.items[item]["unit_cost"])
    ways = [float(cost) for cost in exits if cost is not None]
    away = max(min(ways, default=written_off), 0.0)
    holding = books.holding(region, item) * books.params.risk.horizon_weeks
    return float(_cheapest_way_in(books, cell) + holding + away)


def _cheapest_way_in(books: Books, cell: Cell) -> float:
    """Cheapest open lane from a hub that holds the item, else the cheapest redirect."""
    ships = [cost for _, cost, _ in books.landed(cell)]
    if ships:
        return min(ships)
    return min((cost for cost, _ in _redirects(books, cell, usable=False)), default=0.0)


def _redirects(books: Books, cell: Cell, *, usable: bool = True) -> list[tuple[float, int]]:
    """Cost and lead of every redirect that reaches a cell in time; if `usable`, not forbidden."""
    region, item = cell
    held = [place for place in sorted(books.regions) if books.on_hand.get((place, item), 0) > 0]
    return [
        (books.freight(lane, item) + handling, lane.lead_days)
        for kind in BETWEEN
        for origin in held
        for lane in books.lanes.get((origin, region), ())
        if (handling := books.exit_cost(kind, origin, item)) is not None
        and books.in_time(cell, lane.lead_days)
        and not (usable and books.forbidden(origin, cell))
    ]


def _dearer(books: Books, line: Line) -> float:
    """Freight of a unit beyond the cheapest way into its cell that the plan could have used."""
    if line.action not in INTO_REGION or line.quantity < 1:
        return 0.0
    cell = (line.destination, line.item)
    ways = books.usable(cell) or _redirects(books, cell)
    cheapest = min((cost for cost, _ in ways), default=0.0)
    return max(line.cost / line.quantity - cheapest, 0.0)


def chances_match_demand(
    books: Books, lines: list[Line], demand: Any, units: pd.DataFrame
) -> Iterable[str]:
    """Check that p of each unit sent is the share of paths that need it when it arrives.

    Its window begins with its arrival and ends where the next plan's units may first come; a drawn
    arrival counts by the chance of each of its days.
    """
    told = _chances(units[units["planned"].to_numpy() == 1])
    arrivals = arrivals_of(books, lines)
    paths = Paths(books, demand, told)
    for cell in sorted(arrivals.keys() & told.keys()):
        usual, lies = _usual_lead(books, cell), books.on_hand.get(cell, 0)
        laws: dict[int, list[Law]] = {}
        for rank, p in told[cell]:
            lead = arrivals[cell].get(rank)
            if lead is None or rank <= lies:  # the first is told by the sums of the ledger
                continue
            if lead not in laws:
                laws[lead] = _laws_on(books, cell, lead, usual)
            truths = [_wanted(books, paths, cell, law, (rank - lies, usual)) for law in laws[lead]]
            if min(abs(p - truth) for truth in truths) > NEAR:
                yield (
                    f"units: unit {rank} of {cell} has p {number(p)}, the paths say "
                    f"{number(truths[0])}"
                )
                break


def _wanted(books: Books, paths: Paths, cell: Cell, law: Law, asked: tuple[int, int]) -> float:
    """Chance that a unit that arrives by a law finds so many wanted in its window.

    `asked` is how many, and the earliest day on which this plan's units come.
    """
    (units, usual), chance = asked, 0.0
    for day, weight in law:
        need = paths.need(cell, day, books.next_arrival(cell, day, usual))
        chance += weight * (np.count_nonzero(need >= units) / paths.scenarios)
    return min(chance, 1.0)


def _laws_on(books: Books, cell: Cell, lead: int, usual: int) -> list[Law]:
    """Laws by which units come on that mean day; where there are several, the usual day's too."""
    laws = _laws_of_ways(books, cell, lead)
    if len(laws) > 1 and lead != usual:
        laws |= _laws_of_ways(books, cell, usual)
    return sorted(laws) or [((lead, 1.0),)]


def _laws_of_ways(books: Books, cell: Cell, lead: int) -> set[Law]:
    """Laws of all lanes that bring units into a cell on that mean day."""
    region, item = cell
    return {
        law_of(lane.days, lane.offset, lane.sd_days, lane.closed)
        for origin in books.origins_of(region)
        if books.hub_stock.get((origin, item), 0) + books.on_hand.get((origin, item), 0) > 0
        for lane in books.lanes[origin, region]
        if lane.lead_days == lead
    }


def _usual_lead(books: Books, cell: Cell) -> int:
    """Days until the earliest ship into a cell, or without one the earliest redirect."""
    ships = [lead for _, lead in books.usable(cell)]
    return min(ships or [lead for _, lead in _redirects(books, cell)], default=0)


def _chances(planned: pd.DataFrame) -> dict[Cell, list[tuple[int, float]]]:
    """Rank and chance of the planned units, by cell."""
    told: dict[Cell, list[tuple[int, float]]] = defaultdict(list)
    columns = (planned[name].tolist() for name in ("region", "item", "unit", "p"))
    for region, item, rank, p in zip(*columns, strict=True):
        told[region, item].append((rank, p))
    return told
