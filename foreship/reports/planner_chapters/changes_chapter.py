"""What changed since the plan of the week before, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foreship.reading.views import RunView
from foreship.reports.leads import sourced
from foreship.reports.markup import Column, Content, chapter, element, table
from foreship_foundation.tables.output_files import CHANGES
from foreship_foundation.telling.words import money, units

__all__ = ["changes"]

HEAD = (
    Column("Inputs exchanged"),
    Column("Lines", number=True),
    Column("Units", number=True),
    Column("Cost", number=True),
    Column("Expected gain", number=True),
    Column("Units changed", number=True),
    Column("Gain changed", number=True),
    Column("In words"),
)


def changes(view: RunView) -> Content:
    """Show what each group of inputs did to the plan; the changes add up to the whole."""
    found = view.extra(CHANGES.name)
    if found is None or found.empty:
        return ""
    about = (
        "From the last plan to this one, each group of inputs exchanged after the other, in this "
        "order: another order would share the changes out differently. Together they are the whole "
        "difference."
    )
    rows = [_row(row) for row in found.to_dict("records")]
    total = ["In all", "", "", "", "",
             sourced(units(found["d_units"].sum(), sign=True), CHANGES.name, "d_units"),
             sourced(money(float(found["d_gain"].sum()), sign=True), CHANGES.name, "d_gain"),
             ""]  # fmt: skip
    title = "Since last week"
    return chapter(title, element("p", about, class_="soft"), table(HEAD, rows, total=total))


def _row(row: Mapping[Any, Any]) -> list[Content]:
    shown = {
        "lines": units(row["lines"]),
        "units": units(row["units"]),
        "cost": money(row["cost"]),
        "expected_gain": money(row["expected_gain"]),
        "d_units": units(row["d_units"], sign=True),
        "d_gain": money(row["d_gain"], sign=True),
    }
    group = str(row["group"])
    figures = [sourced(each, CHANGES.name, name, group=group) for name, each in shown.items()]
    return [group, *figures, str(row["words"])]
