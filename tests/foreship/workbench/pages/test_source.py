"""A figure's source: the file, its hash, its rows, and what the column means."""

from __future__ import annotations

import pytest

from foreship.errors import UsageError
from foreship.workbench.bench import Bench
from foreship.workbench.door.places import NotFound
from foreship.workbench.handling import Request
from foreship.workbench.pages.source import source


def page_of(bench: Bench, **query: str) -> str:
    """Return the page of a source."""
    asked = {name: [value] for name, value in query.items()}
    return str(source(Request(path={"run": "latest"}, query=asked), bench).body)


def test_one_row_is_told_column_by_column(told_bench: Bench) -> None:
    """With what each means, and the hash that the manifest has."""
    held = told_bench.run("latest")
    page = page_of(told_bench, file="plan.parquet", column="quantity", line="0")
    assert f"<td>item</td><td>{held.view.lines['item'].iloc[0]}</td>" in page
    first = held.view.lines["ship_date"].iloc[0]
    assert f"<td>ship_date</td><td>{first:%Y-%m-%d}</td>" in page
    assert held.run.manifest["files"]["plan.parquet"]["sha256"] in page
    assert "How many, in units." in page


def test_several_rows_are_a_table_with_their_keys(told_bench: Bench) -> None:
    """Those of the cell alone."""
    page = page_of(told_bench, file="units.parquet", column="p", region="Lyon", item="00101")
    units = told_bench.run("latest").part(region="Lyon", item="00101").units
    assert "<p>Probability that the k-th unit" in page
    assert len(units) > 1
    assert page.count("<tr>") == len(units) + 1
    assert page.count("<td>Lyon</td><td>00101</td>") == len(units)


def test_what_adds_up_is_added_up(told_bench: Bench) -> None:
    """Below the rows that are shown, of all that are meant; a chance is not."""
    lines = told_bench.run("latest").view.lines
    there = lines[lines["destination"] == "Lyon"]
    page = page_of(told_bench, file="plan.parquet", column="quantity", destination="Lyon")
    foot = page.partition("<tfoot>")[2]
    assert f"<td>All {len(there)} rows</td>" in foot
    assert f">{there['quantity'].sum()}</td>" in foot
    chances = page_of(told_bench, file="units.parquet", column="p", region="Lyon", item="00101")
    assert "<tfoot>" not in chances


def test_facts_of_the_manifest_are_told(told_bench: Bench) -> None:
    """Notes as a list, settings by their names."""
    run = told_bench.run("latest").run
    notes = page_of(told_bench, file="manifest.json", column="notes")
    assert notes.count("<li>") == len(run.notes) > 0
    first = next(iter(told_bench.run("latest").view.assumptions))
    assert first in page_of(told_bench, file="manifest.json", column="config")


def test_a_key_of_the_summary_is_its_value(told_bench: Bench) -> None:
    """As it stands there."""
    status = told_bench.run("latest").view.summary["status"]
    assert f"<strong>{status}</strong>" in page_of(told_bench, file="summary.json", column="status")


def test_a_list_of_the_summary_is_a_table_of_the_rows_that_are_meant(told_bench: Bench) -> None:
    """All of them where none is named; an object is a table of its parts."""
    summary = told_bench.run("latest").view.summary
    prices = summary["shadow_prices"]
    assert len(prices) > 1
    every = page_of(told_bench, file="summary.json", column="shadow_prices")
    assert every.count("<tr>") == len(prices) + 1
    one = page_of(told_bench, file="summary.json", column="shadow_prices", limit=prices[0]["limit"])
    assert one.count("<tr>") == 2
    assert f"<td>{prices[0]['limit']}</td>" in one


def test_a_fragment_is_a_dialog_with_the_same_content(told_bench: Bench) -> None:
    """Which is closed without scripts, too, and has no frame around it."""
    query = {"file": ["units.parquet"], "column": ["p"], "region": ["Lyon"], "item": ["00101"]}
    asked = Request(path={"run": "latest"}, query=query, fragment=True)
    shown = source(asked, told_bench)
    assert shown.title == ""
    told = str(shown.body)
    assert told.startswith('<dialog aria-labelledby="source-title"><form method="dialog">')
    page = page_of(told_bench, **{name: values[0] for name, values in query.items()})
    assert page.partition("</h1>")[2].removesuffix("</div>") in told


@pytest.mark.parametrize(
    "query",
    [
        {"file": "nothing.json", "column": "x"}, {"file": "../foreship.toml", "column": "x"},
        {"file": "", "column": ""}, {"file": "inputs/nothing.parquet", "column": "x"},
    ],
)  # fmt: skip
def test_only_files_of_the_run_with_columns_of_ours_are_shown(
    told_bench: Bench, query: dict[str, str]
) -> None:
    """By their names in its manifest."""
    with pytest.raises(NotFound):
        page_of(told_bench, **query)


@pytest.mark.parametrize("query", [{"column": "nothing"}, {"column": "p", "nothing": "1"}])
def test_a_column_that_is_not_there_is_told(told_bench: Bench, query: dict[str, str]) -> None:
    """Asked for, or to choose rows by."""
    with pytest.raises(UsageError, match="has no column 'nothing'"):
        page_of(told_bench, file="units.parquet", **query)
