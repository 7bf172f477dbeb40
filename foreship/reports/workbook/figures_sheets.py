"""Sheets of figures: summary, matrix, unit ledger, limits, and those that only some runs have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from foreship.reading.views import INTO_REGIONS, RunView, day
from foreship.reading.words.orders import order_figures, trust_words
from foreship.reading.words.terms import FIGURES, term_words
from foreship.reports.figures import rounded_terms
from foreship.reports.plan_page import sentences
from foreship.reports.workbook.sheets import MOST_ROWS, Field, Sheets, capped, fields_of
from foreship_foundation.tables.declaration import Table
from foreship_foundation.tables.output_files import (
    ASKED,
    CHANGES,
    DEPARTURES,
    EXCEPTIONS,
    NEEDS,
    PROJECTED,
)
from foreship_foundation.telling.words import plural, sentence

__all__ = [
    "LIMITS",
    "SCHEMA_VERSION",
    "further_cuts",
    "ledger",
    "limits",
    "matrix",
    "matrix_sheet",
    "meta_sheet",
    "summary_sheet",
    "where_known",
]

SCHEMA_VERSION = 1
MOST_UNITS = 50_000
MATRIX = (2_000, 200)
HIDDEN = "_meta"
LIMITS = (
    Field("limit", "limit", "text", 52),
    Field("family", "kind", "text", 14),
    Field("price", "worth of one more", "money", 18),
    Field("unit", "one more is one of", "text", 18),
    Field("words", "in words", "text", 80),
)


def ledger(view: RunView) -> tuple[pd.DataFrame, str]:
    """Return the ledger, cells that this plan touches first where not all of it fits."""
    units = view.units
    if len(units) > MOST_UNITS:
        keys = pd.MultiIndex.from_frame(units[["region", "item"]])
        sent = keys.isin(keys[(units["planned"] == 1).to_numpy()])
        units = pd.concat([units[sent], units[~sent]])
    shown, cut = capped(units, MOST_UNITS, "Units", "unit", "units.parquet")
    return (shown, f"{cut}, regions and items that get units first") if cut else (shown, "")


def matrix(lines: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return units sent by item (down) and region (across), the busiest where not all fit."""
    sent = lines[lines["action"].isin(INTO_REGIONS)]
    if sent.empty:
        return pd.DataFrame(), ""
    grid = sent.pivot_table(
        index="item", columns="destination", values="quantity", aggfunc="sum", fill_value=0
    )
    if grid.shape[0] <= MATRIX[0] and grid.shape[1] <= MATRIX[1]:
        return grid, ""
    items = grid.sum(axis=1).sort_values(ascending=False, kind="stable").index[: MATRIX[0]]
    places = grid.sum().sort_values(ascending=False, kind="stable").index[: MATRIX[1]]
    shown = grid.loc[sorted(items), sorted(places)]
    words = (
        f"Sheet Matrix shows the busiest {plural(len(shown), 'item')} and "
        f"{plural(shown.shape[1], 'region')}: {shown.to_numpy().sum():,} of "
        f"{plural(grid.to_numpy().sum(), 'unit')}"
    )
    return shown, words


def summary_sheet(sheets: Sheets, view: RunView, cuts: Sequence[str]) -> None:
    """Write the headline, key figures, money by term, and all notes."""
    sheet = sheets.add("Summary")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 60)
    title = f"Shipment plan for {day(view.as_of, long=True)}"
    sheet.write_string(0, 0, title, sheets.forms["title"])
    row = 2
    for said in sentences(view):
        sheets.put(sheet, row, 0, said, "text")
        row += 1
    row = _pairs(sheets, sheet, row + 1, "Key figures", _key_figures(view))
    row = _pairs(sheets, sheet, row + 1, "Expected gain by term", _terms(view))
    row = _by_order(sheets, sheet, row, view)
    sheets.put(sheet, row + 1, 0, "Notes", "strong")
    for note in [*map(sentence, cuts), *view.planner_notes, *view.statistics] or ["None."]:
        row += 1
        sheets.put(sheet, row + 1, 0, note, "text")
    sheets.printable(sheet)


def _by_order(sheets: Sheets, sheet: Any, row: int, view: RunView) -> int:
    """Write what past orders say; return the row below it, the same one where nothing is said."""
    found = order_figures(view)
    if found is None or not found.orders_seen:
        return row
    pairs: dict[str, tuple[object, str]] = {
        "orders seen": (found.orders_seen, "units"),
        "worth serving from their region": (found.worth_serving_there, "share"),
        "whole there with this plan": (found.whole, "share"),
        "of all units, in these orders": (found.units_there, "share"),
        f"earned by the plan in {found.each}": (found.gain, "money"),
        f"no plan could exceed in {found.each}": (found.bound, "money"),
        "gap on past orders": (found.gap, "gap"),
    }
    row = _pairs(sheets, sheet, row + 1, f"Past orders of {plural(found.weeks, 'week')}", pairs)
    sheets.put(sheet, row, 0, trust_words(view), "text")
    return row + 1


