"""Cells of a plan as rows of a table: stock, forecast, cover, and why so many and not one more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from foreship.reading.facts.line_facts import stock_of
from foreship.reading.facts.line_reasons import next_units, reasons_of_lines
from foreship.reading.views import INTO_REGIONS, OUT_OF_REGIONS, RunView
from foreship.reading.words.limits import not_weighed_words, stopped_words
from foreship_foundation.arrays import Floats
from foreship_foundation.tables.output_files import NOT_WORTH_IT
from foreship_foundation.telling.words import percent, plural

__all__ = [
    "CellRow",
    "cell_frame",
    "cell_rows",
    "most_moved_first",
    "table_of",
    "totals",
    "worded",
]

HEAD = (
    f"{'':<20} {'on hand':>8} {'coming':>7} {'sent':>6} {'leaves':>7} {'forecast':>9} {'cover':>6}"
)


@dataclass(frozen=True)
class CellRow:
    """One item in one region around a plan."""

    region: str
    item: str
    name: str
    """what is told apart by the rows around it: of the region, or of the item"""
    on_hand: int
    coming: int
    sent: int
    leaving: int
    forecast: float | None
    """expected demand until the next plan [units]; None where the run holds no forecast"""
    weeks_of_cover: float | None
    """stock after the plan over weekly demand; None without demand, or where it is not known"""
    reason: str


def cell_rows(
    view: RunView, *, item: str | None = None, region: str | None = None
) -> list[CellRow]:
    """Return the cells of an item or of a region, by name, as far as the run weighed them."""
    kind = "region" if item is not None else "item"
    return worded(view, cell_frame(view, item=item, region=region), kind)


def cell_frame(
    view: RunView, *, item: str | None = None, region: str | None = None
) -> pd.DataFrame:
    """Return the cells of an item or of a region in numbers, by name.

    Columns `region, item, on_hand, coming, sent, leaving` [units], `forecast` until the next plan
    [units], NaN where the run holds none, `weeks_of_cover`, NaN without demand.
    """
    column, wanted = ("item", item) if item is not None else ("region", region)
    kind = "region" if column == "item" else "item"
    ids = _ids(view, column, str(wanted), kind)
    cells = pd.DataFrame({column: [str(wanted)] * len(ids), kind: ids}, dtype=str)
    units = stock_of(view, cells)
    near, weekly = _demand(view, column, str(wanted), kind, ids)
    stays = units["on_hand"] + units["coming"] + units["arriving"] - units["leaving"]
    asked = np.isfinite(weekly) & (weekly != 0.0)
    return pd.DataFrame(
        {
            "region": cells["region"],
            "item": cells["item"],
            "on_hand": units["on_hand"],
            "coming": units["coming"],
            "sent": units["arriving"],
            "leaving": units["leaving"],
            "forecast": near,
            "weeks_of_cover": np.divide(stays, weekly, out=np.full(len(ids), np.nan), where=asked),
        }
    )


def most_moved_first(cells: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return rows of `cell_frame` where most is moved first, then where most lies, by `kind`."""
    moved = (cells["sent"] + cells["leaving"]).to_numpy()
    return cells.iloc[np.lexsort((cells[kind], -cells["on_hand"], -moved))]


def worded(view: RunView, cells: pd.DataFrame, kind: str) -> list[CellRow]:
    """Return some rows of `cell_frame` with the name that tells them apart, and their reasons.

    Only the reasons of these cells are put in words: there may be very many others.

    Parameters
    ----------
    kind
        `region` for cells of one item, `item` for those of one region.
    """
    reasons = _reasons(_narrowed(view, cells))
    return [_row(view, row, kind, reasons) for row in cells.to_dict("records")]


def table_of(rows: Sequence[CellRow], kind: str) -> Iterator[tuple[str, str]]:
    """Yield each row as a line of at most 80 columns, with its reason; first the heading."""
    yield HEAD, ""
    for each in rows:
        id_ = each.region if kind == "region" else each.item
        label = f"{id_} {each.name}".strip()
        yield (
            f"{_cut(label, 20):<20} {each.on_hand:>8,} {each.coming:>7,} {each.sent:>6,} "
            f"{each.leaving:>7,} {_number(each.forecast):>9} {_number(each.weeks_of_cover):>6}",
            each.reason,
        )


