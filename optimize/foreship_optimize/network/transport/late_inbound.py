"""Inbound that may come late, in part or not at all: the law of each row, and its arrivals by path.

Equation 32 of docs/value.md. A row left its hub as long before its promised day as the cheapest
lane into its region takes; that it is not there yet is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats, Hashes, Ints
from foreship_foundation.telling.words import plural
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.late_supply import shown_by_place
from foreship_optimize.network.transport.arrival_law import (
    arrival_chance,
    arrival_quantile,
    next_open,
)
from foreship_optimize.network.transport.codes import codes_of, days_from
from foreship_optimize.network.transport.hub_lanes import from_hubs, lane_cost
from foreship_optimize.network.transport.lanes import closed_docks
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.tables import Tables

__all__ = ["Landings", "LateInbound", "read_late_inbound"]


SUREST: Final = 0.99
"""largest part that comes at all, asked of what is overdue: else nothing overdue were ever lost"""


@dataclass(frozen=True)
class LateInbound:
    """Inbound of regions, one row a (cell, promised day), sorted; every column of shape (N,)."""

    cell: Ints
    promised: Ints
    """day from `as_of`; below 0 for what is overdue"""
    units: Ints
    left: Ints
    """day on which it left, from `as_of`"""
    mean_days: Floats
    """from leaving to arrival"""
    sd_days: Floats
    share: Floats
    """part of what is announced that comes at all [0, 1]"""
    closed: tuple[frozenset[int], ...]
    """days from `as_of` on which the dock of its region is closed"""

    def of_cells(self, place: Ints) -> LateInbound:
        """Return the rows of some cells; `place` has their new positions, -1 of others, (C,)."""
        at = place[self.cell]
        mine = np.flatnonzero(at >= 0)
        names = ("promised", "units", "left", "mean_days", "sd_days", "share")
        columns = {name: getattr(self, name)[mine] for name in names}
        closed = tuple(self.closed[row] for row in mine.tolist())
        return replace(self, cell=at[mine], **columns, closed=closed)

    def landings(self, demand: DemandScenarios, rows: Ints) -> Landings:
        """Draw when and how much of it lands in some cells, path by path (equation 32)."""
        place = np.full(int(max(rows.max(initial=0), self.cell.max(initial=0))) + 1, -1)
        place[rows] = np.arange(len(rows))
        mine = np.flatnonzero(place[self.cell] >= 0)
        nth = np.arange(len(self.cell)) - np.searchsorted(self.cell, self.cell)
        content = self._content()
        when, much = (
            demand.spread(self.cell[mine], content[mine], 2 * nth[mine] + turn) for turn in (0, 1)
        )
        day, units = self._drawn(mine, when, much)
        row, path = np.nonzero(units)
        found = np.lexsort((path, row, day[row, path]))
        row, path = row[found], path[found]
        return Landings(day[row, path], place[self.cell[mine[row]]], path, units[row, path])

    @property
    def believed(self) -> Floats:
        """`share`, but of what is overdue no more than `SUREST` where arrivals are drawn, (N,)."""
        doubtful = (self.promised < 0) & (self.sd_days > 0.0)
        return np.where(doubtful, np.minimum(self.share, SUREST), self.share)

    def note(self) -> str:
        """Say how much of it is expected, in a sentence."""
        columns = self.left, self.mean_days, self.sd_days, self.believed
        terms = zip(*(each.tolist() for each in columns), strict=True)
        comes = [_known(left, mean, sd, share)[1] for left, mean, sd, share in terms]
        return (
            f"inbound to regions: {float(self.units @ np.array(comes)):.0f} of "
            f"{plural(int(self.units.sum()), 'unit')} are expected, on days drawn as lanes and "
            "receipts say"
        )

    def _content(self) -> Hashes:
        """Number rows by what they hold: two with the same day and units in one cell are one."""
        numbers = self.promised.astype(np.uint64) * np.uint64(2**32) + self.units.astype(np.uint64)
        return np.asarray(numbers, dtype=np.uint64)

    def _drawn(self, rows: Ints, when: Floats, much: Floats) -> tuple[Ints, Ints]:
        """Day of arrival and units of some rows on each path, (len(rows), S)."""
        day = np.zeros(when.shape, dtype=np.int64)
        units = np.zeros(when.shape, dtype=np.int64)
        terms = np.stack([self.left, self.mean_days, self.sd_days, self.believed])[:, rows]
        kinds, kind = np.unique(terms, axis=1, return_inverse=True)
        for number, (left, mean, sd, share) in enumerate(kinds.T.tolist()):
            same = np.flatnonzero(kind.reshape(-1) == number)
            gone, comes = _known(left, mean, sd, share)
            still = 1.0 - gone
            if still > 0.0:
                day[same] = left + arrival_quantile(mean, sd, gone + still * when[same])
            announced, overdue = self.units[rows[same], None], self.promised[rows[same], None] < 0
            part = np.floor(announced * comes + much[same]).astype(np.int64)
            units[same] = np.where(overdue, announced * (much[same] < comes), part)
        day = np.maximum(day, 0)
        for place, row in enumerate(rows.tolist()):
            if self.sd_days[row] > 0.0:
                day[place] = next_open(day[place], self.closed[row])
        return day, units


def _known(left: float, mean_days: float, sd_days: float, share: float) -> tuple[float, float]:
    """Chance that a row would be there by now, and that it comes though it is not (32a)."""
    gone = float(arrival_chance(mean_days, sd_days, np.array([-left - 1]))[0])
    still = share * (1.0 - gone)
    if share == 1.0:
        return gone, 1.0
    return gone, still / (1.0 - share + still) if still > 0.0 else 0.0


@dataclass(frozen=True)
class Landings:
    """Units that land in a cell on a day of a path, sorted by day; every column of shape (K,)."""

    day: Ints
    row: Ints
    path: Ints
    units: Ints

    def by_day(self) -> dict[int, Landings]:
        """Return the landings of each day."""
        days, first = np.unique(self.day, return_index=True)
        if not len(days):
            return {}
        columns = (self.day, self.row, self.path, self.units)
        parts = zip(*(np.split(each, first[1:]) for each in columns), strict=True)
        return {day: Landings(*part) for day, part in zip(days.tolist(), parts, strict=True)}


def read_late_inbound(
    tables: Tables, network: Network, cell_region: Ints, cell_item: Ints, as_of: pd.Timestamp
) -> LateInbound | None:
    """Find how late inbound of regions may be; None where all of it comes on its day.

    Parameters
    ----------
    cell_region, cell_item
        The cells, sorted.
    """
    inbound, items = tables["inbound"], len(network.items)
    region = codes_of(inbound["location"], network.regions)
    mine = np.flatnonzero((region >= 0) & (inbound["quantity"].to_numpy() > 0))
    rows = pd.DataFrame(
        {
            "key": region[mine] * items + codes_of(inbound["item"].iloc[mine], network.items),
            "day": days_from(as_of, inbound["arrival_date"].iloc[mine], 0),
            "units": inbound["quantity"].to_numpy(np.int64)[mine],
        }
    )
    rows = rows.groupby(["key", "day"], sort=True)["units"].sum().reset_index()
    cell = np.searchsorted(cell_region * items + cell_item, rows["key"].to_numpy())
    place, item = cell_region[cell], cell_item[cell]
    promised, units = rows["day"].to_numpy(np.int64), rows["units"].to_numpy(np.int64)
    lead, sd = _cheapest_lane(network, place, item)
    lead = np.where(lead >= 0, lead, np.maximum(promised, 0))
    shown = shown_by_place(tables.get("lateness"), as_of)
    late, share = np.zeros(len(rows)), np.ones(len(rows))
    for name, each in shown.items():
        here = network.regions[place] == name
        late[here], sd[here], share[here] = each.late_days, each.sd_days, each.share
    if not ((sd > 0.0) | (late != 0.0) | (share < 1.0)).any():
        return None
    mean = np.maximum(lead + late, 0.0)
    shut = closed_docks(tables, network.regions.tolist(), as_of)
    closed = tuple(shut.get(name, frozenset()) for name in network.regions[place].tolist())
    return LateInbound(cell, promised, units, promised - lead, mean, sd, share, closed)


def _cheapest_lane(network: Network, region: Ints, item: Ints) -> tuple[Ints, Floats]:
    """Days on the way and their sd on the cheapest lane from any hub; -1 and 0 without one."""
    best, lead = np.full(len(region), np.inf), np.full(len(region), -1, dtype=np.int64)
    sd, lanes = np.zeros(len(region)), network.lanes
    for _, table in from_hubs(network, 0):
        lane = table[region]
        cost = lane_cost(network, lane, item)
        wide, told = lanes.sd_days[lane], lanes.lead_days[lane] - lanes.offset[lane]
        takes = np.where(wide > 0.0, lanes.travel_days[lane], told)
        as_good = (cost == best) & np.isfinite(cost)
        sooner = (takes < lead) | ((takes == lead) & (wide < sd))
        better = (cost < best) | (as_good & sooner)
        best, lead = np.where(better, cost, best), np.where(better, takes, lead)
        sd = np.where(better, wide, sd)
    return lead, sd
