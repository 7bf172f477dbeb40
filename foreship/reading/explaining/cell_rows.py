"""Cells of a plan as rows of a table: stock, forecast, cover, and why so many and not one more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from foreship.reading.facts.line_facts import stock_of
from foreship.reading.facts.line_reasons import next_units, reasons_of_lines
from foreship.reading.views import INTO_REGIONS, OUT_OF_REGIONS, RunView
from foreship.reading.words.limits import not_weighed_words, stopped_words
from foreship_foundation.tables.output_files import NOT_WORTH_IT
from foreship_foundation.telling.words import percent, plural

__all__ = ["CellRow", "cell_rows", "table_of"]

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
    demand, reasons = _demand(view), _reasons(view)
    column, wanted = ("item", item) if item is not None else ("region", region)
    kind = "region" if item is not None else "item"
    cells = pd.DataFrame(sorted(_cells(view, column, str(wanted))), columns=["region", "item"])
    cells = cells.assign(**stock_of(view, cells))
    return [_row(view, row, kind, demand, reasons) for row in cells.to_dict("records")]


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


def _cells(view: RunView, column: str, wanted: str) -> set[tuple[str, str]]:
    frames: list[pd.DataFrame] = [view.units]
    frames += [] if view.reasons is None else [view.reasons]
    frames += [] if view.forecast is None else [view.forecast]
    stock = view.table("stock")
    if len(stock) and "region" in view.table("regions"):
        here = stock["location"].isin(view.table("regions")["region"])
        frames.append(stock[here].rename(columns={"location": "region"}))
    into = view.lines[view.lines["action"].isin(INTO_REGIONS)]
    frames.append(into.rename(columns={"destination": "region"}))
    found: set[tuple[str, str]] = set()
    for frame in frames:
        mine = frame[frame[column] == wanted]
        found |= set(zip(mine["region"].astype(str), mine["item"].astype(str), strict=True))
    return found


def _row(
    view: RunView,
    cell: Mapping[Any, Any],
    kind: str,
    demand: Mapping[tuple[str, str], tuple[float, float]],
    reasons: Mapping[tuple[str, str], str],
) -> CellRow:
    key = (str(cell["region"]), str(cell["item"]))
    here, coming, sent, leaving = (
        int(cell[name]) for name in ("on_hand", "coming", "arriving", "leaving")
    )
    until, weekly = demand.get(key, (None, None))
    return CellRow(
        *key,
        view.name(kind, str(cell[kind])),
        here,
        coming,
        sent,
        leaving,
        until,
        (here + coming + sent - leaving) / weekly if weekly else None,
        reasons.get(key) or "Nothing is sent there, nothing is taken away.",
    )


def _demand(view: RunView) -> dict[tuple[str, str], tuple[float, float]]:
    """Return by cell what is expected until the next plan, and a week in the mean."""
    if view.forecast is None:
        return {}
    until = view.as_of + pd.Timedelta(weeks=view.review_weeks)
    near = view.forecast["mean"].where(view.forecast["week"] < until, 0.0)
    both = view.forecast.assign(near=near).groupby(["region", "item"], sort=False)
    told = both.agg(near=("near", "sum"), weekly=("mean", "mean"))
    return {
        (str(region), str(item)): (float(near), float(weekly))
        for (region, item), near, weekly in zip(
            told.index, told["near"], told["weekly"], strict=True
        )
    }


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


def totals(rows: Iterable[CellRow]) -> tuple[int, int, int, int]:
    """Return units on hand, coming, sent and leaving of all rows."""
    every = list(rows)
    return (
        sum(each.on_hand for each in every),
        sum(each.coming for each in every),
        sum(each.sent for each in every),
        sum(each.leaving for each in every),
    )
