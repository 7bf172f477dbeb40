"""An item region by region, a region item by item: searched, and a page at a time."""

from __future__ import annotations

import pytest

from foreship.errors import UsageError
from foreship.reading.explaining.cell_rows import cell_rows
from foreship.workbench.bench import Bench
from foreship.workbench.handling import Request
from foreship.workbench.pages import overview
from foreship.workbench.pages.overview import item, region
from tests.foreship.workbench.bare_figures import bare_figures


def region_page(bench: Bench, **query: str) -> str:
    """Return the page of Lyon."""
    asked = {name: [value] for name, value in ({"region": "Lyon"} | query).items()}
    bench.run("latest").wait()
    return str(region(Request(path={"run": "latest"}, query=asked), bench).body)


def test_every_cell_is_there_with_its_reason(
    told_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each leads to its own page."""
    monkeypatch.setattr(overview, "SIZE", 100)
    page = region_page(told_bench)
    rows = cell_rows(told_bench.run("latest").part(region="Lyon"), region="Lyon")
    assert page.count("<tr>") == len(rows) + 1
    assert bare_figures(page) == []
    for each in rows:
        assert f"/run/latest/cell?region=Lyon&amp;item={each.item}" in page


def test_an_item_is_told_region_by_region(told_bench: Bench) -> None:
    """With the way to its lines."""
    asked = Request(path={"run": "latest"}, query={"item": ["00101"]})
    told_bench.run("latest").wait()
    page = str(item(asked, told_bench).body)
    assert "/run/latest/cell?region=Lyon&amp;item=00101" in page
    assert "/run/latest/lines?item=00101" in page
    assert bare_figures(page) == []


def test_cells_are_searched_and_come_a_page_at_a_time(
    told_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search goes along from page to page."""
    rows = cell_rows(told_bench.run("latest").part(region="Lyon"), region="Lyon")
    assert region_page(told_bench, q=rows[0].item).count("<tr>") == 2
    assert region_page(told_bench, q="no such item").count("<tr>") == 1
    monkeypatch.setattr(overview, "SIZE", 1)
    page = region_page(told_bench, page="2", q="00")
    assert page.count("<tr>") == 2
    assert "/run/latest/region?region=Lyon&amp;q=00" in page


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e3", "9" * 30, "00000001" + "9" * 30, "\u0663"])
def test_a_page_that_is_no_number_is_told(told_bench: Bench, page: str) -> None:
    """Pages are counted from 1."""
    with pytest.raises(UsageError, match="no page"):
        region_page(told_bench, page=page)


def test_what_is_not_named_or_not_there_is_told(told_bench: Bench) -> None:
    """In words."""
    for wanted in ("", "<b>"):
        with pytest.raises(UsageError):
            region_page(told_bench, region=wanted)