def _pairs(
    sheets: Sheets, sheet: Any, row: int, title: str, pairs: Mapping[str, tuple[object, str]]
) -> int:
    """Write a titled list of names and values; return the row below it."""
    sheets.put(sheet, row, 0, title, "strong")
    for name, (value, form) in pairs.items():
        row += 1
        sheets.put(sheet, row, 0, name, "text")
        sheets.put(sheet, row, 1, value, form)
    return row + 1


def _key_figures(view: RunView) -> dict[str, tuple[object, str]]:
    gain = view.expected_gain()
    figures: dict[str, tuple[object, str]] = {
        "status": (view.summary.get("status", "none"), "text"),
        "why the search ended": (view.summary.get("termination", ""), "text"),
        "lines": (len(view.lines), "units"),
        "units": (int(view.lines["quantity"].sum()), "units"),
        "cost": (float(view.lines["cost"].sum()), "money"),
    }
    if gain is not None:
        figures["expected gain"] = (gain, "money")
    for key, words in FIGURES.items():
        figures[words] = (view.summary.get(key), "gap" if key == "gap" else "money")
    return figures


def _terms(view: RunView) -> dict[str, tuple[object, str]]:
    gain = view.expected_gain()
    if gain is None:
        return {}
    gains = {name: -value for name, value in view.totals().items()}
    terms = rounded_terms(gains, gain)
    return {term_words(name): (value, "money") for name, value in terms.items()}


def matrix_sheet(sheets: Sheets, matrix: pd.DataFrame, cut: str) -> None:
    """Write items down, regions across, with totals; empty where nothing is sent."""
    sheet = sheets.add("Matrix")
    sheet.set_column(0, 0, 18, sheets.forms["text"])
    sheet.set_column(1, max(matrix.shape[1], 1) + 1, 11)
    sheets.put(sheet, 0, 0, "item \\ region" if matrix.size else "nothing is sent", "head")
    for place, name in enumerate(matrix.columns, start=1):
        sheets.put(sheet, 0, place, name, "head")
    if matrix.size:
        _cells(sheets, sheet, matrix)
    if cut:
        sheets.put(sheet, len(matrix) + 3, 0, cut, "text")
    sheet.freeze_panes(1, 1)
    sheets.printable(sheet)


def _cells(sheets: Sheets, sheet: Any, matrix: pd.DataFrame) -> None:
    values = matrix.to_numpy()
    height, width = values.shape
    sheets.put(sheet, 0, width + 1, "all shown", "head")
    for row, (name, numbers) in enumerate(zip(matrix.index, values, strict=True), start=1):
        sheets.put(sheet, row, 0, name, "text")
        for place in np.flatnonzero(numbers).tolist():
            sheets.put(sheet, row, place + 1, int(numbers[place]), "units")
        sheets.put(sheet, row, width + 1, int(numbers.sum()), "units")
    sheets.put(sheet, height + 1, 0, "all shown", "strong")
    for place, total in enumerate([*values.sum(axis=0).tolist(), int(values.sum())], start=1):
        sheets.put(sheet, height + 1, place, total, "total")
    rule = {"type": "cell", "criteria": ">", "value": 0, "format": sheets.forms["some"]}
    sheet.conditional_format(1, 1, height, width, rule)


def _further(view: RunView) -> Iterator[tuple[str, Table, pd.DataFrame, str]]:
    """Yield the sheets that only some runs have: name, declaration, rows shown, what is cut."""
    for name, table, frame, noun in (
        ("Departures", DEPARTURES, view.departures, "departure"),
        ("Needs", NEEDS, view.needs, "need"),
        ("Exceptions", EXCEPTIONS, view.extra(EXCEPTIONS.name), "exception"),
        ("Stock by week", PROJECTED, view.extra(PROJECTED.name), "row"),
        ("Changes", CHANGES, view.extra(CHANGES.name), "group"),
        ("Asked", ASKED, view.extra(ASKED.name), "row"),
    ):
        if frame is not None:
            yield name, table, *capped(frame, MOST_ROWS, name, noun, table.name)


def further_cuts(view: RunView) -> list[str]:
    """Return a sentence for each of the further sheets that does not hold all its rows."""
    return [cut for _, _, _, cut in _further(view)]


def where_known(sheets: Sheets, view: RunView) -> None:
    """Write the sheets that only some runs have."""
    for name, table, shown, _ in _further(view):
        sheets.frame(name, shown, fields_of(table))


def limits(view: RunView) -> pd.DataFrame:
    """Return what one more of each scarce limit is worth, a row a limit."""
    rows = [[getattr(each, field.key) for field in LIMITS] for each in view.shadow_prices()]
    return pd.DataFrame(rows, columns=[field.key for field in LIMITS])


def meta_sheet(sheets: Sheets, view: RunView) -> None:
    """Write the hidden sheet by which the workbook's run is known."""
    sheet = sheets.add(HIDDEN)
    facts = {
        "schema_version": SCHEMA_VERSION,
        "run_id": view.run_id,
        "as_of": day(view.as_of),
        **{f"version {name}": str(version) for name, version in view.versions.items()},
    }
    for row, (name, value) in enumerate(facts.items()):
        sheets.put(sheet, row, 0, name, "text")
        sheets.put(sheet, row, 1, value, "units")
    sheet.hide()
