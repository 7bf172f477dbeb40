"""Notes for the planner on what was left out, does not fit or cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship_foundation.declaration import NEVER
from foreship_optimize.demand import WEEK_DAYS
from foreship_optimize.valuation.inputs import Inputs, Reach
from foreship_optimize.valuation.unit_values import MOST_RANKS, UnitValues

__all__ = ["exclusion_notes"]

SHOWN = 5


def exclusion_notes(inputs: Inputs, reach: Reach, arrivals: UnitValues) -> list[str]:
    """Write one sentence for each thing left out, in a fixed order."""
    return [
        *_lanes_too_late(inputs),
        *_regions_without_lane(inputs),
        *_overfull_regions(inputs),
        *_cells_closed_or_early(inputs),
        *_cells_without_exit(inputs),
        *_horizon_too_short(inputs),
        *_cells_that_never_pay(inputs, reach, arrivals),
        *_fast_movers(inputs, arrivals),
    ]


def _named(names: np.ndarray) -> str:
    """Name the first few, and how many more there are."""
    shown = ", ".join(str(name) for name in names[:SHOWN])
    return shown if len(names) <= SHOWN else f"{shown} and {len(names) - SHOWN} more"


def _lanes_too_late(inputs: Inputs) -> Iterator[str]:
    """Say which lanes arrive beyond the demand horizon and so earn nothing."""
    lanes, horizon = inputs.network.lanes, inputs.demand.horizon_days
    into_region = lanes.destination >= len(inputs.network.hubs)
    late = np.flatnonzero(lanes.open_on(0) & into_region & (lanes.lead_days >= horizon))
    late = late[[not _beaten_in_time(inputs, lane) for lane in late.tolist()]]
    if len(late):
        origin, destination = inputs.network.lane_ids
        names = list(dict.fromkeys(f"{origin[lane]} -> {destination[lane]}" for lane in late))
        yield (
            f"lanes that arrive beyond the horizon of {horizon} days earn nothing and are not "
            f"used: {_named(np.array(names, dtype=object))}"
        )


def _beaten_in_time(inputs: Inputs, lane: int) -> bool:
    """Whether an open lane between the same places costs no more, has no limit and is in time."""
    lanes = inputs.network.lanes
    beats = lanes.open_on(0) & (lanes.lead_days < inputs.demand.horizon_days)
    beats &= (lanes.origin == lanes.origin[lane]) & np.isinf(lanes.capacity)
    beats &= lanes.destination == lanes.destination[lane]
    beats &= lanes.cost_per_unit <= lanes.cost_per_unit[lane]
    return bool((beats & (lanes.cost_per_kg <= lanes.cost_per_kg[lane])).any())


def _regions_without_lane(inputs: Inputs) -> Iterator[str]:
    """Name the regions that no hub serves now."""
    network = inputs.network
    served = network.lanes.destination[network.lanes_between("hub", "region")] - len(network.hubs)
    cut_off = np.setdiff1d(np.unique(inputs.cells.region[inputs.cells.stocked]), served)
    if len(cut_off):
        yield f"no open lane from a hub reaches {_named(network.regions[cut_off])}"


def _overfull_regions(inputs: Inputs) -> Iterator[str]:
    """Name the regions where what lies there and comes exceeds the room."""
    network, cells = inputs.network, inputs.cells
    full = np.zeros(len(network.regions))
    np.add.at(full, cells.region, cells.on_hand * network.volume[cells.item])
    coming = cells.inbound_units * network.volume[cells.item[cells.inbound_cell]]
    np.add.at(full, cells.region[cells.inbound_cell], coming)
    for region in np.flatnonzero(full > network.capacity).tolist():
        yield (
            f"{network.regions[region]} is overfull: stock and inbound take {full[region]:g} of "
            f"{network.capacity[region]:g}; nothing is added unless something leaves"
        )


def _cells_closed_or_early(inputs: Inputs) -> Iterator[str]:
    """Name cells outside their assortment dates, and stock outside the assortment."""
    cells = inputs.cells
    over = int((cells.windows.end < 0).sum())
    if over:
        yield f"{over} cells are over by their assortment date and get nothing"
    stray = (~cells.stocked) & (cells.windows.end >= 0) & (cells.on_hand > 0)
    if stray.any():
        units = int(cells.on_hand[stray].sum())
        yield f"{int(stray.sum())} cells hold stock ({units} units) outside the assortment"


def _cells_without_exit(inputs: Inputs) -> Iterator[str]:
    """Count the cells whose unsold units have no exit."""
    none = int((inputs.economics.exit_name == "").sum())
    if none:
        yield f"{none} cells have no exit: an unsold unit there counts as lost at its unit cost"


def _horizon_too_short(inputs: Inputs) -> Iterator[str]:
    """Say which settings look beyond the demand horizon."""
    weeks = inputs.demand.horizon_days // WEEK_DAYS
    if weeks < inputs.params.plan.review_weeks:
        yield f"demand covers {weeks} weeks, less than review_weeks: windows end with it"
    if weeks < inputs.params.risk.horizon_weeks:
        yield f"demand covers {weeks} weeks, less than risk.horizon_weeks: need ends with it"


def _cells_that_never_pay(inputs: Inputs, reach: Reach, arrivals: UnitValues) -> Iterator[str]:
    """Count cells that can be reached but where not even the first unit pays."""
    reached = np.flatnonzero(reach.day < NEVER)
    never = len(reached) - len(np.unique(arrivals.cell))
    unreached = int((inputs.cells.stocked & (reach.day == NEVER)).sum())
    if never:
        yield f"{never} of {len(reached)} cells within reach: not even a first unit can pay"
    if unreached:
        yield f"{unreached} cells of the assortment cannot be reached: no stock on an open lane"


def _fast_movers(inputs: Inputs, arrivals: UnitValues) -> Iterator[str]:
    """Count cells whose units are valued in blocks."""
    count = np.bincount(arrivals.cell, minlength=len(inputs.cells))
    coarse = int((np.maximum(count, inputs.cells.on_hand) > MOST_RANKS).sum())
    if coarse:
        yield f"{coarse} cells with over {MOST_RANKS} units are valued in blocks of units"
