"""Variants of a good tiny workspace that the declaration admits, drawn from its own columns.

Two regions, three items, one hub, sixteen weeks of orders, every table of the contract.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

from foreship_foundation.tables.input_tables import INPUTS, Column

Frames = dict[str, pd.DataFrame]

FIRST_MONDAY = pd.Timestamp("2026-01-05")
WEEKS = 16
AS_OF = FIRST_MONDAY + pd.Timedelta(weeks=WEEKS)
REGIONS, ITEMS = ("R1", "R2"), ("a", "b", "c")
SETTINGS = """
[forecast]
rounds = 5
scenarios = 20
horizon_weeks = 4
calibration_weeks = 4
min_leaf_rows = 5
"""
UNPRICED = f"{SETTINGS}\n[asked]\nmost_cells = 0\n"
"""with one plan a run, and none beside it that prices a row of what is asked"""


def day(days: int) -> pd.Timestamp:
    """Return the day so many days after the Monday of the plan."""
    return AS_OF + pd.Timedelta(days=days)


def whole_frames() -> Frames:
    """Return every table with every column of the contract filled in."""
    cells = pd.DataFrame(list(itertools.product(REGIONS, ITEMS)), columns=["region", "item"])
    return {
        "orders": _orders(),
        "items": pd.DataFrame(
            {
                "item": ITEMS,
                "price": [20.0, 30.0, 40.0],
                "unit_cost": [10.0, 10.0, 20.0],
                "volume": 1.0,
                "weight_kg": 0.5,
                "category": ["x", "x", "y"],
                "pack_size": 1,
                "holding_cost_per_week": 0.1,
                "lost_sale_share": 0.1,
                "hub_holding_cost_per_week": 0.04,
                "launch_date": day(-70),
                "name": ["Kettle", "Lamp", "Bath"],
                "assumed": "",
            }
        ),
        "regions": pd.DataFrame(
            {"region": REGIONS, "capacity": 100.0, "last_mile_cost": 1.0, "parent": "W"}
        ).assign(
            last_mile_further=0.25, receiving_units=60.0, lat=0.0, lon=0.0, name="West", assumed=""
        ),
        "hubs": pd.DataFrame({"hub": ["H"], "lat": 0.0, "lon": 0.0}).assign(
            picking_units=90.0, holding_rate_per_year=0.1, name="Main", assumed=""
        ),
        "lanes": _lanes(),
        "stock": pd.DataFrame(
            [*(("H", item, 60) for item in ITEMS), ("R1", "a", 3)],
            columns=["location", "item", "quantity"],
        ).assign(date=AS_OF),
        "inbound": pd.DataFrame(
            {"location": ["H", "R1"], "item": ["a", "b"], "quantity": [5, 2]}
        ).assign(arrival_date=[day(3), day(4)]),
        "receipts": pd.DataFrame(
            {"date": [day(-8), day(-3)], "location": ["H", "R1"], "item": ["a", "b"]}
        ).assign(quantity=[4, 0], run="0123456789"),
        "exits": pd.DataFrame(
            {
                "exit": ["redirect", "return", "markdown", "give_away"],
                "item": ["", "", "a", ""],
                "region": ["", "", "R1", ""],
                "cost": 0.1,
                "recovery": 0.1,
                "capacity": 50.0,
                "delay_weeks": 1.0,
            }
        ),
        "assortment": cells.assign(**{"from": day(-60), "to": day(60)}),
        "returns": pd.DataFrame(
            {"date": [day(-30)], "region": ["R1"], "item": ["a"], "quantity": [1]}
        ),
        "availability": pd.DataFrame(
            {"week": [day(-35)], "region": ["R2"], "item": ["b"], "in_stock": [0]}
        ),
        "calendar": pd.DataFrame({"date": [day(4), day(2)], "event": ["fair", "closed"]}).assign(
            region=["R1", "H"]
        ),
        "prices": cells.assign(week=AS_OF, price=15.0, promotion=1),
        "signals": cells.assign(week=day(-7), views=20, carts=2, wishlists=1),
        "overrides": pd.DataFrame(
            {
                "kind": ["at_most", "at_least"],
                "value": [25, 1],
                "reason": "fair",
                "author": "Anna",
                "expires": day(30),
                "region": ["R1", "R2"],
                "item": ["", "b"],
                "origin": ["", "H"],
                "action": "",
            }
        ),
        "policies": pd.DataFrame(
            {
                "kind": ["minimum", "maximum"],
                "value": [2.0, 40.0],
                "region": ["R1", ""],
                "item": ["b", ""],
                "category": ["", "x"],
                "reason": "shelf",
                "author": "Anna",
                "expires": day(30),
            }
        ),
        "adjustments": pd.DataFrame(
            {
                "kind": "plus",
                "value": [2.0, 0.0],
                "reason": "fair",
                "author": "Anna",
                "expires": day(30),
                "week": [day(7), pd.NaT],
                "region": ["R1", ""],
                "item": ["b", ""],
                "category": ["", "x"],
            }
        ),
    }


def _orders() -> pd.DataFrame:
    draw, count = np.random.default_rng(1), 300
    days = draw.integers(0, WEEKS * 7, count)
    days[:2] = 0, WEEKS * 7 - 1
    return pd.DataFrame(
        {
            "date": FIRST_MONDAY + pd.to_timedelta(days, unit="D"),
            "region": draw.choice(REGIONS, count),
            "item": draw.choice(ITEMS, count),
            "quantity": 1 + draw.poisson(0.3, count),
            "price": 20.0,
            "order_id": "o",
            "customer": [f"p{number}" for number in draw.integers(0, 40, count)],
        }
    )


def _lanes() -> pd.DataFrame:
    ways = [*(("H", region) for region in REGIONS), *((region, "H") for region in REGIONS)]
    lanes = pd.DataFrame([*ways, ("R1", "R2")], columns=["origin", "destination"])
    return lanes.assign(
        cost_per_unit=1.0,
        lead_time_days=2,
        cost_per_kg=0.1,
        capacity=500.0,
        direct_cost=6.0,
        direct_further=0.5,
        direct_days=3.0,
        lead_time_sd_days=1.0,
        vehicle_cost=4.0,
        vehicle_capacity=20.0,
        vehicle_kg=15.0,
        line_cost=0.1,
        departs="Mon, Thu",
        **{"from": day(-700), "to": day(700)},
    )


def variants() -> Iterator[tuple[str, Frames]]:
    """Yield what changes, and the frames that change; the others are those of `whole_frames`."""
    whole = whole_frames()
    yield "as it is", {}
    yield "no optional table", dict.fromkeys(_optional_tables())
    yield "optional tables without a row", {name: whole[name][:0] for name in _optional_tables()}
    yield (
        "no optional column",
        {
            name: frame.drop(
                columns=[each.name for each in INPUTS[name].columns if not each.required]
            )
            for name, frame in whole.items()
        },
    )
    yield (
        "optional columns blank",
        {
            name: frame.assign(
                **{each.name: None for each in INPUTS[name].columns if not each.required}
            )
            for name, frame in whole.items()
        },
    )
    for name, table in INPUTS.items():
        for end in ("lowest", "highest"):
            edges = {each.name: _edge(each, end) for each in table.columns}
            edges = {column: value for column, value in edges.items() if value is not None}
            if edges:
                yield f"{name} at its {end}", {name: whole[name].assign(**edges)}
    yield "hubs full to the brim", {"stock": _hubs_full(whole["stock"])}
    for name in ("assortment", "lanes"):
        for words, windows in WINDOWS.items():
            yield f"{name} {words}", {name: _in_windows(whole[name], *windows)}
    yield (
        "rows that no key forbids to say twice",
        {
            name: pd.concat([whole[name]] * 2, ignore_index=True)
            for name, table in INPUTS.items()
            if not table.key and name != "policies"
        },
    )


WINDOWS = {
    "over and open": ((-300, -200), (-20, 60)),
    "open and to come": ((-20, 3), (10, 60)),
    "both to come": ((9, 12), (20, 60)),
    "all over": ((-300, -200), (-100, -50)),
    "overlapping": ((-300, 10), (-20, 60)),
    "one without beginning": ((None, -50), (-20, None)),
}


def _optional_tables() -> list[str]:
    return [name for name, table in INPUTS.items() if not table.required]


def _edge(column: Column, end: str) -> object:
    """Return the lowest or highest value that the declaration admits, None where it says none."""
    if column.kind == "flag":
        return 0 if end == "lowest" else 1
    if column.kind == "date":
        # dates that must be there say what the week knows; a window must not end before it begins
        other = "to" if end == "lowest" else "from"
        far = "1900-01-01" if end == "lowest" else "2199-12-31"
        return None if column.required or column.name == other else far
    if column.kind not in ("money", "number", "units"):
        return None
    if end == "lowest":
        return 1 if column.above_zero else column.low
    return column.high


def _hubs_full(stock: pd.DataFrame) -> pd.DataFrame:
    most = INPUTS["stock"].column("quantity").high
    return stock.assign(quantity=stock["quantity"].mask(stock["location"] == "H", most))


def demand_at(units: int) -> pd.DataFrame:
    """Return a planner's own forecast: every cell wants so many units in one of two scenarios."""
    cells = pd.DataFrame(list(itertools.product(REGIONS, ITEMS)), columns=["region", "item"])
    some, none = cells.assign(scenario="s", units=units), cells.assign(scenario="t", units=0)
    return pd.concat([some, none], ignore_index=True).assign(week=AS_OF)


def _in_windows(frame: pd.DataFrame, *windows: tuple[int | None, int | None]) -> pd.DataFrame:
    ends = [[pd.NaT if each is None else day(each) for each in span] for span in windows]
    spans = [frame.assign(**{"from": first, "to": last}) for first, last in ends]
    return pd.concat(spans, ignore_index=True)
