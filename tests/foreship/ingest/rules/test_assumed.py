"""Values that nobody stated are counted until somebody does."""

from __future__ import annotations

from pathlib import Path

from foreship.ingest.rules.assumed import assumed_values_are_counted
from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS


def test_assumed_values_are_counted_by_column(tmp_path: Path) -> None:
    """Each with the rows that have it; a word that is no column is a fault."""
    lines = [
        "item,price,unit_cost,assumed",
        "a,1,1,unit_cost",
        'b,1,1,"price, unit_cost"',
        "c,1,1,",
    ]
    path = tmp_path / "items.csv"
    path.write_text("\n".join(lines), "utf-8")
    found = list(assumed_values_are_counted({"items": read_table(INPUTS["items"], path)}))
    assert [(each.column, each.rows, each.severity) for each in found] == [
        ("price", (3,), "warning"),
        ("unit_cost", (2, 3), "warning"),
    ]
    path.write_text("\n".join([*lines, "d,1,1,costs"]), "utf-8")
    faults = list(assumed_values_are_counted({"items": read_table(INPUTS["items"], path)}))
    assert "no column 'costs'" in str(next(each for each in faults if each.severity == "fault"))
