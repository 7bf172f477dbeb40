"""An item alone, a region alone, or one in the other: what is told, and that it adds up."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.reading.explaining.explaining import explained
from foreship.reading.explaining.explanation import Explanation
from foreship.reading.explaining.overview import Overview
from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import REASONS
from tests.foreship.run_views import empty_view, make_view


@pytest.fixture(scope="module")
def view() -> RunView:
    """Make a run of 60 items in 12 regions."""
    return make_view()


def overview(view: RunView, **asked: str) -> Overview:
    """Explain an item or a region alone."""
    found = explained(view, **asked)
    assert isinstance(found, Overview)
    return found


def test_an_item_alone_is_told_in_every_region(view: RunView) -> None:
    """A row a region, with the stock and the units of the cell's own explanation."""
    item = view.lines["item"].iloc[0]
    found = overview(view, item=item)
    assert {each.region for each in found.cells} == set(view.table("regions")["region"])
    for row in found.cells:
        cell = explained(view, item, row.region)
        assert isinstance(cell, Explanation)
        assert (row.on_hand, row.coming) == (cell.stock.on_hand, cell.stock.inbound)
        assert (row.sent, row.leaving) == (cell.stock.arriving, cell.stock.leaving)
    moved = [each.sent + each.leaving for each in found.cells]
    assert moved == sorted(moved, reverse=True)


def test_a_region_alone_is_told_by_money(view: RunView) -> None:
    """Its lines' money is that of the plan, and the items stand in the order of their gain."""
    found = overview(view, region="Lyon")
    lines = view.lines
    mine = lines[(lines["destination"] == "Lyon") | (lines["origin"] == "Lyon")]
    assert f"Its {len(mine)} lines cost {mine['cost'].sum():,.2f}" in " ".join(found.about)
    gain = mine.groupby("item")["expected_gain"].sum()
    told = [gain[each.item] for each in found.cells]
    assert told == sorted(told, reverse=True)
    assert "One more volume unit of storage of Lyon is worth 12.40." in found.further


def test_storage_is_counted_in_volume(view: RunView) -> None:
    """Half a volume a unit: what lies, comes and is sent, against the region's capacity."""
    found = overview(view, region="Paris")
    stock, inbound = (view.table(name) for name in ("stock", "inbound"))
    lying = sum(
        int(each.loc[each["location"] == "Paris", "quantity"].sum()) for each in (stock, inbound)
    )
    into = view.lines["destination"] == "Paris"
    out = view.lines["origin"] == "Paris"
    after = lying + int(
        view.lines.loc[into, "quantity"].sum() - view.lines.loc[out, "quantity"].sum()
    )
    said = next(each for each in found.about if each.startswith("Storage"))
    assert said.startswith(f"Storage: {lying / 2:,.1f} of 95.0 taken")
    assert f"{after / 2:,.1f} after the plan" in said


def test_both_together_is_the_explanation_of_the_cell(view: RunView) -> None:
    """An item and a region are told unit by unit, as ever."""
    item = view.lines["item"].iloc[0]
    assert isinstance(explained(view, item, "Lyon"), Explanation)


def test_nothing_asked_or_unknown_is_refused(view: RunView) -> None:
    """Neither an item nor a region, and names that the run does not know, are usage errors."""
    with pytest.raises(UsageError, match="give an item"):
        explained(view)
    with pytest.raises(UsageError, match="nearest: Lyon"):
        explained(view, region="Lyn")
    with pytest.raises(UsageError, match="knows no item"):
        explained(view, item="xyz")
    with pytest.raises(UsageError, match=r"no item `100`; nearest: 00100$"):
        explained(view, item="100")  # its zeros were lost in a spreadsheet


@pytest.mark.parametrize("asked", [{"item": "00100"}, {"region": "Clermont-Ferrand"}])
def test_the_text_fits_a_terminal_and_the_values_json(view: RunView, asked: dict[str, str]) -> None:
    """No line is longer than 80 columns, whatever the names; the values are JSON."""
    items = view.table("items").assign(name="A lamp with a name that is longer than any column")
    named = replace(view, tables={**view.tables, "items": items})
    found = overview(named, **asked)
    assert max(map(len, found.text.split("\n"))) <= 80
    assert json.loads(json.dumps(found.to_dict()))["text"] == found.text


def test_names_stand_beside_ids(view: RunView) -> None:
    """An item's name is in the heading of the item and in the rows of a region."""
    items = view.table("items").assign(name=[f"Lamp {n}" for n in range(60)])
    named = replace(view, tables={**view.tables, "items": items})
    assert overview(named, item="00100").text.startswith("00100 (Lamp 0), plan of")
    assert overview(named, region="Lyon").cells[0].name.startswith("Lamp ")


def test_a_cell_without_a_line_says_why(view: RunView) -> None:
    """What was not weighed has its cause; where nothing is moved that is said too."""
    empty = empty_view()
    cause = pd.DataFrame(
        [("Lyon", "00100", "not weighed", "over by its assortment date")],
        columns=list(REASONS.names),
    )
    told = overview(replace(empty, reasons=cause), item="00100")
    said = {each.region: each.reason for each in told.cells}
    assert said["Lyon"] == "None is sent: over by its assortment date."
    assert "Its " not in " ".join(overview(empty, region="Lyon").about)


def test_exceptions_of_a_place_are_told_with_it(view: RunView) -> None:
    """The list's words of an item stand in its explanation, those of others do not."""
    rows = [(1, "Lyon", "00100", "Lamp is short."), (2, "Nice", "00101", "Chair lies dead.")]
    frame = pd.DataFrame(rows, columns=["rank", "region", "item", "words"])
    seen = replace(view, extras={"exceptions.parquet": frame})
    assert "Lamp is short." in overview(seen, item="00100").further
    assert "Chair lies dead." not in overview(seen, region="Lyon").further


@pytest.mark.parametrize(
    "asked", [{"item": 5}, {"region": 5}, {"item": ["a"]}, {"item": float("nan")}]
)
def test_an_id_that_is_no_text_is_unknown(view: RunView, asked: dict[str, Any]) -> None:
    """A number is none, with what it may have been."""
    with pytest.raises(UsageError, match=r"this run knows no .*; ids are text"):
        explained(view, **asked)
