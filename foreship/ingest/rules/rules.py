"""Rules between the columns of a table and between tables, one function each.

Each rule takes the tables as read and yields faults. Ids are compared as distinct texts, so
that a rule costs the same for a thousand rows and for ten million.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd

from foreship.errors import Fault, Severity
from foreship.forms import LEAVE_OUT, LYING
from foreship.ingest.findings import fault_in_rows, in_short
from foreship.ingest.rules.asked_rules import (
    adjustments_are_sound,
    categories_are_known,
    policies_are_sound,
)
from foreship.ingest.rules.assumed import assumed_values_are_counted
from foreship.ingest.rules.changed_ids import ids_are_as_they_were, meant_by
from foreship.ingest.tables import TableRead
from foreship.ingest.values.days import weekday
from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.bounds import MOST_IN_CELL
from foreship_foundation.tables.keys import combined_codes
from foreship_foundation.tables.ranges import EARLIEST, LARGEST_WEEK, LARGEST_WEEK_KEPT, LATEST
from foreship_foundation.telling.words import listed, plural
from foreship_foundation.trading_weeks import next_monday
from foreship_foundation.working_days import CLOSED, closes

__all__ = ["LEFT_OUT", "RULES", "locks_have_expired"]

Tables: TypeAlias = Mapping[str, TableRead]
WIDEST_COSTS = 1e6
LEFT_OUT = ("returns", "receipts")  # what is not sold any more may still come back, or have come
SAME_LANE = ("origin", "destination", "lead_time_days")
LEAVING = ("departs", "vehicle_cost", "vehicle_capacity", "vehicle_kg", "line_cost")
"""in what alternatives of one pair of places may differ beside: when they leave, who carries"""
LONGEST_HISTORY = np.timedelta64(366 * 50, "D")


def ids_are_known(tables: Tables) -> Iterator[Fault]:
    """Refuse ids that the table which declares them does not have."""
    for read in tables.values():
        for column in read.table.columns:
            targets = [each.split(".") for each in column.refers]
            readable = all(t in tables and c in tables[t].parsed for t, c in targets)
            if not targets or not readable or column.name not in read.parsed:
                continue
            known = {name for t, c in targets for name in tables[t].names_of(c)}
            unknown = sorted(set(read.names_of(column.name)) - known)
            if known and unknown:
                yield _unknown(read, column.name, unknown, known, [t for t, _ in targets])


def _unknown(
    read: TableRead, column: str, unknown: list[str], known: set[str], homes: list[str]
) -> Fault:
    bad = read.rows_named(column, set(unknown))
    meant, changed = meant_by(unknown, known)
    remedy = meant or f"add {'them' if len(unknown) > 1 else 'it'} to {homes[0]}"
    words = f"{len(unknown)} ids that are" if len(unknown) > 1 else f"{in_short(unknown[0])} is"
    problem = f"{words} not in {listed(homes, last='or')}"
    if read.table.name in LEFT_OUT and not changed:
        return read.fault(column, bad, problem, "these rows are left out", "warning")
    if column == "item" and read.table.name in LYING:
        remedy += f'; or say [columns] {read.table.name}.unknown_items = "{LEAVE_OUT}"'
    return read.fault(column, bad, problem, remedy)


def ids_differ_by_more_than_case(tables: Tables) -> Iterator[Fault]:
    """Refuse two ids of one kind that case alone tells apart."""
    for name, column in (("items", "item"), ("regions", "region"), ("hubs", "hub")):
        read = tables.get(name)
        if read is None or column not in read.parsed:
            continue
        seen: dict[str, list[str]] = {}
        for each in read.names_of(column):
            seen.setdefault(each.casefold(), []).append(each)
        twins = {each for group in seen.values() if len(group) > 1 for each in group}
        if twins:
            bad = read.rows_named(column, twins)
            yield read.fault(
                column, bad, "ids that differ only by case", "make them one, or rename"
            )


def hubs_are_not_regions(tables: Tables) -> Iterator[Fault]:
    """Refuse a place that is both a hub and a region."""
    if not _has(tables, "hubs.hub", "regions.region"):
        return
    hubs = tables["hubs"]
    both = set(hubs.names_of("hub")) & set(tables["regions"].names_of("region"))
    if both:
        bad = hubs.rows_named("hub", both)
        yield hubs.fault("hub", bad, "also the id of a region", "give hub and region their own ids")


def lanes_lead_somewhere(tables: Tables) -> Iterator[Fault]:
    """Refuse a lane that ends where it starts; warn of lanes between hubs."""
    if not _has(tables, "lanes.origin", "lanes.destination"):
        return
    lanes = tables["lanes"]
    ends = [lanes.texts("origin"), lanes.texts("destination")]
    loop = (ends[0] == ends[1]) & (ends[0] != "")
    yield from _maybe(
        lanes, "origin", loop, "origin and destination are the same", "a lane leads elsewhere"
    )
    if not _has(tables, "regions.region", "hubs.hub"):
        return
    hubs = set(tables["hubs"].names_of("hub"))
    between = np.array([a in hubs and b in hubs for a, b in zip(*ends, strict=True)], dtype=bool)
    words = "lanes from hub to hub"
    yield from _maybe(lanes, "origin", between & ~loop, words, "they are not used", "warning")


def spans_run_forward(tables: Tables) -> Iterator[Fault]:
    """Refuse `to` before `from`."""
    for name in ("lanes", "assortment"):
        if _has(tables, f"{name}.from", f"{name}.to"):
            read = tables[name]
            bad = read.parsed["to"].values < read.parsed["from"].values
            yield from _maybe(read, "to", bad, "ends before it starts", "to is the last day")


def windows_stand_apart(tables: Tables) -> Iterator[Fault]:
    """Note windows of one cell whose days overlap."""
    of = ("region", "item")
    if _has(tables, *(f"assortment.{column}" for column in (*of, "from"))):
        read, words = tables["assortment"], "windows of one cell that overlap"
        yield from _maybe(
            read, "from", _overlapping(read, of), words, "they are read as one", "note"
        )


def tariffs_follow_on_each_other(tables: Tables) -> Iterator[Fault]:
    """Note rows between two places of as many days that are open together, a tariff not ended."""
    if _has(tables, *(f"lanes.{column}" for column in (*SAME_LANE, "from"))):
        read = tables["lanes"]
        of = (*SAME_LANE, *(name for name in LEAVING if name in read.parsed))
        words = "two rows between the same places, of as many days, are open on the same day"
        remedy = "both may be used: end the old one with `to` where the new one takes its place"
        yield from _maybe(read, "from", _overlapping(read, of), words, remedy, "note")


def lanes_say_one_price(tables: Tables) -> Iterator[Fault]:
    """Refuse a second price of one lane: same places, days and dates, and room without limit.

    Rows that are the same in everything are warned of.
    """
    if not _has(tables, *(f"lanes.{column}" for column in (*SAME_LANE, "cost_per_unit"))):
        return
    read = tables["lanes"]
    same = _codes_of(read, (*SAME_LANE, *LEAVING, "from", "to", "cost_per_kg"))
    limited = np.zeros(read.rows, dtype=bool)
    if "capacity" in read.parsed:
        limited = ~read.parsed["capacity"].blank & np.isfinite(read.parsed["capacity"].values)
    rows = pd.DataFrame({"price": _codes_of(read, ("cost_per_unit",)), "limited": limited})
    by_lane = rows.groupby(same)
    bad = (by_lane["price"].transform("nunique") > 1) & ~by_lane["limited"].transform("any")
    if bad.any():
        yield fault_in_rows(
            "lanes",
            "origin, destination",
            bad.to_numpy(),
            read.numbering,
            problem="the same origin and destination more than once, at another cost",
            remedy="say which cost holds; alternatives differ in days, dates, capacity or vehicle",
            show=lambda at: tuple(read.value(name, at) for name in SAME_LANE[:2]),
        )
    twice = pd.Series(_codes_of(read, read.table.names)).duplicated(keep=False).to_numpy()
    words = "rows that are the same in everything"
    yield from _maybe(read, "origin", twice, words, "their capacities add up", "warning")


def _codes_of(read: TableRead, columns: Iterable[str]) -> Ints:
    """Number the rows by the values of those columns that the table has."""
    here = [read.parsed[name].values for name in columns if name in read.parsed]
    return combined_codes(here, read.rows)


def _overlapping(read: TableRead, of: tuple[str, ...]) -> Bools:
    """Tell which rows begin before an earlier one of the same kind has ended."""
    same = combined_codes((read.parsed[column].values for column in of), read.rows)
    first = read.parsed["from"].values
    first = np.where(np.isnat(first), EARLIEST, first).astype(np.int64)
    last = np.full(read.rows, LATEST)
    if "to" in read.parsed:
        given = read.parsed["to"].values
        last = np.where(np.isnat(given), LATEST, given)
    order = np.lexsort((first, same))
    # the latest end so far of the same kind: kinds lie further apart than any two days
    apart = pd.factorize(same[order])[0] * 10**6
    reached = np.maximum.accumulate(last.astype(np.int64)[order] + apart)
    within = first[order][1:] + apart[1:] <= reached[:-1]
    bad = np.zeros(read.rows, dtype=bool)
    bad[order[1:][within]] = True
    return bad


def hubs_close_only(tables: Tables) -> Iterator[Fault]:
    """Refuse a hub in the calendar for anything but that it is closed: nobody buys there."""
    if not _has(tables, "calendar.region", "calendar.event", "hubs.hub"):
        return
    read = tables["calendar"]
    bad = read.rows_named("region", set(tables["hubs"].names_of("hub")))
    bad &= ~closes(read.texts("event"))
    remedy = f"the event of a hub begins with {listed(CLOSED, last='or')}; demand is of regions"
    yield from _maybe(read, "event", bad, "a hub under an event that does not close it", remedy)


def regions_have_a_lane(tables: Tables) -> Iterator[Fault]:
    """Warn of regions no hub reaches; refuse if none is reached."""
    if not _has(tables, "regions.region", "hubs.hub", "lanes.origin", "lanes.destination"):
        return
    lanes, regions = tables["lanes"], tables["regions"]
    from_hub = lanes.rows_named("origin", set(tables["hubs"].names_of("hub")))
    reached = set(lanes.texts("destination")[from_hub])
    alone = [name for name in regions.names_of("region") if name not in reached]
    if not alone or not lanes.rows:
        return
    if len(alone) == len(regions.names_of("region")):
        remedy = "a lane that ships has a hub as origin and a region as destination"
        yield Fault("lanes", "no region has a lane from a hub", remedy, "destination")
        return
    words = f"no lane from a hub leads to {_listed(alone)}"
    yield Fault("lanes", words, "nothing can be shipped there", "destination", severity="warning")


def regions_have_orders(tables: Tables) -> Iterator[Fault]:
    """Warn of regions without an order: the export may be incomplete."""
    if not _has(tables, "regions.region", "orders.region") or not tables["orders"].rows:
        return
    silent = sorted(
        set(tables["regions"].names_of("region")) - set(tables["orders"].names_of("region"))
    )
    if silent:
        words = f"no order from {_listed(silent)}"
        yield Fault("orders", words, "is the export complete?", "region", severity="warning")


def weeks_have_orders(tables: Tables) -> Iterator[Fault]:
    """Warn of weeks without an order: the export may be incomplete."""
    if not _has(tables, "orders.date") or not tables["orders"].rows:
        return
    days = np.unique(pd.unique(tables["orders"].parsed["date"].values))
    days = days[~np.isnat(days)]
    if not len(days) or days[-1] - days[0] > LONGEST_HISTORY:
        return
    mondays = np.unique(days - weekday(days).astype("timedelta64[D]"))
    empty = np.setdiff1d(np.arange(mondays[0], mondays[-1], np.timedelta64(7, "D")), mondays)
    if len(empty):
        shown = [str(monday) for monday in empty]
        words = f"no order in the weeks of {_listed(shown)}"
        yield Fault("orders", words, "is the export complete?", "date", severity="warning")


def weeks_can_be_counted(tables: Tables) -> Iterator[Fault]:
    """Refuse weeks of a cell that no history holds; warn of those a forecast may not reach."""
    if not _has(tables, *(f"orders.{column}" for column in ("date", "region", "item", "quantity"))):
        return
    orders = tables["orders"]
    units = orders.parsed["quantity"].values
    item, region = orders.parsed["item"].values, orders.parsed["region"].values
    large = np.bincount(item + 1, units, minlength=1)[item + 1] > LARGEST_WEEK
    rows = np.flatnonzero(large & ~orders.parsed["date"].blank)
    days = orders.parsed["date"].values[rows]
    week = (days - weekday(days).astype("timedelta64[D]")).astype(np.int64)
    cell_week = pd.factorize(combined_codes((region[rows], item[rows], week), len(rows)))[0]
    total = np.zeros(orders.rows)
    total[rows] = np.bincount(cell_week, units[rows])[cell_week] if len(rows) else 0.0
    kept = total <= LARGEST_WEEK_KEPT
    remedy = "check the quantities, or state them in larger units (cases, hundreds)"
    words = "units that a cell orders in a week"
    yield from _maybe(orders, "quantity", ~kept, f"over {LARGEST_WEEK_KEPT:,} {words}", remedy)
    many = kept & (total > LARGEST_WEEK)
    problem = f"over {LARGEST_WEEK:,} {words}, to which a forecast counts"
    yield from _maybe(orders, "quantity", many, problem, remedy, "warning")


def prices_cover_costs(tables: Tables) -> Iterator[Fault]:
    """Warn of items sold below their cost."""
    if not _has(tables, "items.price", "items.unit_cost"):
        return
    items = tables["items"]
    bad = items.parsed["unit_cost"].values > items.parsed["price"].values
    yield from _maybe(
        items, "unit_cost", bad, "above the price", "every sale loses money", "warning"
    )


def costs_are_on_one_scale(tables: Tables) -> Iterator[Fault]:
    """Warn of freight that is free; refuse costs over six decades, a mistake of units."""
    if not _has(tables, "lanes.cost_per_unit") or not tables["lanes"].rows:
        return
    lanes = tables["lanes"]
    costs = lanes.parsed["cost_per_unit"].values
    by_weight = lanes.parsed["cost_per_kg"].values if "cost_per_kg" in lanes.parsed else 0.0
    if (costs == 0).all() and np.all(by_weight == 0):
        words = "all lane costs are 0"
        yield Fault("lanes", words, "is freight free?", "cost_per_unit", severity="warning")
    paid = costs[costs > 0]
    if len(paid) and paid.max() > WIDEST_COSTS * paid.min():
        bad = np.isin(costs, (paid.min(), paid.max()))
        words = "costs over more than 6 decades"
        yield from _maybe(lanes, "cost_per_unit", bad, words, "one currency, one unit?")


def parcels_cost_something(tables: Tables) -> Iterator[Fault]:
    """Warn that without `direct_cost` there is little to save by staging."""
    lanes = tables.get("lanes")
    if lanes is None or not lanes.rows or "cost_per_unit" not in lanes.parsed:
        return
    direct = lanes.parsed.get("direct_cost")
    if direct is None or np.isnan(direct.values).all():
        words = "missing everywhere, so a parcel costs what its lane costs"
        remedy = "there is little to save by staging; give the parcel cost of each lane"
        yield Fault("lanes", words, remedy, "direct_cost", severity="warning")


def further_units_cost_no_more(tables: Tables) -> Iterator[Fault]:
    """Warn where a further unit of an order costs more than its first: exchanged columns."""
    for name, further, first in (
        ("lanes", "direct_further", "direct_cost"),
        ("regions", "last_mile_further", "last_mile_cost"),
    ):
        if not _has(tables, f"{name}.{further}"):
            continue
        read = tables[name]
        dearer = read.parsed[further].values > _first_unit(read, first)
        words = f"above {first}: a further unit of an order costs more than its first one"
        yield from _maybe(read, further, dearer, words, "are the two exchanged?", "warning")


def _first_unit(read: TableRead, first: str) -> Floats:
    """Return what the first unit of an order costs: as stated, else as its lane, else nothing."""
    cost = np.zeros(read.rows)
    for name in ("cost_per_unit", first):
        if name in read.parsed:
            stated = read.parsed[name].values
            cost = np.where(np.isnan(stated), cost, stated)
    return cost


def depots_can_hold_something(tables: Tables) -> Iterator[Fault]:
    """Note a capacity of 0: legal, and worth saying."""
    if _has(tables, "regions.capacity"):
        read = tables["regions"]
        closed = read.parsed["capacity"].values == 0
        yield from _maybe(
            read, "region", closed, "capacity 0", "nothing can be staged there", "note"
        )


def depots_hold_countable_stock(tables: Tables) -> Iterator[Fault]:
    """Refuse more units of an item in a region than a plan can value one by one."""
    if not _has(tables, "stock.location", "stock.quantity", "regions.region"):
        return
    stock = tables["stock"]
    bad = stock.parsed["quantity"].values > MOST_IN_CELL
    if bad.any():
        bad &= stock.rows_named("location", set(tables["regions"].names_of("region")))
    words = f"over {MOST_IN_CELL:,} units of an item in a region"
    yield from _maybe(stock, "quantity", bad, words, "state them in larger units (cases, hundreds)")


def returns_follow_orders(tables: Tables) -> Iterator[Fault]:
    """Warn of cells that returned more than they ordered."""
    wanted = ("region", "item", "quantity")
    if not _has(tables, *(f"{t}.{c}" for t in ("orders", "returns") for c in wanted)):
        return
    orders, returns = tables["orders"], tables["returns"]
    if not (orders.is_sound and returns.is_sound and returns.rows):
        return
    came, went = _cells_of(returns, returns), _cells_of(orders, returns)
    cells, row = np.unique(came, return_inverse=True)
    back = np.bincount(row, returns.parsed["quantity"].values)
    at = np.minimum(np.searchsorted(cells, went), len(cells) - 1)
    mine = cells[at] == went
    sold = np.bincount(at[mine], orders.parsed["quantity"].values[mine], minlength=len(cells))
    above = np.flatnonzero(back > sold)
    if len(above):
        region, item = np.divmod(cells[above], len(_names(returns, "item")))
        told = zip(
            returns.text("region", region), returns.text("item", item), back[above], strict=True
        )
        region, item, units = min((*ids, int(units)) for *ids, units in told)
        words = (
            f"{plural(len(above), 'cell')} returned more than they ordered, first {item} in "
            f"{region}: {units}"
        )
        remedy = "does the history start in between?"
        yield Fault("returns", words, remedy, "quantity", severity="warning")


def _cells_of(rows: TableRead, named: TableRead) -> Ints:
    """Return one number for each row's region and item as another table numbers them.

    It is -1 where that table has no such region or item.
    """
    region, item = (_numbered_as(rows, named, column) for column in ("region", "item"))
    cell = region.astype(np.int64) * len(_names(named, "item")) + item
    return np.where((region >= 0) & (item >= 0), cell, -1)


def _numbered_as(rows: TableRead, named: TableRead, column: str) -> Ints:
    """Return the code that another table has for each row's id, -1 where it has none."""
    known = {name: code for code, name in enumerate(_names(named, column))}
    codes = [known.get(name, -1) for name in _names(rows, column)]
    numbered: Ints = np.array([*codes, -1], dtype=np.int32)[rows.parsed[column].values]
    return numbered


