"""The numbers behind the pictures and tables of the page, as plain frames.

Each function is a total, a choice or a rounding of what the run holds; what is cut away is
returned as a count beside what is shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from foreship.reading.views import INTO_REGIONS, OUT_OF_REGIONS, RunView
from foreship.reports.pictures.drawing import Flow, Place
from foreship_foundation.actions import ACTIONS, action_names
from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.tables.output_files import NOT_WORTH_IT

__all__ = [
    "chance_counts",
    "demand_by_region",
    "flows",
    "margins",
    "places",
    "region_stock",
    "rounded_terms",
    "stakes",
    "stopped_cells",
]


def flows(lines: pd.DataFrame) -> pd.DataFrame:
    """Sum lines by kind of move and lane: `action, origin, destination, units, lines, cost`."""
    stays = lines["action"].isin(action_names(destination=""))
    moving = lines[~stays]
    groups = moving.groupby(["action", "origin", "destination"], sort=True)
    total = groups.agg(units=("quantity", "sum"), lines=("quantity", "size"), cost=("cost", "sum"))
    return total.reset_index()


def places(view: RunView, lanes: pd.DataFrame) -> list[Place] | None:
    """Return every hub and region with its place, None where one in use has no coordinates."""
    found: list[Place] = []
    for name, at_hub in (("hubs", True), ("regions", False)):
        units = _units_at(lanes, hubs=at_hub)
        known = _coordinates(view.table(name), name.removesuffix("s"))
        if not set(units) <= set(known):
            return None
        found += [
            Place(place, *known[place], hub=at_hub, units=units.get(place, 0)) for place in known
        ]
    return found or None


def _units_at(lanes: pd.DataFrame, *, hubs: bool) -> dict[str, int]:
    """Units that leave each hub, or that arrive in each region; 0 where none do."""
    here, counted = ("hub", "origin") if hubs else ("region", "destination")
    units: dict[str, int] = {}
    for action in ACTIONS:
        mine = lanes[lanes["action"] == action.name]
        for side, place in (("origin", action.origin), ("destination", action.destination)):
            if place == here:
                for name, quantity in zip(mine[side], mine["units"], strict=True):
                    more = int(quantity) if side == counted else 0
                    units[name] = units.get(name, 0) + more
    return units


def _coordinates(frame: pd.DataFrame, key: str) -> dict[str, tuple[float, float]]:
    if not {key, "lat", "lon"} <= set(frame.columns):
        return {}
    known = frame[np.isfinite(frame["lat"]) & np.isfinite(frame["lon"])].sort_values(key)
    return {
        str(name): (float(lat), float(lon))
        for name, lat, lon in zip(known[key], known["lat"], known["lon"], strict=True)
    }


def as_flows(lanes: pd.DataFrame, most: int) -> tuple[list[Flow], int, int]:
    """Return the `most` widest flows, and how many lanes and units are left out."""
    order = lanes.sort_values("units", ascending=False, kind="stable")
    shown, rest = order.head(most), order.iloc[most:]
    drawn = [
        Flow(origin, destination, float(count), kind)
        for origin, destination, count, kind in zip(
            *(shown[name].tolist() for name in ("origin", "destination", "units", "action")),
            strict=True,
        )
    ]
    return drawn, len(rest), int(rest["units"].sum())


def region_stock(view: RunView) -> pd.DataFrame:
    """Return the stock of each region around the plan, in units, and how full it gets.

    Columns: `region, on_hand, inbound, arriving, leaving, stays, volume, capacity, used`;
    `used` is the share of the capacity that the volume of `stays` takes, NaN where it is
    unlimited.
    """
    moves = {
        "on_hand": _by_place(view.table("stock"), "location"),
        "inbound": _by_place(view.table("inbound"), "location"),
        "arriving": _by_place(view.lines[view.lines["action"].isin(INTO_REGIONS)], "destination"),
        "leaving": _by_place(view.lines[view.lines["action"].isin(OUT_OF_REGIONS)], "origin"),
    }
    names = _region_names(view, moves["arriving"], moves["leaving"])
    volume = _volumes(view)
    both = {name: _units_and_volume(cells, names, volume) for name, cells in moves.items()}
    filled = {name: sums[1] for name, sums in both.items()}
    frame = pd.DataFrame({"region": names, **{name: sums[0] for name, sums in both.items()}})
    frame["stays"] = frame["on_hand"] + frame["inbound"] + frame["arriving"] - frame["leaving"]
    frame["volume"] = filled["on_hand"] + filled["inbound"] + filled["arriving"] - filled["leaving"]
    capacity = _capacities(view)
    frame["capacity"] = [capacity.get(name, math.inf) for name in names]
    limited = np.isfinite(frame["capacity"]) & (frame["capacity"] > 0)
    frame["used"] = np.where(
        limited, frame["volume"] / frame["capacity"].where(limited, 1.0), np.nan
    )
    return frame


class _Cells(NamedTuple):
    """Units by place and item, sorted by both: ids once each, and which of them a cell has."""

    places: Sequence[str]
    items: Sequence[str]
    place: Ints
    item: Ints
    units: Floats


def _by_place(frame: pd.DataFrame, place: str) -> _Cells:
    """Sum units by place and item."""
    if frame.empty:
        none = np.zeros(0, dtype=np.int64)
        return _Cells((), (), none, none, np.zeros(0))
    (at, places), (of, items) = (pd.factorize(frame[name], sort=True) for name in (place, "item"))
    cells, cell = np.unique(at * len(items) + of, return_inverse=True)
    units = np.bincount(cell, frame["quantity"].to_numpy(dtype=float))
    place_of, item_of = np.divmod(cells, len(items))
    return _Cells(places.tolist(), items.tolist(), place_of, item_of, units.astype(np.float64))


def _region_names(view: RunView, *moved: _Cells) -> list[str]:
    known = view.table("regions")
    named = set(known["region"]) if "region" in known else set()
    for cells in moved:
        named |= set(cells.places)
    return sorted(str(name) for name in named)


def _units_and_volume(
    cells: _Cells, names: list[str], volume: Mapping[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    size = np.array([volume.get(item, 1.0) for item in cells.items], dtype=float)[cells.item]
    code = pd.Index(names, dtype=object).get_indexer(pd.Index(cells.places, dtype=object))[
        cells.place
    ]
    here = code >= 0
    units = np.bincount(code[here], cells.units[here], len(names))
    return units.astype(np.int64), np.bincount(code[here], (cells.units * size)[here], len(names))


def _volumes(view: RunView) -> dict[str, float]:
    items = view.table("items")
    if not {"item", "volume"} <= set(items.columns):
        return {}
    return dict(zip(items["item"], items["volume"].astype(float), strict=True))


def _capacities(view: RunView) -> dict[str, float]:
    regions = view.table("regions")
    if not {"region", "capacity"} <= set(regions.columns):
        return {}
    return dict(zip(regions["region"], regions["capacity"].astype(float), strict=True))


def rounded_terms(terms: Mapping[str, float], total: float) -> dict[str, float]:
    """Round terms to cents so that, as shown, they sum to the rounded total.

    The cents that rounding leaves over go to the largest term, where they weigh least. What
    the terms do not explain of the total beyond rounding is a term of its own, `unexplained`.
    """
    cents = {name: round(100 * value) for name, value in terms.items()}
    over = round(100 * total) - sum(cents.values())
    if abs(over) > len(cents) + 1:
        cents["unexplained"] = over
    elif over:
        largest = max(cents, key=lambda name: (abs(cents[name]), name))
        cents[largest] += over
    return {name: value / 100 for name, value in cents.items()}


def margins(lines: pd.DataFrame) -> np.ndarray:
    """Return each line's margin of safety: how far its last unit's chance may be wrong.

    For what is sent, chance - break-even; for what leaves a region, the other way round.
    """
    margin = (lines["purchase_probability"] - lines["break_even"]).to_numpy(dtype=float)
    arrives = lines["action"].isin(INTO_REGIONS).to_numpy()
    return np.where(arrives, margin, -margin)


def stopped_cells(view: RunView) -> pd.Series:
    """Count cells by what stops their next unit, worth aside, the most frequent first."""
    idle = ["", "on hand", "moved away", NOT_WORTH_IT]
    causes = [view.units["binding"]]
    if view.reasons is not None:
        causes.append(view.reasons.loc[view.reasons["about"] == "not weighed", "cause"])
    found = pd.concat(causes, ignore_index=True)
    counts = found[~found.isin(idle)].value_counts(sort=False).sort_index()
    return counts.sort_values(ascending=False, kind="stable")


def stakes(units: pd.DataFrame) -> pd.DataFrame:
    """Return, by cell, what its planned units lose if none is bought, and what they should earn.

    Columns: `region, item, units, at_stake, expected_gain`, most at stake first.
    """
    planned = units[units["planned"] == 1]
    groups = planned.groupby(["region", "item"], sort=True)
    cells = groups.agg(
        units=("unit", "size"), at_stake=("loss", "sum"), expected_gain=("expected_gain", "sum")
    )
    order = cells.sort_values("at_stake", ascending=False, kind="stable")
    return pd.DataFrame(order.reset_index())


def demand_by_region(forecast: pd.DataFrame) -> pd.DataFrame:
    """Sum the forecast mean of the first week by region: `region, cells, mean`."""
    first = forecast[forecast["week"] == forecast["week"].min()]
    groups = first.groupby("region", sort=True)
    return pd.DataFrame(groups.agg(cells=("mean", "size"), mean=("mean", "sum")).reset_index())


def chance_counts(forecast: pd.DataFrame) -> np.ndarray:
    """Count cells by tenths of their purchase probability in the first week, shape (10,)."""
    first = forecast[forecast["week"] == forecast["week"].min()]
    p = first["purchase_probability"].to_numpy(dtype=float)
    return np.bincount(np.minimum((p * 10).astype(int), 9), minlength=10)
