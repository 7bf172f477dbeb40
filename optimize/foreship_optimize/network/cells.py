"""The cells of a plan: the region x item pairs that may hold units, and the stock there already."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_foundation.telling.words import plural
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.errors import TableFault
from foreship_optimize.network.transport.late_inbound import LateInbound, read_late_inbound
from foreship_optimize.network.transport.places_and_lanes import Network, codes_of, days_from
from foreship_optimize.network.windows import Windows
from foreship_optimize.tables import Tables

__all__ = ["Cells", "align_demand", "choose_cells"]


@dataclass(frozen=True)
class Cells:
    """Region x item cells in canonical order: those that may be stocked or hold stock."""

    region: Ints
    """position in the network's regions, shape (C,)"""
    item: Ints
    on_hand: Ints
    """units there at `as_of`"""
    stocked: Bools
    """True where the assortment lets new units in"""
    windows: Windows
    """when the assortment lets them in"""
    further: Floats
    """part of the units ordered that pay as further ones of their parcels (equation 3d); 0 where
    money is by the unit"""
    inbound_cell: Ints
    """cell of each inbound row, sorted by (cell, day)"""
    inbound_day: Ints
    inbound_units: Ints
    late: LateInbound | None = None
    """when and how much of it truly comes, where that is not sure"""

    def __len__(self) -> int:
        return len(self.region)

    def rows(self, index: Ints) -> Cells:
        """Return some of the cells, without their inbound."""
        none = np.empty(0, dtype=np.int64)
        names = ("region", "item", "on_hand", "stocked", "further")
        mine = {name: getattr(self, name)[index] for name in names}
        mine |= {"windows": self.windows.rows(index)}
        return replace(
            self, **mine, inbound_cell=none, inbound_day=none, inbound_units=none, late=None
        )

    def block(self, index: Ints) -> Cells:
        """Return some of the cells, ascending, with their inbound."""
        place = np.full(len(self), -1, dtype=np.int64)
        place[index] = np.arange(len(index))
        at = place[self.inbound_cell]
        mine = at >= 0
        return replace(
            self.rows(index),
            inbound_cell=at[mine],
            inbound_day=self.inbound_day[mine],
            inbound_units=self.inbound_units[mine],
            late=None if self.late is None else self.late.of_cells(place),
        )

    def find(self, region: Ints, item: Ints, items: int) -> Ints:
        """Position of each (region, item); -1 where it is no cell, or one of the two is -1."""
        key = self.region * items + self.item
        wanted = np.where((region >= 0) & (item >= 0), region * items + item, -1)
        at = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
        return np.where(key[at] == wanted, at, -1) if len(key) else np.full(len(wanted), -1)


def choose_cells(
    tables: Tables, demand: DemandScenarios, network: Network, as_of: pd.Timestamp
) -> tuple[Cells, list[str]]:
    """Take the cells of the assortment, else those of the demand, and all cells with stock.

    Returns
    -------
    The cells, and what was left out, one sentence each.
    """
    items, hubs = len(network.items), len(network.hubs)
    table = tables["assortment"]
    named, notes = _demand_cells(demand, network)
    if len(table):
        region, item = (
            codes_of(table["region"], network.regions),
            codes_of(table["item"], network.items),
        )
        chosen = region * items + item
        notes += _outside(demand, ~np.isin(named, chosen))
    else:
        chosen = named[named >= 0]
    stock, coming = network.region_stock, network.inbound
    coming_here = coming.place >= hubs
    stock_key = stock.place * items + stock.item
    coming_key = (coming.place[coming_here] - hubs) * items + coming.item[coming_here]
    key = np.unique(np.concatenate([chosen, stock_key, coming_key]))
    on_hand = np.zeros(len(key), dtype=np.int64)
    np.add.at(on_hand, np.searchsorted(key, stock_key), stock.quantity)
    windows = Windows.always(len(key))
    if len(table):
        first, last = days_from(as_of, table["from"], -NEVER), days_from(as_of, table["to"], NEVER)
        windows = Windows.of_rows(len(key), np.searchsorted(key, chosen), first, last)
    cell = np.searchsorted(key, coming_key)
    order = np.lexsort((coming.day[coming_here], cell))
    cells = Cells(
        region=key // max(items, 1),
        item=key % max(items, 1),
        on_hand=on_hand,
        stocked=np.isin(key, chosen) & (windows.end >= 0),
        windows=windows,
        further=np.zeros(len(key)),
        inbound_cell=cell[order],
        inbound_day=coming.day[coming_here][order],
        inbound_units=coming.quantity[coming_here][order],
        late=read_late_inbound(tables, network, key // max(items, 1), key % max(items, 1), as_of),
    )
    if cells.late is not None:
        notes.append(cells.late.note())
    return cells, notes


def _demand_cells(demand: DemandScenarios, network: Network) -> tuple[Ints, list[str]]:
    """Key of each demand cell; -1, with a fault reported, where its ids are unknown."""
    region = codes_of(demand.region, network.regions)
    item = codes_of(demand.item, network.items)
    faults = [
        f"demand cell ({demand.region[row]}, {demand.item[row]}): {name} is not in its table"
        for name, code in (("region", region), ("item", item))
        for row in np.flatnonzero(code < 0)[:5].tolist()
    ]
    if faults:
        raise TableFault(faults)
    return region * len(network.items) + item, list(demand.notes)


def _outside(demand: DemandScenarios, outside: Bools) -> list[str]:
    """Say what demand lies in cells that the assortment does not contain."""
    if not outside.any():
        return []
    units = float(demand.totals[outside].sum()) / demand.scenarios
    return [
        f"{plural(int(outside.sum()), 'cell')} with demand ({plural(round(units), 'unit')} "
        "expected) outside the assortment: nothing is sent there"
    ]


def align_demand(
    demand: DemandScenarios, cells: Cells, network: Network, as_of: pd.Timestamp
) -> tuple[DemandScenarios, list[str]]:
    """Give every cell its paths from `as_of` on; a cell without paths has no demand.

    Raises
    ------
    TableFault
        Where the demand does not begin at or before `as_of`.
    """
    start = np.datetime64(as_of, "D")
    skip = int((start - demand.weeks[0]).astype(np.int64)) // 7
    if skip < 0 or skip >= len(demand.weeks) or start not in demand.weeks:
        raise TableFault(
            [f"demand covers {demand.weeks[0]} to {demand.weeks[-1]}; it must hold {start}"]
        )
    region, item = network.regions[cells.region], network.items[cells.item]
    notes = [f"{plural(skip, 'week')} of demand before {start} left out"] if skip else []
    same = len(region) == len(demand.region)
    if same and (region == demand.region).all() and (item == demand.item).all() and not skip:
        return demand, notes
    row = cells.find(
        codes_of(demand.region, network.regions),
        codes_of(demand.item, network.items),
        len(network.items),
    )
    rows = np.full(len(region), -1, dtype=np.int64)
    rows[row[row >= 0]] = np.flatnonzero(row >= 0)
    without = len(region) - int((row >= 0).sum())
    if without:
        notes.append(
            f"{plural(without, 'cell has', 'cells have')} no forecast: no demand is taken there"
        )
    return demand.of_cells(region, item, rows, skip), notes
