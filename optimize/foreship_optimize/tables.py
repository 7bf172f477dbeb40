"""The tables that the optimise room accepts, and the defaults it fills in.

Tables are declared once here as values; `complete` fills optional columns and
`check` gathers every fault of every table before anything is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship_optimize.errors import TableFault
from foreship_optimize.params import EXITS, EconomicsParams

__all__ = ["TABLES", "Column", "Table", "check", "complete"]

SHOWN_ROWS: Final = 5
WEEKS_PER_YEAR: Final = 52.0
LOCK_KINDS: Final = ("fix", "forbid", "at_least", "at_most")
REQUIRED: Final = object()


@dataclass(frozen=True)
class Column:
    """One column: its type, its default (REQUIRED: it must be there) and its closed range."""

    name: str
    kind: str
    """`id` (text, never empty), `any` (text, '' = any), `text`, `number`, `whole` or `date`"""
    default: Any = REQUIRED
    low: float | None = None
    high: float | None = None
    unlimited: bool = False
    """True where infinity means no limit"""


@dataclass(frozen=True)
class Table:
    """One table: its columns, its key, and whether it must be there."""

    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = False


def _number(name: str, default: Any = REQUIRED, low: float | None = 0.0, **more: Any) -> Column:
    return Column(name, "number", default, low, **more)


TABLES: Final[dict[str, Table]] = {
    "items": Table(
        (
            Column("item", "id"),
            _number("price"),
            _number("unit_cost"),
            _number("volume", 1.0),
            _number("weight_kg", 0.0),
            Column("pack_size", "whole", 1, 1),
            _number("holding_cost_per_week", np.nan),
            _number("lost_sale_share", np.nan, high=1.0),
            _number("customer_return_share", 0.0, high=1.0),
        ),
        ("item",),
        required=True,
    ),
    "regions": Table(
        (
            Column("region", "id"),
            _number("capacity", np.inf, unlimited=True),
            _number("last_mile_cost", 0.0),
        ),
        ("region",),
        required=True,
    ),
    "hubs": Table((Column("hub", "id"),), ("hub",), required=True),
    "lanes": Table(
        (
            Column("origin", "id"),
            Column("destination", "id"),
            _number("cost_per_unit"),
            Column("lead_time_days", "whole", REQUIRED, 0),
            _number("cost_per_kg", 0.0),
            _number("capacity", np.inf, unlimited=True),
            _number("direct_cost", np.nan),
            Column("from", "date", pd.NaT),
            Column("to", "date", pd.NaT),
        ),
        ("origin", "destination", "from", "to"),
        required=True,
    ),
    "stock": Table(
        (Column("location", "id"), Column("item", "id"), Column("quantity", "whole", REQUIRED, 0)),
        ("location", "item"),
        required=True,
    ),
    "inbound": Table(
        (
            Column("location", "id"),
            Column("item", "id"),
            Column("quantity", "whole", REQUIRED, 0),
            Column("arrival_date", "date"),
        ),
        (),
    ),
    "exits": Table(
        (
            Column("exit", "id"),
            Column("item", "any", ""),
            Column("region", "any", ""),
            _number("cost", 0.0, None),
            _number("recovery", 0.0, None),
            _number("capacity", np.inf, unlimited=True),
            _number("delay_weeks", 0.0),
        ),
        ("exit", "item", "region"),
    ),
    "assortment": Table(
        (
            Column("region", "id"),
            Column("item", "id"),
            Column("from", "date", pd.NaT),
            Column("to", "date", pd.NaT),
        ),
        ("region", "item"),
    ),
    "overrides": Table(
        (
            Column("kind", "id"),
            _number("value"),
            Column("reason", "text", ""),
            Column("author", "text", ""),
            Column("expires", "date", pd.NaT),
            Column("region", "any", ""),
            Column("item", "any", ""),
            Column("origin", "any", ""),
        ),
        (),
    ),
}


def complete(
    tables: Mapping[str, pd.DataFrame], economics: EconomicsParams | None = None
) -> dict[str, pd.DataFrame]:
    """Return the tables of this room with every column present, typed and checked.

    Parameters
    ----------
    tables
        Frames by contract name; tables this room does not read are ignored.
    economics
        Fills `holding_cost_per_week` and `lost_sale_share` where an item has none, and says what
        customers' returns cost the `margin` of a sale.

    Raises
    ------
    TableFault
        Naming every fault of every table.
    """
    faults = check(tables)
    if faults:
        raise TableFault(faults)
    filled = {name: _fill(tables.get(name), table) for name, table in TABLES.items()}
    return _fill_economics(filled, economics or EconomicsParams())


def check(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return every fault of every table, one sentence each; an empty list means none."""
    faults: list[str] = []
    for name, table in TABLES.items():
        frame = tables.get(name)
        if frame is None:
            faults += [f"table {name} is missing"] if table.required else []
            continue
        faults += _faults_of_table(name, table, frame)
    return faults or _faults_across(tables)