def _ids(view: RunView, column: str, wanted: str, kind: str) -> list[str]:
    """Return the other id of every cell of an item or a region, sorted."""
    frames: list[pd.DataFrame] = [view.units]
    frames += [] if view.reasons is None else [view.reasons]
    frames += [] if view.forecast is None else [view.forecast]
    stock = view.table("stock")
    if len(stock) and "region" in view.table("regions"):
        here = stock["location"].isin(view.table("regions")["region"])
        frames.append(stock[here].rename(columns={"location": "region"}))
    into = view.lines[view.lines["action"].isin(INTO_REGIONS)]
    frames.append(into.rename(columns={"destination": "region"}))
    found: set[str] = set()
    for frame in frames:
        found |= set(frame.loc[frame[column] == wanted, kind].unique().astype(str).tolist())
    return sorted(found)


def _row(
    view: RunView, cell: Mapping[Any, Any], kind: str, reasons: Mapping[tuple[str, str], str]
) -> CellRow:
    key = (str(cell["region"]), str(cell["item"]))
    return CellRow(
        region=key[0],
        item=key[1],
        name=view.name(kind, str(cell[kind])),
        on_hand=int(cell["on_hand"]),
        coming=int(cell["coming"]),
        sent=int(cell["sent"]),
        leaving=int(cell["leaving"]),
        forecast=_known(cell["forecast"]),
        weeks_of_cover=_known(cell["weeks_of_cover"]),
        reason=reasons.get(key) or "Nothing is sent there, nothing is taken away.",
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _demand(
    view: RunView, column: str, wanted: str, kind: str, ids: list[str]
) -> tuple[Floats, Floats]:
    """Return by cell what is expected until the next plan, and a week in the mean; NaN: unknown."""
    if view.forecast is None:
        return np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    until = view.as_of + pd.Timedelta(weeks=view.review_weeks)
    mine = view.forecast[view.forecast[column] == wanted]
    near = mine["mean"].where(mine["week"] < until, 0.0)
    by_cell = mine.assign(near=near).groupby(kind, sort=False)
    told = by_cell.agg(near=("near", "sum"), weekly=("mean", "mean")).reindex(ids)
    return told["near"].to_numpy(np.float64), told["weekly"].to_numpy(np.float64)


def _narrowed(view: RunView, cells: pd.DataFrame) -> RunView:
    """Return what the reasons of some cells of one item, or of one region, are read from."""
    regions, items = set(cells["region"]), set(cells["item"])
    lines, units, reasons = view.lines, view.units, view.reasons
    touching = lines["origin"].isin(regions) | lines["destination"].isin(regions)
    if reasons is not None:
        reasons = reasons[reasons["region"].isin(regions) & reasons["item"].isin(items)]
    return replace(
        view,
        lines=lines[touching & lines["item"].isin(items)],
        units=units[units["region"].isin(regions) & units["item"].isin(items)],
        reasons=reasons,
    )


def _reasons(view: RunView) -> dict[tuple[str, str], str]:
    """Return by cell the reasons of its lines, else why none goes there."""
    said: dict[tuple[str, str], dict[str, None]] = {}
    for line, reason in zip(view.lines.to_dict("records"), reasons_of_lines(view), strict=True):
        arrives = line["action"] in INTO_REGIONS
        place = line["destination"] if arrives else line["origin"]
        said.setdefault((place, line["item"]), {})[reason] = None
        if arrives and line["action"] in OUT_OF_REGIONS:
            moved = f"{plural(line['quantity'], 'unit moves', 'units move')} to {place}."
            said.setdefault((line["origin"], line["item"]), {})[moved] = None
    found = {key: " ".join(reasons) for key, reasons in said.items()}
    for key, unit in next_units(view).items():
        found.setdefault(key, _not_sent(unit))
    return {**_not_weighed(view), **found}


def _not_sent(unit: Any) -> str:
    """Say why not even one unit is sent."""
    if unit["binding"] != NOT_WORTH_IT:
        return f"None is sent: {stopped_words(unit['binding'])}."
    return f"None is sent: one would sell with {percent(float(unit['p']))}, too rarely to pay."


def _not_weighed(view: RunView) -> dict[tuple[str, str], str]:
    if view.reasons is None:
        return {}
    none = view.reasons[view.reasons["about"] == "not weighed"]
    return {
        (row["region"], row["item"]): f"None is sent: {not_weighed_words(row['cause'])}."
        for row in none.to_dict("records")
    }


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def totals(cells: pd.DataFrame) -> tuple[int, int, int, int]:
    """Return units on hand, coming, sent and leaving of all cells."""
    here, coming, sent, leaving = (
        int(cells[name].sum()) for name in ("on_hand", "coming", "sent", "leaving")
    )
    return here, coming, sent, leaving
