"""The plan, a row a line: what it says, and where a planner decides otherwise.

Rows may be sorted and filtered: a line is known by the hidden first column.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from foreship.reading.views import INTO_REGIONS, RunView, break_even_words
from foreship.reports.figures import margins
from foreship.reports.workbook import decisions
from foreship.reports.workbook.sheets import MOST_ROWS, Field, Sheets, capped, fields_of
from foreship_foundation.bounds import MOST_UNITS
from foreship_foundation.output_files import FACTS, NUMBER, PLAN

__all__ = ["lines_shown", "plan_sheet"]

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
    numbered = (LANE,) if NUMBER in lines else ()
    judged = _judged(view.extra(FACTS.name))
    fields = (HIDDEN, *fields_of(PLAN), *numbered, *judged, *TOLD, *DECIDED)
    sheet = sheets.frame(decisions.PLAN_SHEET, lines, fields)
    sheet.set_column(0, 0, HIDDEN.width, sheets.forms[HIDDEN.form], {"hidden": True})
    last = max(len(lines), 1)
    place = fields.index(TOLD[-1])
    for limit, form in ((0.0, "below"), (THIN, "thin")):
        rule = {"type": "cell", "criteria": "<", "value": limit, "format": sheets.forms[form]}
        sheet.conditional_format(1, place, last, place, {**rule, "stop_if_true": True})
    _ask(sheet, last, fields.index(DECIDED[0]))
    sheets.printable(sheet)


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
