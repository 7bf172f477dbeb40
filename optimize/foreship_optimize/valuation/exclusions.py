"""Notes for the planner on what was left out, does not fit or cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_foundation.tables.output_files import NOT_WORTH_IT
from foreship_foundation.telling.words import listed, number, plural
from foreship_optimize.demand import WEEK_DAYS
from foreship_optimize.limits import SLACK
from foreship_optimize.problem import NotWeighed
from foreship_optimize.valuation.inputs import Inputs, Reach
from foreship_optimize.valuation.not_weighed import CLOSED_ON_ARRIVAL, NO_STOCK
from foreship_optimize.valuation.unit_worth.unit_values import MOST_RANKS, UnitValues

__all__ = ["exclusion_notes"]

SHOWN = 5


def exclusion_notes(
    inputs: Inputs, reach: Reach, arrivals: UnitValues, not_weighed: NotWeighed
) -> list[str]:
    """Write one sentence for each thing left out, in a fixed order."""
    return [
        *_lanes_too_late(inputs),
        *_regions_without_lane(inputs),
        *_overfull_regions(inputs),
        *_cells_closed_or_early(inputs),
        *_cells_without_exit(inputs),
        *_horizon_too_short(inputs),
        *_packs_beyond_storage(inputs, reach),
        *_cells_not_weighed(inputs, reach, not_weighed),
        *_fast_movers(inputs, arrivals),
    ]


def _named(names: np.ndarray) -> str:
    """Name the first few, and how many more there are."""
    return listed(names.tolist(), most=SHOWN)


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
            f"Lanes that arrive beyond the horizon of {plural(horizon, 'day')} earn nothing and "
            f"are not used: {_named(np.array(names, dtype=object))}"
        )


def _beaten_in_time(inputs: Inputs, lane: int) -> bool:
    """Whether an open lane between the same places costs no more, has its room and is in time."""
    lanes = inputs.network.lanes
    beats = lanes.open_on(0) & (lanes.lead_days < inputs.demand.horizon_days)
    beats &= (lanes.origin == lanes.origin[lane]) & (
        np.isinf(lanes.capacity) | (lanes.row == lanes.row[lane])
    )
    beats &= lanes.destination == lanes.destination[lane]
    beats &= lanes.cost_per_unit <= lanes.cost_per_unit[lane]
    return bool((beats & (lanes.cost_per_kg <= lanes.cost_per_kg[lane])).any())


def _regions_without_lane(inputs: Inputs) -> Iterator[str]:
    """Name the regions that no hub serves now."""
    network = inputs.network
    served = network.lanes.destination[network.lanes_between("hub", "region")] - len(network.hubs)
    cut_off = np.setdiff1d(np.unique(inputs.cells.region[inputs.cells.stocked]), served)
    if len(cut_off):
        yield f"No open lane from a hub reaches {_named(network.regions[cut_off])}"


def _overfull_regions(inputs: Inputs) -> Iterator[str]:
    """Name the regions where what lies there and comes exceeds the room."""
    network, cells = inputs.network, inputs.cells
    full = np.zeros(len(network.regions))
    np.add.at(full, cells.region, cells.on_hand * network.volume[cells.item])
    coming = cells.inbound_units * network.volume[cells.item[cells.inbound_cell]]
    np.add.at(full, cells.region[cells.inbound_cell], coming)
    for region in np.flatnonzero(full > network.capacity).tolist():
        yield (
            f"Region {network.regions[region]} is overfull: stock and inbound take "
            f"{number(full[region])} of {number(network.capacity[region])}; "
            "nothing is added unless something leaves"
        )


def _cells_closed_or_early(inputs: Inputs) -> Iterator[str]:
    """Name cells outside their assortment dates, and stock outside the assortment."""
    cells = inputs.cells
    over = int((cells.windows.end < 0).sum())
    if over:
        yield (
            f"{plural(over, 'cell is', 'cells are')} over by assortment date: nothing is sent "
            "there."
        )
    stray = (~cells.stocked) & (cells.windows.end >= 0) & (cells.on_hand > 0)
    if stray.any():
        units = plural(int(cells.on_hand[stray].sum()), "unit")
        held = plural(int(stray.sum()), "cell holds", "cells hold")
        yield f"{held} stock ({units}) outside the assortment."


def _cells_without_exit(inputs: Inputs) -> Iterator[str]:
    """Count the cells whose unsold units have no exit."""
    none = int((inputs.economics.exit_name == "").sum())
    if none:
        yield (
            f"{plural(none, 'cell has', 'cells have')} no exit: an unsold unit there counts as "
            "lost at its unit cost"
        )


def _horizon_too_short(inputs: Inputs) -> Iterator[str]:
    """Say which settings look beyond the demand horizon."""
    weeks = inputs.demand.horizon_days // WEEK_DAYS
    if weeks < inputs.params.plan.review_weeks:
        yield f"Demand covers {plural(weeks, 'week')}, less than review_weeks: windows end with it."
    if weeks < inputs.params.risk.horizon_weeks:
        covered = plural(weeks, "week")
        yield f"Demand covers {covered}, less than risk.horizon_weeks: need ends with it."


def _packs_beyond_storage(inputs: Inputs, reach: Reach) -> Iterator[str]:
    """Name the cells of which one pack, or one line, is more than the whole region holds."""
    network, cells = inputs.network, inputs.cells
    step = reach.step * network.volume[cells.item]
    over = (reach.day < NEVER) & (step > network.capacity[cells.region] * (1.0 + SLACK))
    found = np.flatnonzero(over)
    if len(found):
        yield (
            f"{plural(len(found), 'cell gets', 'cells get')} nothing from hubs: the smallest "
            "shipment, a pack or a minimum line, takes more than the region's whole capacity: "
            f"{_named(_cell_names(inputs, cells.region[found], cells.item[found]))}"
        )


def _cells_not_weighed(inputs: Inputs, reach: Reach, not_weighed: NotWeighed) -> Iterator[str]:
    """Count the cells without a candidate unit by cause, and name those that a planner closed."""
    cause, reached = not_weighed.cause, int((reach.day < NEVER).sum())
    never = int((cause == NOT_WORTH_IT).sum())
    if never:
        yield f"{never:,} of {plural(reached, 'cell')} within reach: not even a first unit can pay."
    empty = int((cause == NO_STOCK).sum())
    if empty:
        cells = plural(empty, "cell")
        yield f"{cells} of the assortment cannot be reached: no stock on an open lane."
    closed = int((cause == CLOSED_ON_ARRIVAL).sum())
    if closed:
        cells = plural(closed, "cell is", "cells are")
        yield f"{cells} not open yet, or no longer, when the first units would arrive."
    locked = np.array([str(each).startswith(("lock ", "policy ")) for each in cause], dtype=bool)
    locked &= ~not_weighed.partly
    for lock in np.unique(cause[locked].astype(str)).tolist():
        mine = (cause == lock) & ~not_weighed.partly
        names = _cell_names(inputs, not_weighed.region[mine], not_weighed.item[mine])
        yield f"{lock} stops every way into {plural(len(names), 'cell')}: {_named(names)}"


def _cell_names(inputs: Inputs, region: Ints, item: Ints) -> np.ndarray:
    """Name cells as a planner would."""
    names = zip(inputs.network.items[item], inputs.network.regions[region], strict=True)
    return np.array([f"{item} in {region}" for item, region in names], dtype=object)


def _fast_movers(inputs: Inputs, arrivals: UnitValues) -> Iterator[str]:
    """Count cells whose units are valued in blocks."""
    count = np.bincount(arrivals.cell, minlength=len(inputs.cells))
    coarse = int((np.maximum(count, inputs.cells.on_hand) > MOST_RANKS).sum())
    if coarse:
        cells = plural(coarse, "cell")
        yield f"{cells} with over {MOST_RANKS} units valued in blocks of units."
