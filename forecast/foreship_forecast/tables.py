"""What the forecast room requires of the frames it is given.

The whole contract is declared, and checked in full, in the corridor; an analyst who brings
frames straight to this room passes the required columns and gets the optional ones filled.

==============  ==============================  =====================================
table           required columns                optional columns
==============  ==============================  =====================================
orders          date, region, item, quantity
items           item                            category, launch_date
regions         region                          parent
stock           location, item, quantity
assortment      region, item                    from, to
returns         date, region, item, quantity
availability    week, region, item, in_stock
calendar        date, event                     region
prices          week, region, item, price       promotion
signals         week, region, item              views, carts, wishlists
buyers          week, region, item, customers
==============  ==============================  =====================================

Only `orders` must be there. Promised in return: `DISTRIBUTION_COLUMNS`, `PATH_COLUMNS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from foreship_forecast.errors import TableFault

__all__ = ["DISTRIBUTION_COLUMNS", "PATH_COLUMNS", "QUANTILES", "check", "complete"]

Kind = Literal["id", "date", "units", "number", "flag"]

QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99)
DISTRIBUTION_COLUMNS = (
    "region",
    "item",
    "week",
    "mean",
    "purchase_probability",
    *(f"q{round(100 * level):02d}" for level in QUANTILES),
)
"""A row a cell and week: mean [units], P(D >= 1) [0, 1], quantiles [units]."""
PATH_COLUMNS = ("region", "item", "week", "scenario", "units")
"""A row a cell, week and scenario with at least one unit."""


@dataclass(frozen=True)
class _Table:
    required: Mapping[str, Kind]
    optional: Mapping[str, Kind]


_CELL: dict[str, Kind] = {"region": "id", "item": "id"}
_LINE: dict[str, Kind] = {"date": "date", **_CELL, "quantity": "units"}
_WEEK: dict[str, Kind] = {"week": "date", **_CELL}
_TABLES: Mapping[str, _Table] = {
    "orders": _Table(_LINE, {}),
    "items": _Table({"item": "id"}, {"category": "id", "launch_date": "date"}),
    "regions": _Table({"region": "id"}, {"parent": "id"}),
    "stock": _Table({"location": "id", "item": "id", "quantity": "units"}, {}),
    "assortment": _Table(_CELL, {"from": "date", "to": "date"}),
    "returns": _Table(_LINE, {}),
    "availability": _Table({**_WEEK, "in_stock": "flag"}, {}),
    "calendar": _Table({"date": "date", "event": "id"}, {"region": "id"}),
    "prices": _Table({**_WEEK, "price": "number"}, {"promotion": "flag"}),
    "signals": _Table(_WEEK, {"views": "number", "carts": "number", "wishlists": "number"}),
    "buyers": _Table({**_WEEK, "customers": "number"}, {}),
}
_BLANK_ALLOWED = {("items", "launch_date"), ("assortment", "from"), ("assortment", "to")}


def check(tables: Mapping[str, pd.DataFrame]) -> None:
    """Refuse frames this room cannot work with, naming all their faults at once.

    Parameters
    ----------
    tables
        Table name -> frame; names this room does not read are left alone.

    Raises
    ------
    TableFault
        A missing table or column, a blank id or date, a quantity that is not a whole number
        above zero (at least zero for stock).
    """
    faults = [] if "orders" in tables else ["orders: missing; the forecast reads nothing else from"]
    for name, table in _TABLES.items():
        if name in tables:
            faults += _faults_of(name, table, tables[name])
    if faults:
        raise TableFault(faults)


def complete(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the checked tables with every column and type this room's arithmetic needs.

    Absent tables become empty ones, blank optional ids "", dates midnight without a time zone.
    The frames handed in are not changed.
    """
    check(tables)
    return {name: _completed(table, tables.get(name)) for name, table in _TABLES.items()}


def _faults_of(name: str, table: _Table, frame: pd.DataFrame) -> list[str]:
    missing = [column for column in table.required if column not in frame.columns]
    faults = [
        f"{name}: column {column} is missing; there are {', '.join(map(str, frame.columns))}"
        for column in missing
    ]
    for column, kind in {**table.required, **table.optional}.items():
        if column in frame.columns:
            required = column in table.required and (name, column) not in _BLANK_ALLOWED
            faults += _faults_of_column(name, column, kind, frame[column], required)
    return faults


def _faults_of_column(
    name: str, column: str, kind: Kind, values: pd.Series, required: bool
) -> list[str]:
    bad, should_be = _bad_values(name, kind, values)
    if required:
        bad = bad | values.isna().to_numpy()
    if not bad.any():
        return []
    row = int(np.flatnonzero(bad)[0])
    value = values.iloc[[row]].tolist()[0]
    shown = "blank" if pd.isna(value) else repr(value)
    return [
        f"{name}: {column} = {shown} in row {row + 1}"
        f" ({int(bad.sum())} of {len(bad)} rows); should be {should_be}"
    ]


def _bad_values(
    name: str, kind: Kind, values: pd.Series
) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], str]:
    there = values.notna().to_numpy()
    if kind == "date":
        parsed = pd.to_datetime(values, errors="coerce")
        return there & parsed.isna().to_numpy(), "a date"
    if kind == "id":
        return np.zeros(len(values), dtype=bool), "an id"
    number = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    finite = np.isfinite(number)
    if kind == "flag":
        return there & ~np.isin(number, (0.0, 1.0)), "0 or 1"
    if kind == "number":
        return there & ~(finite & (number >= 0)), "a number of at least 0"
    least = 0 if name == "stock" else 1
    whole = finite & (number == np.round(number)) & (number >= least) & (number < 2**31)
    return there & ~whole, f"a whole number of at least {least}"


def _completed(table: _Table, frame: pd.DataFrame | None) -> pd.DataFrame:
    columns = {**table.required, **table.optional}
    if frame is None:
        frame = pd.DataFrame({column: [] for column in columns})
    return pd.DataFrame(
        {
            column: _typed(kind, frame[column] if column in frame.columns else None, len(frame))
            for column, kind in columns.items()
        }
    )


def _typed(kind: Kind, values: pd.Series | None, rows: int) -> object:
    if kind == "id":
        if values is None:
            return np.full(rows, "", dtype=object)
        code, distinct = pd.factorize(values)
        return np.array([*map(str, distinct), ""], dtype=object)[code]
    if kind == "date":
        if values is None:
            return np.full(rows, np.datetime64("NaT", "D")).astype("datetime64[s]")
        days = pd.to_datetime(values)
        days = days.dt.tz_localize(None) if days.dt.tz is not None else days
        return days.dt.normalize().to_numpy().astype("datetime64[s]")
    if values is None:
        return np.zeros(rows)
    number = pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
    return number.astype(np.int64) if kind == "units" else number
