"""Frames given to an open workspace: typed and checked as the tables of files are, and filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from foreship.errors import Fault, InputError
from foreship.ingest.findings import in_short
from foreship.ingest.rules.rules import LEFT_OUT
from foreship.ingest.tables import empty_frame
from foreship_foundation.orders.buyers import CUSTOMER, buyers_of
from foreship_foundation.orders.order_lines import one_line_an_order
from foreship_foundation.tables.asked_rows import (
    STATED,
    faults_in_frame,
    faults_of_adjustments,
    faults_of_policies,
    unknown_categories,
)
from foreship_foundation.tables.derived import (
    BUYERS,
    LOST_SALE_SHARE_STATED,
    items_with_economics,
    lanes_with_parcel_cost,
)
from foreship_foundation.tables.frames import complete_frames, unknown_ids
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import DEMAND
from foreship_foundation.telling.near_names import not_used
from foreship_foundation.telling.words import plural
from foreship_foundation.working_days import hubs_under_other_events

if TYPE_CHECKING:
    from foreship_optimize.params import EconomicsParams

__all__ = ["filled", "typed_demand", "typed_frames", "unused_columns"]

CURRENCY = "currency"
"""column that a table may have beside those of the contract"""
KEPT = {name: table.only(*empty_frame(table).columns) for name, table in INPUTS.items()} | {
    "items": INPUTS["items"].and_also(LOST_SALE_SHARE_STATED)
}
"""the tables with the columns that an open workspace holds"""


def typed_frames(
    frames: Mapping[str, pd.DataFrame], others: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return frames of the contract's tables typed, and `buyers` of orders that name customers.

    Parameters
    ----------
    frames
        By table name; none is changed.
    others
        The tables of the workspace that they come to, whose ids they may name.

    Raises
    ------
    InputError
        With every fault of every frame, and of ids that no table declares then.
    """
    reads = {name: KEPT.get(name, BUYERS) for name in frames}
    typed, faults = complete_frames(frames, reads, reads)
    if not faults:
        whole = {**others, **typed}
        asked = {name: table for name, table in KEPT.items() if name not in LEFT_OUT}
        faults = unknown_ids(whole, asked)
        faults += hubs_under_other_events(whole["calendar"], whole["hubs"]["hub"])
        faults += _asked_of_nothing(typed, whole["items"])
    _refuse(f"what was given of {', '.join(frames)}", faults)
    if "buyers" not in frames and CUSTOMER in frames.get("orders", ()):
        customers = frames["orders"][CUSTOMER].to_numpy(dtype=object)
        typed["buyers"] = buyers_of(typed["orders"].assign(**{CUSTOMER: customers}))
    return {name: _in_nanoseconds(frame) for name, frame in typed.items()}


def _asked_of_nothing(frames: Mapping[str, pd.DataFrame], items: pd.DataFrame) -> list[str]:
    """Name rows of policies and adjustments that nobody can mean, as `check` does of files.

    Which of two rows about the same still holds is asked where the Monday of the plan is known.
    """
    known, faults = set(items["category"]), []
    for name in ("policies", "adjustments"):
        if name in frames:
            rows = {column: frames[name][column].to_numpy() for column in STATED}
            ended = np.zeros(len(frames[name]), dtype=np.bool_)
            wrong = faults_of_adjustments(rows)
            if name == "policies":
                wrong = faults_of_policies(rows, ended)
            faults += faults_in_frame(name, [*wrong, unknown_categories(rows, known)])
    return faults


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


def unused_columns(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Say of each frame which of its columns no table of the contract has, as `check` does.

    Parameters
    ----------
    frames
        By table name.
    """
    said = []
    for name, frame in frames.items():
        known = set(INPUTS.get(name, BUYERS).names) | {*KEPT.get(name, BUYERS).names, CURRENCY}
        unused = [str(each) for each in frame.columns if each not in known]
        absent = [each for each in INPUTS.get(name, BUYERS).names if each not in frame.columns]
        if unused:
            said.append(str(Fault(name, *not_used(unused, absent, in_short), severity="warning")))
    return said


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


def _in_nanoseconds(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its days in the unit of tables that were read."""
    days = frame.select_dtypes("datetime").columns
    return frame.astype(dict.fromkeys(days, "datetime64[ns]"))
