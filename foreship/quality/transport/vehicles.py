"""Vehicles without a size or too small for a unit, and lanes on which nothing can leave."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.errors import Fault
from foreship.ingest.tables import TableRead
from foreship.quality.evidence import WEEK_DAYS, Evidence, warning
from foreship_foundation.arrays import Bools
from foreship_foundation.telling.words import number
from foreship_foundation.working_days import closed_days, weekdays_of

__all__ = ["lanes_can_depart", "vehicles_have_a_size", "vehicles_hold_a_unit"]

SIZES = (("vehicle_capacity", "volume", "volume"), ("vehicle_kg", "weight_kg", "kg"))


def vehicles_have_a_size(seen: Evidence) -> Iterator[Fault]:
    """A vehicle that costs and has neither volume nor load: one of them carries everything."""
    lanes = seen.read("lanes", "vehicle_cost")
    if lanes is None:
        return
    endless = _charged(lanes)
    for name, _, _ in SIZES:
        if name in lanes.parsed:
            endless &= ~np.isfinite(lanes.parsed[name].values)
    if endless.any():
        remedy = "give vehicle_capacity or vehicle_kg"
        words = "no size is stated: one vehicle carries all that leaves"
        yield warning(lanes, "vehicle_cost", endless, words, remedy)


def vehicles_hold_a_unit(seen: Evidence) -> Iterator[Fault]:
    """A vehicle smaller than the largest unit: one unit pays for several of them."""
    items = seen.read("items", "item")
    for name, of_unit, unit in SIZES:
        lanes = seen.read("lanes", "vehicle_cost", name)
        if items is None or lanes is None or not items.rows:
            continue
        volume = 1.0 if of_unit == "volume" else 0.0
        sizes = items.parsed[of_unit].values if of_unit in items.parsed else np.array([volume])
        largest = float(sizes.max())
        small = _charged(lanes) & (lanes.parsed[name].values < largest * (1 - 1e-9))
        if small.any():
            words = f"less than the largest unit takes ({number(largest)} {unit})"
            remedy = f"one unit pays for several vehicles; is it {unit}, and of a whole vehicle?"
            yield warning(lanes, name, small, words, remedy)


def _charged(lanes: TableRead) -> Bools:
    return np.asarray(lanes.parsed["vehicle_cost"].values > 0)


def lanes_can_depart(seen: Evidence) -> Iterator[Fault]:
    """Lanes whose origin is closed on every day on which they leave before the next plan."""
    lanes = seen.read("lanes", "origin", "destination")
    calendar = seen.read("calendar", "date", "event")
    if lanes is None or calendar is None or seen.next_monday is None:
        return
    frame = lanes.frame
    closed = closed_days(calendar.frame, frame["origin"].unique())
    days = seen.next_monday + np.arange(WEEK_DAYS * seen.optimize.plan.review_weeks)
    stuck = {
        (origin, departs): closed[origin].issuperset(_named(days, departs))
        for origin, departs in set(zip(frame["origin"], frame["departs"], strict=True))
    }
    bad = [stuck[each] for each in zip(frame["origin"], frame["departs"], strict=True)]
    if any(bad):
        words = f"closed on every day of departure from {days[0]} to {days[-1]}"
        yield warning(lanes, "origin", np.array(bad), words, "nothing leaves in that plan")


def _named(days: np.ndarray[tuple[int], np.dtype[np.datetime64]], departs: str) -> set[object]:
    """Return those of the days, Monday first, that are weekdays named."""
    named = weekdays_of(departs) or range(WEEK_DAYS)
    return {day for number, day in enumerate(days) if number % WEEK_DAYS in named}
