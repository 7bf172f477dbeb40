"""Ids that a spreadsheet has changed are refused where they stand for others, else asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.errors import Fault
from foreship.ingest.rules.changed_ids import ids_are_as_they_were, meant_by
from foreship.ingest.rules.rules import ids_are_known
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS

LONG, OTHER, SHORT = "4012345678901", "4012345678918", "4.01235E+12"


def tables(
    folder: Path, items: list[str], ordered: list[str], back: list[str]
) -> dict[str, TableRead]:
    """Read items, and a row of orders and of returns for each id given."""
    texts = {
        "items": ["item,price,unit_cost", *(f"{each},9,5" for each in items)],
        "regions": ["region", "R"],
        "orders": ["date,region,item,quantity", *(f"2026-11-02,R,{each},2" for each in ordered)],
        "returns": ["date,region,item,quantity", *(f"2026-11-09,R,{each},1" for each in back)],
    }
    found = {}
    for name, lines in texts.items():
        path = folder / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        found[name] = read_table(INPUTS[name], path)
    return found


def said_of(folder: Path, items: list[str], ordered: list[str], back: list[str]) -> list[Fault]:
    """Everything that the rules of ids say."""
    given = tables(folder, items, ordered, back)
    return [*ids_are_known(given), *ids_are_as_they_were(given)]


def test_a_rounded_id_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    """Even where every table has it: several items may have become one."""
    (fault,) = said_of(tmp_path, ["A", SHORT], [SHORT, "A"], [])
    assert fault.severity == "fault"
    assert str(fault).startswith("items.item: ids that a spreadsheet has rounded in 1 row, line 3")
    assert SHORT in str(fault) and "export ids as text" in str(fault)


def test_a_rounded_id_is_told_the_numbers_that_other_tables_have(tmp_path: Path) -> None:
    """It stands for two of them; both tables are named, the one that has too few digits also."""
    orders, items = said_of(tmp_path, [SHORT], [LONG, OTHER], [])
    assert items.severity == orders.severity == "fault"
    assert f"'{SHORT}' is '{LONG}' or '{OTHER}'" in str(items)
    assert f"'{SHORT}' is '{LONG}' or '{OTHER}', rounded by a spreadsheet" in str(orders)


@pytest.mark.parametrize(
    ("items", "back", "words"),
    [
        (["007"], "7", "'7' is '007' without its zeros"),
        (["7"], "007", "'7' is '007' without its zeros"),
        ([LONG], SHORT, f"'{SHORT}' is '{LONG}', rounded by a spreadsheet"),
        ([LONG], "4,01235E+12", f"'{LONG}', rounded by a spreadsheet"),
    ],
)
def test_what_certainly_belongs_to_an_item_is_not_left_out(
    tmp_path: Path, items: list[str], back: str, words: str
) -> None:
    """Returns of unknown items are left out and warned of, but not those of changed ids."""
    back = f'"{back}"' if "," in back else back
    (fault,) = said_of(tmp_path, items, items, [back])
    assert fault.severity == "fault" and fault.table == "returns" and words in str(fault)


def test_returns_of_another_item_are_left_out_still(tmp_path: Path) -> None:
    """17 is not 7, a number of as many digits is not one that was rounded to others."""
    for items, back in ((["7"], "17"), ([LONG], "4.01236E+12"), ([LONG], "4.01235E+11")):
        assert [each.severity for each in said_of(tmp_path, items, items, [back])] == ["warning"]


def test_zeros_alone_are_asked_about(tmp_path: Path) -> None:
    """Two items may be called 007 and 7."""
    (fault,) = said_of(tmp_path, ["007", "7"], ["007", "7"], [])
    assert fault.severity == "warning" and "only zeros before them tell apart" in str(fault)


@pytest.mark.parametrize("name", ["4E+2X", "1.2345E+04", "E+12", "12E+12", "4e+12"])
def test_an_id_that_is_no_rounded_number_stays(tmp_path: Path, name: str) -> None:
    """All its digits are written, or no spreadsheet writes it so."""
    assert said_of(tmp_path, [name], [name], []) == []


def test_nothing_is_meant_by_what_is_like_nothing() -> None:
    """And what differs by case or width alone is said as before."""
    assert meant_by(["X"], ["A"]) == ("", False)
    assert meant_by(["a"], ["A"]) == ("'a' is almost 'A'", False)
