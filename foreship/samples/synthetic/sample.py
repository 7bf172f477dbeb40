"""A simulated retailer as a ready workspace, with the true distribution of its demand.

    parameters and calendar -> a history of orders -> stock and lanes -> tables, foreship.toml

The law of demand itself goes to `truth/`: the backtest may read it, learning never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from foreship.samples.randomness import stream
from foreship.samples.synthetic.catalogue import CATEGORIES
from foreship.samples.synthetic.history import History, play
from foreship.samples.synthetic.supply import (
    draw_supply,
    inbound_table,
    lane_table,
    region_table,
    stock_table,
)
from foreship.samples.synthetic.truth_tables import write_truth
from foreship.samples.synthetic.world import AS_OF, SIZES, World, draw_world
from foreship.samples.tablefile import (
    ROWS_AT_ONCE,
    Columns,
    coded,
    numbered,
    optional_dates,
    write_config,
    write_table,
    write_tables,
)

__all__ = ["simulate_workspace"]

DAY = np.timedelta64(1, "D")
DONATED = "fresh"  # the category that cannot go back to a hub


def simulate_workspace(folder: Path, size: str = "small", seed: int = 1) -> dict[str, int]:
    """Write a simulated workspace into an empty folder; return the rows of each table.

    Parameters
    ----------
    folder
        An existing, empty folder.
    size
        One of `SIZES`: tiny 4 regions x 12 items x 60 weeks, small 12 x 120 x 104,
        medium 40 x 1,500 x 104, large 100 x 10,000 x 104; and, of orders without `order_id`,
        hundred-thousand 50 x 2,000 x 104 and million 50 x 20,000 x 104 (10 million order lines).
    seed
        At least 0; the same seed writes the same bytes.
    """
    world = draw_world(SIZES[size], seed)
    history = play(world)
    supply = draw_supply(world, history)
    orders = write_tables(folder, "orders", _orders(world, history))
    tables = {
        "items": _items(world),
        "regions": region_table(world, supply),
        "hubs": _hubs(world),
        "lanes": lane_table(world, supply),
        "stock": stock_table(world, supply),
        "inbound": inbound_table(world, supply),
        "exits": _exits(world),
        "assortment": _assortment(world),
        "returns": _returns(world, history),
        "availability": _availability(world, history),
        "calendar": _calendar(world),
        "prices": _prices(world),
    }
    rows = {"orders": orders}
    rows |= {name: write_table(folder, name, columns) for name, columns in tables.items()}
    write_truth(folder, world)
    words = {
        "origin": f"simulated by foreship, size {size}, seed {seed}; nothing in it is real",
        "as_of": f"stock and inbound are those of Monday {AS_OF}",
    }
    write_config(folder, rows, {"assumptions": words}, "A simulated retailer.")
    return rows


def _orders(world: World, history: History) -> Iterator[Columns]:
    """Return the order lines, a row group at a time."""
    for start in range(0, max(len(history.day), 1), ROWS_AT_ONCE):
        yield _lines(world, history, slice(start, start + ROWS_AT_ONCE))


def _lines(world: World, history: History, part: slice) -> Columns:
    day, order = history.day[part], history.order[part]
    region, item = history.region[part], history.item[part]
    columns = {
        "date": world.weeks[0] + DAY * day,
        "region": coded(region, world.places.region),
        "item": coded(item, world.catalogue.item),
        "quantity": history.quantity[part].astype(np.int64),
        "price": _price(world, item, region, day // 7),
    }
    if world.size.whole_orders:
        columns["order_id"] = coded(*_order_ids(order))
    columns["customer"] = _customers(region, history.customer[part])
    return columns


def _order_ids(order: Any) -> tuple[Any, Any]:
    """Return codes and ids of some order numbers, ascending."""
    first, last = (int(order[0]), int(order[-1])) if len(order) else (0, -1)
    return order - first, numbered(last + 1 - first, "O", first)


def _price(world: World, item: Any, region: Any, week: Any) -> Any:
    """Return what a unit costs in these cells and weeks (arrays of one length) [money]."""
    zone = world.occasions.zone[item, week]
    runs_here = (zone < 0) | (zone == world.places.zone[region])
    cut = np.where(runs_here, world.occasions.cut[item, week], 0.0)
    return (world.catalogue.price[item] * (1.0 - cut)).round(2)


def _customers(region: Any, customer: Any) -> Any:
    """Return customer ids: every region numbers its own."""
    number = region.astype(np.int64) * 1_000_000 + customer
    known, code = np.unique(number, return_inverse=True)
    labels = [f"C{each // 1_000_000 + 1:03d}-{each % 1_000_000:05d}" for each in known.tolist()]
    return coded(code, np.array(labels, object))


def _items(world: World) -> Columns:
    each = world.catalogue
    launched = world.weeks[each.launch_week]
    return {
        "item": each.item,
        "price": each.price,
        "unit_cost": each.unit_cost,
        "volume": each.volume,
        "weight_kg": each.weight_kg,
        "category": np.array([kind.name for kind in CATEGORIES])[each.category],
        "pack_size": each.pack_size,
        "lost_sale_share": each.of_category("lost_sale_share"),
        "launch_date": optional_dates(launched, each.launch_week > 0),
    }


def _hubs(world: World) -> Columns:
    places = world.places
    return {"hub": places.hub, "lat": places.hub_lat, "lon": places.hub_lon}


def _exits(world: World) -> Columns:
    """Return the exits: four for every item; fresh goods are donated, never brought back."""
    fresh = [kind.name for kind in CATEGORIES].index(DONATED)
    donated = np.flatnonzero(world.catalogue.category == fresh)
    item = world.catalogue.item[donated]
    general = np.array(["redirect", "return", "markdown", "give_away"])
    count = len(donated)
    nothing = np.zeros(2 * count)
    return {
        "exit": np.concatenate([general, np.repeat(["return", "donate"], count)]),
        "item": np.concatenate([np.full(len(general), ""), item, item]),
        "region": np.full(len(general) + 2 * count, ""),
        "cost": np.concatenate([[0.0, 0.5, 0.0, 0.2], nothing]),
        "recovery": np.concatenate(
            [np.zeros(4), np.zeros(count), (0.2 * world.catalogue.unit_cost[donated]).round(2)]
        ),
        "capacity": np.concatenate([np.full(4, np.nan), np.zeros(count), np.full(count, np.nan)]),
        "delay_weeks": np.concatenate([np.zeros(4), nothing]),
    }


def _assortment(world: World) -> Columns:
    region, item = np.nonzero(world.listed.T)
    first, end = world.catalogue.launch_week[item], world.catalogue.end_week[item]
    last_day = world.weeks[0] + DAY * (7 * end - 1)
    return {
        "region": coded(region, world.places.region),
        "item": coded(item, world.catalogue.item),
        "from": optional_dates(world.weeks[first], first > 0),
        "to": optional_dates(last_day, end < len(world.weeks)),
    }


def _returns(world: World, history: History) -> Columns:
    """Return what customers sent back, 3 to 24 days after the order, before as_of."""
    rng = stream(world.seed, "returns")
    share = world.catalogue.of_category("returned")[history.item]
    quantity = rng.binomial(history.quantity, share)
    day = history.day + rng.integers(3, 25, len(share))
    known = np.flatnonzero((quantity > 0) & (day < 7 * world.history_weeks))
    known = known[np.lexsort((history.item[known], history.region[known], day[known]))]
    return {
        "date": world.weeks[0] + DAY * day[known],
        "region": coded(history.region[known], world.places.region),
        "item": coded(history.item[known], world.catalogue.item),
        "quantity": quantity[known],
    }


def _availability(world: World, history: History) -> Columns:
    """Return the weeks that could not be sold; every other week could."""
    order = np.lexsort((history.out_item, history.out_region, history.out_week))
    return {
        "week": world.weeks[history.out_week[order]],
        "region": coded(history.out_region[order], world.places.region),
        "item": coded(history.out_item[order], world.catalogue.item),
        "in_stock": np.zeros(len(order), np.int64),
    }


def _calendar(world: World) -> Columns:
    days = [(day, name, "") for name, day in world.occasions.national]
    for number, region in enumerate(world.places.region):
        days += [(d, "city festival", region) for d in world.occasions.festival_days(number)]
    days.sort(key=lambda row: (row[0], row[1], row[2]))
    date, event, region = zip(*days, strict=True)
    return {
        "date": np.array(date, "datetime64[D]"),
        "event": np.array(event),
        "region": np.array(region),
    }


def _prices(world: World) -> Columns:
    """Return past and planned promotions; in every other week an item has its list price."""
    week, item = np.nonzero(world.occasions.cut.T > 0)
    zone = world.occasions.zone[item, week]
    here = (zone[:, None] < 0) | (zone[:, None] == world.places.zone[None, :])
    first, end = world.catalogue.launch_week[item], world.catalogue.end_week[item]
    sold = (week >= first) & (week < end)
    row, region = np.nonzero(here & world.listed[item] & sold[:, None])
    order = np.lexsort((item[row], region, week[row]))
    week, item, region = week[row][order], item[row][order], region[order]
    return {
        "week": world.weeks[week],
        "region": coded(region, world.places.region),
        "item": coded(item, world.catalogue.item),
        "price": _price(world, item, region, week),
        "promotion": np.ones(len(week), np.int64),
    }
