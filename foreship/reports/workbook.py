"""The plan as an Excel workbook: summary, lines, matrix, unit ledger, limits.

Text is written as text: an id such as `00123` keeps its zeros, and one that begins with `=`
is never a formula. The same run gives the same bytes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
import xlsxwriter

from foreship.reading.order_words import order_figures, trust_words
from foreship.reading.views import INTO_REGIONS, RunView, break_even_words, day, plural
from foreship.reports.figures import margins, rounded_terms
from foreship.reports.plan_page import sentences
from foreship_foundation.declaration import Table
from foreship_foundation.output_files import DEPARTURES, NEEDS, NUMBER, PLAN, UNITS
from foreship_foundation.words import sentence

__all__ = ["SCHEMA_VERSION", "write"]

SCHEMA_VERSION = 1
MOST_ROWS = 1_048_575
MOST_UNITS = 50_000
MATRIX = (2_000, 200)
MOST_LETTERS = 32_767
HIDDEN = "_meta"
THIN = 0.02
FORMATS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "bg_color": "#F0F3F5", "valign": "top", "text_wrap": True},
    "title": {"bold": True, "font_size": 16},
    "strong": {"bold": True},
    "text": {"num_format": "@"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "units": {"num_format": "#,##0"},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.000"},
    "date": {"num_format": "yyyy-mm-dd", "align": "right"},
    "total": {"bold": True, "top": 1, "num_format": "#,##0"},
    "below": {"bg_color": "#F6D3C2"},
    "thin": {"bg_color": "#FBEBC8"},
    "some": {"bg_color": "#DCEBF5"},
}


@dataclass(frozen=True)
class _Field:
    """One column of a sheet: its key in the frame, heading, number format and width."""

    key: str
    title: str
    form: str
    width: float


FORM = {"id": "text", "text": "text", "units": "units", "flag": "units", "date": "date",
        "week": "date", "money": "money", "number": "share"}  # fmt: skip
"""number format of each kind of column"""
WIDTH = {"id": 16, "date": 12, "week": 12}
WIDTHS = {"action": 10, "exit": 11, "binding": 36, "cost": 11, "unit": 6, "p": 8, "gain": 9,
          "loss": 9, "purchase_probability": 20}  # fmt: skip
"""letters of columns by kind and by name; others are as wide as their heading"""


def _fields_of(table: Table) -> tuple[_Field, ...]:
    """Return the columns of a file that goes out, as a sheet shows them."""
    found = []
    for each in table.columns:
        width = WIDTHS.get(each.name, WIDTH.get(each.kind, len(each.name) + 1))
        found.append(_Field(each.name, each.name, FORM[each.kind], width))
    return tuple(found)


LINES = (
    *_fields_of(PLAN),
    _Field("exit_day", "decide on exit", "date", 14),
    _Field("held_by", "held by", "text", 36),
    _Field("margin", "margin of safety", "share", 16),
)
LANE = _Field(NUMBER, NUMBER, "units", 6)
LIMITS = (
    _Field("limit", "limit", "text", 52),
    _Field("family", "kind", "text", 14),
    _Field("price", "worth of one more", "money", 18),
    _Field("unit", "one more is one of", "text", 18),
    _Field("words", "in words", "text", 80),
)


def write(path: Path | str | IO[bytes], view: RunView) -> None:
    """Write a run as an Excel workbook to a path or a binary stream."""
    target = str(path) if isinstance(path, Path) else path
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {**options, "constant_memory": True})
    made = view.as_of.to_pydatetime()
    book.set_properties({"title": f"Shipment plan {day(view.as_of)}", "created": made})
    sheets = _Sheets(book)
    lines, lines_cut = _lines(view)
    matrix, matrix_cut = _matrix(view.lines)
    ledger, ledger_cut = _ledger(view)
    cuts = (lines_cut, matrix_cut, ledger_cut, *_further_cuts(view))
    _summary(sheets, view, [cut for cut in cuts if cut])
    _plan(sheets, lines)
    _grid(sheets, matrix, matrix_cut)
    sheets.frame("Units", ledger, _fields_of(UNITS))
    _where_known(sheets, view)
    sheets.frame("Limits", _limits(view), LIMITS)
    _meta(sheets, view)
    book.close()


class _Sheets:
    """The workbook's sheets and formats; cells go in row by row, so memory stays small."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.forms = {name: book.add_format(form) for name, form in FORMATS.items()}

    def add(self, name: str) -> Any:
        return self.book.add_worksheet(name)

    def put(self, sheet: Any, row: int, column: int, value: object, form: str) -> None:
        """Write one cell by its type; what is no finite number or date is written as text."""
        style = self.forms[form]
        if isinstance(value, (int, float, np.integer, np.floating)) and form != "text":
            if np.isfinite(value):
                sheet.write_number(row, column, value, style)
            else:
                sheet.write_string(row, column, "unlimited" if value > 0 else "", style)
        elif isinstance(value, datetime.datetime) and not pd.isna(value):
            sheet.write_datetime(row, column, value, style)
        elif not pd.isna(value):  # type: ignore[call-overload]
            sheet.write_string(row, column, _fits(str(value)), style)

    def frame(self, name: str, frame: pd.DataFrame, fields: Sequence[_Field]) -> Any:
        """Write a frame as a sheet: frozen heading, filters, widths, formats."""
        sheet = self.add(name)
        for place, field in enumerate(fields):
            sheet.set_column(place, place, field.width, self.forms[field.form])
            sheet.write_string(0, place, field.title, self.forms["head"])
        forms = [field.form for field in fields]
        columns = [frame[field.key].tolist() for field in fields]
        for row, values in enumerate(zip(*columns, strict=True), start=1):
            for place, value in enumerate(values):
                self.put(sheet, row, place, value, forms[place])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(frame), 1), len(fields) - 1)
        return sheet