def _names(read: TableRead, column: str) -> list[str]:
    names = read.parsed[column].names
    assert names is not None
    return [str(each) for each in names.to_pylist()]


def overrides_say_a_bound(tables: Tables) -> Iterator[Fault]:
    """Refuse a lock without a bound; only `forbid` needs none."""
    if not _has(tables, "overrides.kind", "overrides.value"):
        return
    read = tables["overrides"]
    silent = (read.texts("kind") != "forbid") & read.parsed["value"].blank
    yield from _maybe(read, "value", silent, "blank", "fix, at_least and at_most need a number")


def overrides_of_what_leaves_name_its_region(tables: Tables) -> Iterator[Fault]:
    """Refuse a lock on what leaves a region that does not say which, or names another end."""
    if not _has(tables, "overrides.action", "regions.region"):
        return
    read = tables["overrides"]
    leaves = read.texts("action") != ""
    regions = set(tables["regions"].names_of("region"))
    origin = np.zeros(read.rows, dtype=bool)
    if "origin" in read.parsed:
        origin = read.rows_named("origin", regions)
    remedy = "name the region that it leaves as origin"
    yield from _maybe(read, "origin", leaves & ~origin, "no region beside an action", remedy)
    if "region" in read.parsed:
        ends = leaves & (read.texts("region") != "")
        yield from _maybe(read, "region", ends, "beside an action", "leave it blank")


