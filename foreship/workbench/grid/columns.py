"""The columns of the grid: those of the workbook's plan sheet, and the groups of a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from foreship.own_files import PLAN_LINES
from foreship.reports.workbook.plan_sheet import LANE, TOLD
from foreship.reports.workbook.sheets import Field, fields_of
from foreship_foundation.tables.declaration import Column
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import FACTS, NUMBER, PLAN

__all__ = ["ADDED", "COLUMNS", "GROUPS", "SHOWN", "SUMMED", "GridColumn"]

Sort = Literal["text", "number", "date"]


@dataclass(frozen=True)
class GridColumn:
    """One column of the grid: what it holds, and how it is written."""

    key: str
    title: str
    form: str
    """as in the workbook: text, units, money, share, measure, amount, date"""
    help: str
    """what it means, with its unit"""
    source: str
    """file of the run that holds it, '' where it follows from others"""

    @property
    def sorts(self) -> Sort:
        """What its values are compared as."""
        if self.form in ("text", "date"):
            return "date" if self.form == "date" else "text"
        return "number"

    @property
    def is_number(self) -> bool:
        """Whether it is set at the right."""
        return self.form != "text"


def _declared(column: Column, field: Field, source: str) -> GridColumn:
    unit = f" [{column.unit}]" if column.unit not in ("", "1") else ""
    title = field.title.replace("_", " ")
    return GridColumn(field.key, title, field.form, f"{column.meaning}{unit}", source)


def _told() -> dict[str, GridColumn]:
    found = {
        field.key: _declared(table.column(field.key), field, table.name.split(",")[0])
        for table in (PLAN, FACTS)
        for field in fields_of(table)
        if field.key not in ("line", "exit") or table is PLAN
    }
    number = "number of the lane, where neither days nor cost tell which of several is meant"
    found[NUMBER] = GridColumn(NUMBER, LANE.title, LANE.form, number, PLAN_LINES)
    margin = next(each for each in TOLD if each.key == "margin")
    spare = "how far the chance of the last unit may be wrong before it stops paying"
    found["margin"] = GridColumn("margin", margin.title, margin.form, spare, "")
    return found | {each.key: each for each in ADDED}


ADDED: Final = (
    GridColumn("region", "region", "text", "region that the line is about: where it arrives, "
               "else where it leaves", ""),
    GridColumn("hub", "hub", "text", "hub that the line leaves, else the one it comes back to", ""),
    GridColumn("category", "category", "text", INPUTS["items"].column("category").meaning,
               "inputs/items.parquet"),
)  # fmt: skip
"""columns that lines are grouped and filtered by beside those of the workbook"""
COLUMNS: Final[Mapping[str, GridColumn]] = _told()
"""every column that a grid may have, by key"""
SHOWN: Final = (
    "action", "origin", "destination", "item", "name", "quantity", "arrival_date", "cost",
    "expected_gain", "margin", "on_hand", "weeks_of_cover", "reason",
)  # fmt: skip
"""those shown where the reader chose none"""
GROUPS: Final = ("hub", "region", "item", "category", "action")
"""columns that lines are filtered and grouped by"""
SUMMED: Final = ("quantity", "cost", "expected_gain", "volume", "kg", "cases")
"""columns whose sum means something"""
