"""What planners do who pay whole vehicles and plan by the unit: fill them up, or round them off.

Both plan as if each unit paid its part of a full vehicle. `plan_then_fill` then puts the next best
units into the room that is paid for anyhow; `plan_then_round` takes out what lies in a last vehicle
that is less than half full. Both are judged by the same money as `foreship`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from foreship.pipeline.handoff import drawn_demand
from foreship.pipeline.stages import plan_stage

if TYPE_CHECKING:
    from foreship.pipeline.known import Known
    from foreship_optimize.plan import Plan

__all__ = ["at_full_vehicles", "plan_then_fill", "plan_then_round"]

TERMS = {"vehicle_cost": 0.0, "vehicle_capacity": np.inf, "vehicle_kg": np.inf, "line_cost": 0.0}
DEPARTURE = ["origin", "destination", "ship_date"]
HALF = 0.5
"""of a vehicle: a last one that is less full does not go"""
ROUNDING = 1e-9


class Vehicle(NamedTuple):
    """What a vehicle of a lane costs and takes."""

    cost: float
    volume: float
    kg: float

    def filled(self, volume: float, kg: float) -> float:
        """Return how many vehicles a load fills."""
        return max(volume / self.volume, kg / self.kg)


def plan_then_fill(known: Known) -> pd.DataFrame:
    """Plan by the unit, then fill the vehicles that are paid."""
    plan, before = _plan(known), _lanes(known.tables["lanes"])
    return _filled(plan.lines, plan.units, before, known.tables)


def plan_then_round(known: Known) -> pd.DataFrame:
    """Plan by the unit, then leave out last vehicles that are less than half full."""
    return _rounded(_plan(known).lines, _lanes(known.tables["lanes"]), known.tables["items"])


def at_full_vehicles(lanes: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return lanes by the unit: the mean item pays its part of a full vehicle, lines are free.

    By the tighter of volume and load; a vehicle that carries all costs nothing a unit.
    """
    whole = lanes.assign(**{name: _told(lanes, name) for name in TERMS})
    volume = items["volume"].mean() / whole["vehicle_capacity"]
    load = items["weight_kg"].mean() / whole["vehicle_kg"]
    by_volume = np.where(volume >= load, whole["vehicle_cost"] * volume, 0.0)
    by_kg = np.where(volume < load, whole["vehicle_cost"] / whole["vehicle_kg"], 0.0)
    plain = lanes.drop(columns=list(TERMS), errors="ignore")
    return plain.assign(
        cost_per_unit=lanes["cost_per_unit"] + by_volume, cost_per_kg=lanes["cost_per_kg"] + by_kg
    )


def _plan(known: Known) -> Plan:
    """Solve the program on lanes by the unit."""
    lanes = at_full_vehicles(known.tables["lanes"], known.tables["items"])
    forecast = known.forecast()
    return plan_stage(
        {**known.tables, "lanes": lanes},
        drawn_demand(forecast.paths),
        known.as_of,
        known.config,
        obsolescence=forecast.obsolescence,
    )


def _told(lanes: pd.DataFrame, name: str) -> pd.Series:
    column = lanes[name] if name in lanes else pd.Series(np.nan, index=lanes.index)
    return column.fillna(TERMS[name])


def _lanes(lanes: pd.DataFrame) -> dict[tuple[str, str], Vehicle]:
    """Return the vehicle of each pair of places; of several rows that of the cheapest unit."""
    rows = lanes.assign(**{name: _told(lanes, name) for name in TERMS})
    rows = rows.sort_values("cost_per_unit", kind="stable")
    rows = rows.drop_duplicates(["origin", "destination"])
    told = zip(rows["vehicle_cost"], rows["vehicle_capacity"], rows["vehicle_kg"], strict=True)
    ends = zip(rows["origin"], rows["destination"], strict=True)
    return {pair: Vehicle(*each) for pair, each in zip(ends, told, strict=True)}