def locks_have_expired(tables: Tables) -> Iterator[Fault]:
    """Note locks that expired before the Monday after the last order, the default `as_of`."""
    if not _has(tables, "overrides.expires", "orders.date") or not tables["orders"].rows:
        return
    read, monday = tables["overrides"], next_monday(tables["orders"].parsed["date"].values)
    gone = read.parsed["expires"].values < monday
    yield from _maybe(read, "expires", gone, "expired", f"no lock in a plan of {monday}", "note")


RULES: tuple[Callable[[Tables], Iterator[Fault]], ...] = (
    assumed_values_are_counted,
    ids_are_known,
    ids_differ_by_more_than_case,
    ids_are_as_they_were,
    hubs_are_not_regions,
    lanes_lead_somewhere,
    spans_run_forward,
    windows_stand_apart,
    tariffs_follow_on_each_other,
    lanes_say_one_price,
    hubs_close_only,
    regions_have_a_lane,
    regions_have_orders,
    weeks_have_orders,
    weeks_can_be_counted,
    prices_cover_costs,
    costs_are_on_one_scale,
    parcels_cost_something,
    further_units_cost_no_more,
    depots_can_hold_something,
    depots_hold_countable_stock,
    returns_follow_orders,
    overrides_say_a_bound,
    overrides_of_what_leaves_name_its_region,
    policies_are_sound,
    categories_are_known,
    adjustments_are_sound,
)
"""Every rule between tables, in the order in which faults are told."""


def _has(tables: Tables, *places: str) -> bool:
    pairs = [place.split(".") for place in places]
    return all(table in tables and column in tables[table].parsed for table, column in pairs)


def _listed(names: list[str]) -> str:
    return listed((in_short(name).strip("'") for name in names), most=10)


def _maybe(
    read: TableRead,
    column: str,
    bad: Bools,
    problem: str,
    remedy: str = "",
    severity: Severity = "fault",
) -> Iterator[Fault]:
    if bad.any():
        yield read.fault(column, bad, problem, remedy, severity)