def _fill(frame: pd.DataFrame | None, table: Table) -> pd.DataFrame:
    """Give a frame its absent columns, its types and a fresh row index."""
    rows = 0 if frame is None else len(frame)
    columns: dict[str, Any] = {}
    for column in table.columns:
        if frame is not None and column.name in frame.columns:
            columns[column.name] = _typed(frame[column.name], column)
        else:
            default = "" if column.default is REQUIRED else column.default
            absent = pd.Series([default] * rows, dtype=object)
            columns[column.name] = _typed(absent, column)
    return pd.DataFrame(columns, index=pd.RangeIndex(rows))


def _typed(values: pd.Series[Any], column: Column) -> Any:
    """Convert one column to the type of its kind; nulls become the default."""
    if column.kind == "date":
        return pd.to_datetime(values).to_numpy(dtype="datetime64[ns]").astype("datetime64[D]")
    if column.kind in ("number", "whole"):
        numbers = pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
        if column.default is not REQUIRED:
            numbers = np.where(np.isnan(numbers), float(column.default), numbers)
        return numbers.astype(np.int64) if column.kind == "whole" else numbers
    texts = values.to_numpy(dtype=object)
    return np.where(pd.isna(texts), "", texts).astype(object) if len(texts) else texts


def _fill_economics(
    tables: dict[str, pd.DataFrame], economics: EconomicsParams
) -> dict[str, pd.DataFrame]:
    """Fill what an item's holding and losing cost, and a lane's parcel cost, where absent."""
    items, lanes = tables["items"], tables["lanes"]
    weekly = items["unit_cost"] * economics.holding_rate_per_year / WEEKS_PER_YEAR
    resold = economics.customer_return_resold_share * items["unit_cost"]
    refunded = items["price"] + economics.customer_return_handling - resold
    back = items["customer_return_share"]
    tables["items"] = items.assign(
        margin=items["price"] - items["unit_cost"] - back * refunded,  # equation 4a
        holding_cost_per_week=items["holding_cost_per_week"].fillna(weekly),
        lost_sale_share=items["lost_sale_share"].fillna(economics.lost_sale_share),
    )
    tables["lanes"] = lanes.assign(direct_cost=lanes["direct_cost"].fillna(lanes["cost_per_unit"]))
    return tables


def _faults_of_table(name: str, table: Table, frame: pd.DataFrame) -> list[str]:
    """Faults inside one table: columns, values, twice-named rows."""
    faults = []
    for column in table.columns:
        if column.name in frame.columns:
            faults += _faults_of_column(name, column, frame[column.name])
        elif column.default is REQUIRED:
            faults.append(f"table {name}: column {column.name} is missing")
    if not faults and table.key:
        faults += _faults_of_key(name, table, frame)
    return faults


def _faults_of_column(name: str, column: Column, values: pd.Series[Any]) -> list[str]:
    """Values of one column that are not what its kind and range ask."""
    optional = column.default is not REQUIRED
    if column.kind in ("id", "any", "text"):
        texts = values.to_numpy(dtype=object)
        null = np.asarray(pd.isna(texts), dtype=bool)
        text = np.fromiter((isinstance(each, str) for each in texts), bool, len(texts))
        bad = ~text & ~(null & optional)
        if column.kind == "id":
            bad |= texts == ""
        return _say(name, column.name, values, bad, "must be text")
    if column.kind == "date":
        dates = pd.to_datetime(values, errors="coerce")
        bad = dates.isna().to_numpy() & ~(values.isna().to_numpy() & optional)
        return _say(name, column.name, values, bad, "must be a date")
    return _faults_of_numbers(name, column, values, optional)


