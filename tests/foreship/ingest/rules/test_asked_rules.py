"""Rules of policies and adjustments on files of a few rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.ingest.rules.asked_rules import (
    adjustments_are_sound,
    categories_are_known,
    policies_are_sound,
)
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS

ORDERS = "date,region,item,quantity\n2026-11-13,R,A,2\n"


def read(folder: Path, name: str, text: str) -> dict[str, TableRead]:
    """Read one of the two tables, and an order of the week before 2026-11-16."""
    (folder / f"{name}.csv").write_text(text, "utf-8")
    (folder / "orders.csv").write_text(ORDERS, "utf-8")
    return {each: read_table(INPUTS[each], folder / f"{each}.csv") for each in (name, "orders")}


def test_two_rows_about_the_same_are_named_both(tmp_path: Path) -> None:
    """By their lines; the one that ended in October is no clash."""
    text = "kind,value,region,expires\nminimum,2,R,\nminimum,3,R,\nminimum,4,R,2026-10-01\n"
    (fault,) = policies_are_sound(read(tmp_path, "policies", text))
    assert fault.rows == (2, 3) and "about the same" in str(fault)


def test_a_service_above_one_is_refused(tmp_path: Path) -> None:
    """Somebody meant 95 %."""
    (fault,) = policies_are_sound(read(tmp_path, "policies", "kind,value\nservice,95\n"))
    assert fault.column == "value" and fault.rows == (2,)


@pytest.mark.parametrize(
    ("rows", "rows_at_fault"), [("times,-1,,", (2,)), ("times,2,A,toys", (2,))]
)
def test_adjustments_nobody_can_mean(tmp_path: Path, rows: str, rows_at_fault: tuple) -> None:
    """A factor below 0, and an item beside a category."""
    text = f"kind,value,item,category,reason,author,expires\n{rows},fair,Anna,2027-01-01\n"
    (fault,) = adjustments_are_sound(read(tmp_path, "adjustments", text))
    assert fault.rows == rows_at_fault


def test_good_rows_and_absent_tables_say_nothing(tmp_path: Path) -> None:
    """Neither of the rules has a word on them."""
    good = read(tmp_path, "policies", "kind,value\nservice,0.95\nminimum,2\n")
    for tables in (good, {}):
        assert [*policies_are_sound(tables), *adjustments_are_sound(tables)] == []


def test_a_category_that_no_item_has_is_named_with_the_one_meant(tmp_path: Path) -> None:
    """A policy and an adjustment about toys, spelt once as `toy`; none where it is blank."""
    text = "kind,value,category\nminimum,2,toy\nminimum,3,toys\nmaximum,9,\n"
    (tmp_path / "items.csv").write_text("item,price,unit_cost,category\nA,2,1,toys\nB,2,1,\n")
    tables = read(tmp_path, "policies", text)
    assert list(categories_are_known(tables)) == []
    tables["items"] = read_table(INPUTS["items"], tmp_path / "items.csv")
    (fault,) = categories_are_known(tables)
    assert fault.rows == (2,) and "is it 'toys'?" in str(fault)
