"""Frames given to an open workspace: typed and checked as the tables of files are, and filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from foreship.errors import InputError
from foreship.ingest.rules.rules import LEFT_OUT
from foreship_foundation.orders.order_lines import one_line_an_order
from foreship_foundation.tables.derived import (
    items_with_economics,
    lanes_with_parcel_cost,
)
from foreship_foundation.tables.frames import complete_frames, unknown_ids
from foreship_foundation.tables.output_files import DEMAND
from foreship_foundation.telling.words import plural

if TYPE_CHECKING:
    from foreship_optimize.params import EconomicsParams

__all__ = ["filled", "typed_demand"]


def typed_demand(frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one's own scenarios typed: `region, item, week, scenario, units`.

    Raises
    ------
    InputError
        With every fault of the frame, and of ids that `tables` do not declare.
    """
    reads = {DEMAND.name: DEMAND}
    typed, faults = complete_frames({DEMAND.name: frame}, reads, reads)
    faults = faults or unknown_ids({**tables, **typed}, reads)
    _refuse("the demand given", faults)
    found = typed[DEMAND.name]
    found.attrs.update(frame.attrs)
    return found


def _refuse(what: str, faults: list[str]) -> None:
    if faults:
        words = f"{what} has {plural(len(faults), 'fault')}:"
        raise InputError("\n".join([words, *faults]))


def filled(
    frames: Mapping[str, pd.DataFrame], economics: EconomicsParams
) -> dict[str, pd.DataFrame]:
    """Return all tables with what blanks of items and lanes mean, a line an order and item.

    A blank cost of a further unit stays blank: it means what the first one costs, which a caller
    may change. Lanes between hubs, and returns and receipts of what or where nothing is sold any
    more, are left out: `check` has warned of them.
    """
    items = items_with_economics(
        frames["items"],
        economics.holding_rate_per_year,
        economics.lost_sale_share,
        economics.lost_sale_share_per_day,
    )
    orders = one_line_an_order(frames["orders"])
    tables = {**frames, "orders": orders, "items": items, "lanes": _usable_lanes(frames)}
    return tables | {name: _known_cells(tables[name], tables) for name in LEFT_OUT}


def _usable_lanes(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Fill `direct_cost`, and leave out lanes between hubs."""
    lanes = lanes_with_parcel_cost(frames["lanes"])
    hubs = frames["hubs"]["hub"]
    between = lanes["origin"].isin(hubs) & lanes["destination"].isin(hubs)
    return lanes.loc[~between].reset_index(drop=True) if between.any() else lanes


def _known_cells(frame: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Leave out rows of unknown items, regions or places."""
    known = frame["item"].isin(frames["items"]["item"])
    regions, hubs = frames["regions"]["region"], frames["hubs"]["hub"]
    if "region" in frame:
        known &= frame["region"].isin(regions)
    else:
        known &= frame["location"].isin(regions) | frame["location"].isin(hubs)
    return frame if known.all() else frame.loc[known].reset_index(drop=True)