def _faults_of_numbers(
    name: str, column: Column, values: pd.Series[Any], optional: bool
) -> list[str]:
    """Numbers that are absent, not finite, not whole or out of range."""
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    null = values.isna().to_numpy()
    bad = np.isnan(numbers) & ~(null & optional)
    bad |= np.isinf(numbers) & ~(column.unlimited & (numbers > 0))
    words = "a whole number" if column.kind == "whole" else "a number"
    if column.kind == "whole":
        finite = np.isfinite(numbers)
        bad |= finite & (np.where(finite, numbers, 0.0) % 1.0 != 0.0)
    if column.low is not None:
        bad |= numbers < column.low
        words += f", at least {column.low:g}"
    if column.high is not None:
        bad |= numbers > column.high
        words += f", at most {column.high:g}"
    return _say(name, column.name, values, bad, f"must be {words}")


def _faults_of_key(name: str, table: Table, frame: pd.DataFrame) -> list[str]:
    """Rows with the same key."""
    key = [each for each in table.key if each in frame.columns]
    twice = frame.duplicated(key, keep="first").to_numpy()
    named = frame[key].astype(str).agg(" / ".join, axis=1) if twice.any() else frame[key[0]]
    return _say(name, " + ".join(key), named, twice, "must name each row once")


def _faults_across(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Ids that another table does not know, and words outside the vocabulary."""
    items = set(tables["items"]["item"])
    regions, hubs = set(tables["regions"]["region"]), set(tables["hubs"]["hub"])
    faults = [
        f"table hubs: {each!r} is also a region; a place needs one id of its own"
        for each in sorted(regions & hubs)[:SHOWN_ROWS]
    ]
    places = regions | hubs
    known: dict[tuple[str, str], tuple[set[str], str]] = {
        ("lanes", "origin"): (places, "must be a hub or region"),
        ("lanes", "destination"): (places, "must be a hub or region"),
        ("stock", "location"): (places, "must be a hub or region"),
        ("stock", "item"): (items, "must be in items"),
        ("inbound", "location"): (places, "must be a hub or region"),
        ("inbound", "item"): (items, "must be in items"),
        ("assortment", "region"): (regions, "must be in regions"),
        ("assortment", "item"): (items, "must be in items"),
        ("exits", "exit"): (set(EXITS), f"must be one of {', '.join(EXITS)}"),
        ("exits", "item"): (items | {""}, "must be in items, or empty for any"),
        ("exits", "region"): (regions | {""}, "must be in regions, or empty for any"),
        ("overrides", "kind"): (set(LOCK_KINDS), f"must be one of {', '.join(LOCK_KINDS)}"),
        ("overrides", "item"): (items | {""}, "must be in items, or empty for any"),
        ("overrides", "region"): (regions | {""}, "must be in regions, or empty for any"),
        ("overrides", "origin"): (places | {""}, "must be a hub or region, or empty for any"),
    }
    for (name, column), (ids, words) in known.items():
        frame = tables.get(name)
        if frame is not None and column in frame.columns and len(frame):
            values = frame[column].fillna("")
            faults += _say(name, column, values, ~values.isin(ids).to_numpy(), words)
    return faults


def _say(name: str, column: str, values: pd.Series[Any], bad: Any, words: str) -> list[str]:
    """One sentence for each of the first faulty rows, then how many more there are."""
    rows = np.flatnonzero(np.asarray(bad, dtype=bool))
    faults = [
        f"table {name}, row {row + 1}, column {column}: {values.iloc[row]!r} {words}"
        for row in rows[:SHOWN_ROWS].tolist()
    ]
    if len(rows) > SHOWN_ROWS:
        faults.append(f"table {name}, column {column}: {len(rows) - SHOWN_ROWS} more such rows")
    return faults