def _fits(text: str) -> str:
    """Cut a text to what an Excel cell holds."""
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "\u2026"


def _lines(view: RunView) -> tuple[pd.DataFrame, str]:
    arrives = view.lines["action"].isin(INTO_REGIONS)
    chances = zip(view.lines["break_even"], arrives, strict=True)
    lines = view.lines.assign(
        margin=margins(view.lines),
        exit_day=view.exit_days(),
        held_by=view.held_by(view.lines),
        break_even=[
            each if 0.0 <= each <= 1.0 else break_even_words(each, leaves=not here)
            for each, here in chances
        ],
    )
    if view.departures is not None:  # what leaves first stands first
        lines = lines.sort_values("ship_date", kind="stable", ignore_index=True)
    return _capped(lines, MOST_ROWS, "Plan", "line", "plan.csv")


def _ledger(view: RunView) -> tuple[pd.DataFrame, str]:
    """Return the ledger, cells that this plan touches first where not all of it fits."""
    units = view.units
    if len(units) > MOST_UNITS:
        keys = pd.MultiIndex.from_frame(units[["region", "item"]])
        sent = keys.isin(keys[(units["planned"] == 1).to_numpy()])
        units = pd.concat([units[sent], units[~sent]])
    shown, cut = _capped(units, MOST_UNITS, "Units", "unit", "units.parquet")
    return (shown, f"{cut}, regions and items that get units first") if cut else (shown, "")


def _capped(
    frame: pd.DataFrame, most: int, sheet: str, noun: str, whole: str
) -> tuple[pd.DataFrame, str]:
    if len(frame) <= most:
        return frame, ""
    words = f"Sheet {sheet} shows {most:,} of {plural(len(frame), noun)}; all are in {whole}"
    return frame.head(most), words


def _matrix(lines: pd.DataFrame) -> tuple[pd.DataFrame, str]:
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


def _summary(sheets: _Sheets, view: RunView, cuts: Sequence[str]) -> None:
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


def _by_order(sheets: _Sheets, sheet: Any, row: int, view: RunView) -> int:
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
        "gap on past orders": (found.gap, "share"),
    }
    row = _pairs(sheets, sheet, row + 1, f"Past orders of {plural(found.weeks, 'week')}", pairs)
    sheets.put(sheet, row, 0, trust_words(view), "text")
    return row + 1


def _pairs(
    sheets: _Sheets, sheet: Any, row: int, title: str, pairs: Mapping[str, tuple[object, str]]
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
        "termination": (view.summary.get("termination", ""), "text"),
        "lines": (len(view.lines), "units"),
        "units": (int(view.lines["quantity"].sum()), "units"),
        "cost": (float(view.lines["cost"].sum()), "money"),
    }
    if gain is not None:
        figures["expected gain"] = (gain, "money")
    for key in ("objective", "bound", "cvar", "cvar_out_of_sample", "risk_budget"):
        figures[key] = (view.summary.get(key), "money")
    figures["gap"] = (view.summary.get("gap"), "share")
    return figures


def _terms(view: RunView) -> dict[str, tuple[object, str]]:
    gain = view.expected_gain()
    if gain is None:
        return {}
    gains = {name: -value for name, value in view.totals().items()}
    terms = rounded_terms(gains, gain)
    return {name: (value, "money") for name, value in terms.items()}


def _plan(sheets: _Sheets, lines: pd.DataFrame) -> None:
    named, told = len(PLAN.columns), (LANE,) if NUMBER in lines else ()
    fields = (*LINES[:named], *told, *LINES[named:])
    sheet = sheets.frame("Plan", lines, fields)
    place = len(fields) - 1
    last = max(len(lines), 1)
    for limit, form in ((0.0, "below"), (THIN, "thin")):
        rule = {"type": "cell", "criteria": "<", "value": limit, "format": sheets.forms[form]}
        sheet.conditional_format(1, place, last, place, {**rule, "stop_if_true": True})


def _grid(sheets: _Sheets, matrix: pd.DataFrame, cut: str) -> None:
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


def _cells(sheets: _Sheets, sheet: Any, matrix: pd.DataFrame) -> None:
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
    ):
        if frame is not None:
            yield name, table, *_capped(frame, MOST_ROWS, name, noun, table.name)


def _further_cuts(view: RunView) -> list[str]:
    return [cut for _, _, _, cut in _further(view)]


def _where_known(sheets: _Sheets, view: RunView) -> None:
    """Write what leaves when, and what hubs will need, where the run knows it."""
    for name, table, shown, _ in _further(view):
        sheets.frame(name, shown, _fields_of(table))


def _limits(view: RunView) -> pd.DataFrame:
    rows = [[getattr(each, field.key) for field in LIMITS] for each in view.shadow_prices()]
    return pd.DataFrame(rows, columns=[field.key for field in LIMITS])


def _meta(sheets: _Sheets, view: RunView) -> None:
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
