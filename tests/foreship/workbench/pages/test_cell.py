"""Why not one more of this item in this region: the first words of its page."""

from __future__ import annotations

import pytest

from foreship.errors import UsageError
from foreship.reading.explaining.explanation import explain
from foreship.workbench.bench import Bench
from foreship.workbench.handling import Request
from foreship.workbench.pages.cell import cell
from foreship_foundation.telling.words import chance
from tests.foreship.workbench.bare_figures import bare_figures


def page_of(bench: Bench, item: str, region: str) -> str:
    """Return the page of a cell."""
    query = {"item": [item], "region": [region]}
    bench.run("latest").wait()
    return str(cell(Request(path={"run": "latest"}, query=query), bench).body)


def test_the_question_and_its_answer_stand_first(told_bench: Bench) -> None:
    """In the words of the explanation, said once."""
    page = page_of(told_bench, "00101", "Lyon")
    told = explain(told_bench.run("latest").part(item="00101", region="Lyon"), "00101", "Lyon")
    assert '<h2>Why not one more?</h2><p class="lead">' in page
    assert page.count("Why not one more") == 1
    assert page.index("Why not one more") < page.index("What the plan does")
    ledger = page[page.index("Unit by unit") :].partition("</section>")[0]
    assert ledger.count("<tr>") == len(told.units) + 1
    for each in told.units:
        assert f">{chance(each.p)}</a>" in page


def test_every_unit_leads_to_its_row_of_the_ledger(told_bench: Bench) -> None:
    """By region, item and unit."""
    page = page_of(told_bench, "00101", "Lyon")
    row = "file=units.parquet&amp;column=p&amp;region=Lyon&amp;item=00101&amp;unit=1"
    assert f"/run/latest/from?{row}" in page
    assert "/run/latest/item?item=00101" in page
    assert "/run/latest/lines?region=Lyon&amp;item=00101" in page


def test_every_figure_leads_to_its_source(told_bench: Bench) -> None:
    """Of each cell of a region: no number stands alone."""
    for item in told_bench.run("latest").ids.item.ids[:8]:
        assert bare_figures(page_of(told_bench, item, "Lyon")) == []
    assert bare_figures("<td>7</td><td><a>8</a></td><td>9 %</td>") == ["7", "9 %"]


@pytest.mark.parametrize(("item", "region"), [("", "Lyon"), ("00101", ""), ("<b>", "Lyon")])
def test_what_is_not_named_or_not_there_is_told(told_bench: Bench, item: str, region: str) -> None:
    """In words, with the nearest ones."""
    with pytest.raises(UsageError):
        page_of(told_bench, item, region)
