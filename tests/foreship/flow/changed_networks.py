"""Changes of a random network after which a plan must be the same, or move one way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd

from tests.optimize.independent.market import Settings
from tests.optimize.independent.networks import AS_OF, Network

__all__ = ["LARGER_GAIN", "SAME_GAIN", "SMALLER_GAIN", "hundredfold_money", "with_tables"]

IDS = ("item", "region", "hub", "origin", "destination", "location", "scenario")
MONEY = {
    "items": ["price", "unit_cost", "holding_cost_per_week"],
    "regions": ["last_mile_cost"],
    "lanes": ["cost_per_unit", "cost_per_kg", "direct_cost"],
    "exits": ["cost", "recovery"],
}
MONEY_SETTINGS = (
    "return_handling",
    "redirect_handling",
    "risk_budget",
    "freight_budget",
    "stock_value_budget",
)
VOLUME = {"items": ["volume"], "regions": ["capacity"], "lanes": ["capacity"]}


def with_tables(network: Network, **tables: pd.DataFrame) -> Network:
    """Replace tables."""
    return replace(network, tables={**network.tables, **tables})


def _every_frame(network: Network, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Network:
    """Change every table and the demand."""
    tables = {name: change(table) for name, table in network.tables.items()}
    return replace(network, tables=tables, demand=change(network.demand))


def _scaled(network: Network, columns: dict[str, list[str]], factor: float) -> Network:
    """Multiply columns of tables."""
    tables = dict(network.tables)
    for name, wanted in columns.items():
        if name in tables:
            tables[name] = tables[name].assign(
                **{each: tables[name][each] * factor for each in wanted}
            )
    return replace(network, tables=tables)


def ids_renamed(network: Network) -> Network:
    """Other names, in another order."""

    def name(value: Any) -> Any:
        return value if value is None or value != value else f"{9 - int(str(value)[-1])}x{value}"  # noqa: PLR0124

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        mine = [each for each in IDS if each in frame and each != "scenario"]
        return frame.assign(**{each: frame[each].map(name) for each in mine})

    return _every_frame(network, change)


def scenarios_renamed(network: Network) -> Network:
    """The last scenario becomes the first."""
    scenario = network.demand["scenario"]
    return replace(network, demand=network.demand.assign(scenario=scenario.max() - scenario))


def rows_shuffled(network: Network) -> Network:
    """The same rows in another order."""
    return _every_frame(network, lambda frame: frame.sample(frac=1.0, random_state=1))


def hundredfold_money(network: Network) -> Network:
    """Money in cents."""
    settings = network.settings
    counted = {
        each.name: 100.0 * getattr(settings, each.name)
        for each in fields(Settings)
        if each.name in MONEY_SETTINGS and getattr(settings, each.name) is not None
    }
    return replace(_scaled(network, MONEY, 100.0), settings=replace(settings, **counted))


def thousandth_volume(network: Network) -> Network:
    """Volume in cubic metres for litres."""
    return _scaled(network, VOLUME, 1e-3)


def simple(network: Network) -> Network:
    """Single units, lanes without capacity, no locks: what a split of a hub leaves as it is."""
    tables = {name: table for name, table in network.tables.items() if name != "overrides"}
    tables["items"] = tables["items"].assign(pack_size=1)
    tables["lanes"] = tables["lanes"].assign(capacity=np.nan)
    return Network(tables, network.demand, replace(network.settings, minimum_line_quantity=1))


def hub_split(network: Network) -> Network:
    """The first hub becomes two with the same lanes, each with a part of its stock."""
    hub, twin = network.tables["hubs"]["hub"][0], "twin"
    lanes, stock = network.tables["lanes"], network.tables["stock"]
    out, back = lanes[lanes["origin"] == hub], lanes[lanes["destination"] == hub]
    half = stock[stock["location"] == hub].copy()
    half["quantity"] //= 2
    left = stock.copy()
    left.loc[half.index, "quantity"] -= half["quantity"]
    return with_tables(
        network,
        hubs=pd.DataFrame({"hub": [*network.tables["hubs"]["hub"], twin]}),
        lanes=pd.concat([lanes, out.assign(origin=twin), back.assign(destination=twin)]),
        stock=pd.concat([left, half.assign(location=twin)]),
    )


def inbound_split(network: Network) -> Network:
    """Every row of `inbound` becomes one unit and the rest."""
    inbound = network.tables.get("inbound")
    if inbound is None:
        return network
    rest = inbound[inbound["quantity"] > 1]
    first = inbound.assign(quantity=1)
    return with_tables(network, inbound=pd.concat([first, rest.assign(quantity=rest.quantity - 1)]))


def dominated_lane_added(network: Network) -> Network:
    """Beside every ship lane without a capacity another, far dearer and two days slower."""
    lanes, hubs = network.tables["lanes"], network.tables["hubs"]["hub"]
    ships = lanes[lanes["origin"].isin(hubs) & lanes["capacity"].isna()]
    direct = ships["direct_cost"].fillna(ships["cost_per_unit"])
    slower, dearer = ships["lead_time_days"] + 2, ships["cost_per_unit"] + 20.0
    worse = ships.assign(cost_per_unit=dearer, lead_time_days=slower, direct_cost=direct)
    return with_tables(network, lanes=pd.concat([lanes, worse]))


def capacity_raised(network: Network) -> Network:
    """Five more in every region and on every lane."""
    more = {
        name: network.tables[name].assign(capacity=network.tables[name]["capacity"] + 5.0)
        for name in ("regions", "lanes")
    }
    return with_tables(network, **more)


def lane_dearer_today(network: Network) -> Network:
    """Lanes out of hubs cost half as much more today, and are tomorrow what they were."""
    lanes, hubs = network.tables["lanes"], network.tables["hubs"]["hub"]
    direct = lanes["direct_cost"].fillna(lanes["cost_per_unit"])
    lanes = lanes.assign(direct_cost=direct)
    today = lanes["origin"].isin(hubs)
    today &= lanes["from"].isna() | (lanes["from"] <= AS_OF)
    today &= lanes["to"].isna() | (lanes["to"] >= AS_OF)
    now = lanes[today]
    dear = now.assign(cost_per_unit=now["cost_per_unit"] * 1.5 + 0.1, to=AS_OF)
    later = now.assign(**{"from": AS_OF + pd.Timedelta(days=1)})
    later = later[later["to"].isna() | (later["to"] > AS_OF)]
    return with_tables(network, lanes=pd.concat([lanes[~today], dear, later]))


def budgets_tighter(network: Network) -> Network:
    """A freight budget of 5, a value budget of 30, each only where there is no tighter one."""
    settings = network.settings
    freight = min(5.0, settings.freight_budget or 5.0)
    value = min(30.0, settings.stock_value_budget or 30.0)
    return replace(
        network, settings=replace(settings, freight_budget=freight, stock_value_budget=value)
    )


SAME_GAIN = {
    "ids renamed": ids_renamed,
    "scenarios renamed": scenarios_renamed,
    "rows shuffled": rows_shuffled,
    "volume in thousands": thousandth_volume,
    "hub split in two": hub_split,
    "inbound split in two": inbound_split,
    "dominated lane added": dominated_lane_added,
}
LARGER_GAIN = {"capacity raised": capacity_raised}
SMALLER_GAIN = {"lane dearer today": lane_dearer_today, "budgets tighter": budgets_tighter}
