"""The plan, a row a line: what it says, and where a planner decides otherwise.

Rows may be sorted and filtered: a line is known by the hidden first column. Columns that a line can
be decided without are folded (a click on + shows them), so that the sheet is legible on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from foreship.reading.views import INTO_REGIONS, RunView, break_even_words
from foreship.reports.figures import margins
from foreship.reports.workbook import decisions
from foreship.reports.workbook.sheets import MOST_ROWS, Field, Sheets, capped, fields_of
from foreship_foundation.bounds import MOST_UNITS
from foreship_foundation.tables.output_files import FACTS, NUMBER, PLAN

__all__ = ["lines_shown", "plan_sheet", "told_fields"]

THIN = 0.02
HIDDEN = Field(decisions.LINE, decisions.LINE, "units", 6)
LANE = Field(NUMBER, NUMBER, "units", 6)
TOLD = (
    Field("exit_day", "decide on exit", "date", 14),
    Field("held_by", "held by", "text", 36),
    Field("margin", "margin of safety", "share", 16),
)
THERE = ("line", "exit", "exit_day")
"""facts that the sheet tells already"""
FOLDED = frozenset({
    "purchase_probability", "break_even", "sold_4_weeks_last_year", "window_days", "lowest_stock",
    "sold_out_chance", "volume", "kg", "cases", "held_by",
})  # fmt: skip
ON_PAPER = {"origin": 12, "destination": 12, "item": 12, "expected_gain": 10, "sold_4_weeks": 9,
            "forecast_window": 10, "on_hand": 8, "weeks_of_cover": 9, "reason": 56, "margin": 10,
            "exit_day": 12, "new quantity": 10, "comment": 26}  # fmt: skip
"""letters of columns that would else take the width which the others need"""
WRAPPED = ("name", "reason")
"""columns that are read whole on paper, over several lines"""
DECIDED = (
    Field(decisions.DECISION, decisions.DECISION, "edit", 11),
    Field(decisions.NEW_QUANTITY, decisions.NEW_QUANTITY, "edit_units", 14),
    Field(decisions.COMMENT, decisions.COMMENT, "edit", 36),
)
"""columns for the planner, without a value when they are written"""


def lines_shown(view: RunView) -> tuple[pd.DataFrame, str]:
    """Return the rows of the sheet, and a sentence where not all of them fit."""
    arrives = view.lines["action"].isin(INTO_REGIONS)
    chances = zip(view.lines["break_even"], arrives, strict=True)
    lines = view.lines.assign(
        line=range(len(view.lines)),
        margin=margins(view.lines),
        exit_day=view.exit_days(),
        held_by=view.held_by(view.lines),
        break_even=[
            each if 0.0 <= each <= 1.0 else break_even_words(each, leaves=not here)
            for each, here in chances
        ],
        **{field.key: None for field in DECIDED},
    )
    facts = view.extra(FACTS.name)
    if facts is not None:
        lines = lines.assign(**{field.key: facts[field.key] for field in _judged(facts)})
    if view.departures is not None:  # what leaves first stands first
        lines = lines.sort_values("ship_date", kind="stable", ignore_index=True)
    return capped(lines, MOST_ROWS, decisions.PLAN_SHEET, "line", "plan.csv")


def plan_sheet(sheets: Sheets, lines: pd.DataFrame, view: RunView) -> None:
    """Write the plan with its columns for decisions, ready for paper."""
    told = (*told_fields(view), *DECIDED)
    fields = (HIDDEN, *(replace(each, form=_form(each)) for each in told))
    tall = (2, *(_lines_of_text(each) for each in lines.get("reason", ())))
    sheet = sheets.frame(decisions.PLAN_SHEET, lines, fields, tall)
    sheet.set_column(0, 0, HIDDEN.width, sheets.forms[HIDDEN.form], {"hidden": True})
    _fit(sheets, sheet, fields)
    last = max(len(lines), 1)
    place = 1 + told.index(TOLD[-1])
    for limit, form in ((0.0, "below"), (THIN, "thin")):
        rule = {"type": "cell", "criteria": "<", "value": limit, "format": sheets.forms[form]}
        sheet.conditional_format(1, place, last, place, {**rule, "stop_if_true": True})
    _ask(sheet, last, 1 + told.index(DECIDED[0]))


def told_fields(view: RunView) -> tuple[Field, ...]:
    """Return what is told of each line, in order: the plan's columns, its facts, its safety."""
    numbered = (LANE,) if NUMBER in view.lines else ()
    return (*fields_of(PLAN), *numbered, *_judged(view.extra(FACTS.name)), *TOLD)


def _fit(sheets: Sheets, sheet: Any, fields: Sequence[Field]) -> None:
    """Fold what a line can be decided without, and give the other columns the width of paper."""
    for place, field in enumerate(fields[1:], start=1):
        folded, after = field.key in FOLDED, fields[place - 1].key in FOLDED
        how = {"level": 1, "hidden": True} if folded else {"collapsed": True} if after else {}
        width = ON_PAPER.get(field.key, field.width)
        sheet.set_column(place, place, width, sheets.forms[field.form], how)


def _lines_of_text(reason: str) -> int:
    """Return how many lines a reason takes in its column; words kept whole leave some room."""
    return max(-(-len(reason) // (ON_PAPER["reason"] - 4)), 1)


def _form(field: Field) -> str:
    """Return how a column is written: sentences go over several lines, whole on paper."""
    return "wrap" if field.key in WRAPPED else field.form


def _judged(facts: pd.DataFrame | None) -> tuple[Field, ...]:
    """Return the columns of the facts of a line, none where the run does not know them."""
    every = () if facts is None else fields_of(FACTS)
    return tuple(field for field in every if field.key not in THERE)


def _ask(sheet: Any, last: int, place: int) -> None:
    """Let Excel itself refuse what could not be read back."""
    chosen = {
        "validate": "list",
        "source": list(decisions.DECISIONS),
        "error_message": f"Choose one of: {', '.join(decisions.DECISIONS)}.",
    }
    whole = {
        "validate": "integer",
        "criteria": "between",
        "minimum": 0,
        "maximum": MOST_UNITS,
        "error_message": "Write a whole number of units, 0 or more.",
    }
    sheet.data_validation(1, place, last, place, chosen)
    sheet.data_validation(1, place + 1, last, place + 1, whole)