def _departures(
    lines: pd.DataFrame, vehicles: dict[tuple[str, str], Vehicle], items: pd.DataFrame
) -> Iterator[tuple[Vehicle, pd.DataFrame]]:
    """Yield each departure that pays vehicles, with its lines and their volume and load."""
    size = items.set_index("item")[["volume", "weight_kg"]]
    moved = lines[lines["destination"] != ""]
    told = moved.join(size, on="item")
    for (origin, destination, _), mine in told.groupby(DEPARTURE, sort=True):
        vehicle = vehicles[origin, destination]
        if vehicle.cost > 0:
            yield vehicle, mine


def _load(lines: pd.DataFrame) -> tuple[float, float]:
    units = lines["quantity"]
    return float((units * lines["volume"]).sum()), float((units * lines["weight_kg"]).sum())


def _rounded(
    lines: pd.DataFrame, vehicles: dict[tuple[str, str], Vehicle], items: pd.DataFrame
) -> pd.DataFrame:
    """Take the least gainful units out of a last vehicle that is less than half full."""
    kept = lines.copy()
    for vehicle, mine in _departures(lines, vehicles, items):
        volume, kg = _load(mine)
        filled = vehicle.filled(volume, kg)
        whole = math.floor(filled + ROUNDING)
        if filled - whole <= ROUNDING or filled - whole >= HALF:
            continue
        for at in (mine["expected_gain"] / mine["quantity"]).sort_values(kind="stable").index:
            while kept.loc[at, "quantity"] and vehicle.filled(volume, kg) > whole + ROUNDING:
                kept.loc[at, "quantity"] -= 1
                volume -= mine.loc[at, "volume"]
                kg -= mine.loc[at, "weight_kg"]
    return _told_lines(kept[kept["quantity"] > 0])


def _filled(
    lines: pd.DataFrame,
    units: pd.DataFrame,
    vehicles: dict[tuple[str, str], Vehicle],
    tables: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """Add the next unplanned units, best first, where a paid vehicle has room and a hub the unit.

    They pay no part of a vehicle any more.
    """
    items = tables["items"].set_index("item")
    left = tables["stock"].groupby(["location", "item"])["quantity"].sum().to_dict()
    for line in lines.itertuples():
        left[line.origin, line.item] = left.get((line.origin, line.item), 0) - line.quantity
    room = {}
    for vehicle, mine in _departures(lines, vehicles, tables["items"]):
        first = mine.iloc[0]
        if first["action"] == "ship":
            volume, kg = _load(mine)
            paid = math.ceil(vehicle.filled(volume, kg) - ROUNDING)
            key = (first["origin"], first["destination"], first["ship_date"])
            room[key] = [paid * vehicle.volume - volume, paid * vehicle.kg - kg]
    more = []
    spare = units[units["planned"] == 0]
    spare = spare.assign(size=items["volume"].reindex(spare["item"]).to_numpy())
    spare = spare.sort_values(["expected_gain", "region", "item"], ascending=False)
    for unit in spare.itertuples():
        kg = float(items.loc[unit.item, "weight_kg"])
        for (origin, destination, day), (volume, load) in room.items():
            vehicle = vehicles[origin, destination]
            gain = unit.expected_gain + vehicle.cost * vehicle.filled(unit.size, kg)
            fits = destination == unit.region and unit.size <= volume and kg <= load
            if fits and gain > 0 and left.get((origin, unit.item), 0) > 0:
                room[origin, destination, day] = [volume - unit.size, load - kg]
                left[origin, unit.item] -= 1
                more.append(("ship", origin, destination, unit.item, 1, day))
                break
    kept = _told_lines(lines)
    if not more:
        return kept
    columns = ["action", "origin", "destination", "item", "quantity", "ship_date"]
    return pd.concat([kept[columns], pd.DataFrame(more, columns=columns)], ignore_index=True)


def _told_lines(lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines without their cost, which was counted by the unit."""
    return lines.drop(columns=["cost", "expected_gain"])
