"""The lines of a plan, as the address asks for them."""

from __future__ import annotations

import pytest

from foreship.errors import UsageError
from foreship.workbench.bench import Bench
from foreship.workbench.handling import Answer, Request
from foreship.workbench.pages.lines import lines


def shown(bench: Bench, *, fragment: bool = False, **query: str) -> Answer:
    """Ask for lines."""
    asked = {name: [value] for name, value in query.items()}
    return lines(Request(path={"run": "latest"}, query=asked, fragment=fragment), bench)


def test_a_page_has_its_form_and_its_grid(told_bench: Bench) -> None:
    """What was asked stands in the form, so that it can be changed."""
    page = str(shown(told_bench, region="Lyon", q="00101").body)
    assert '<option value="Lyon" selected="">' in page
    assert 'type="search" value="00101" id="lines-q"' in page
    assert 'role="grid"' in page
    assert 'action="/run/latest/lines" method="get"' in page
    assert 'hx-get="/run/latest/lines" hx-target="#grid"' in page


def test_a_fragment_is_the_grid_alone(told_bench: Bench) -> None:
    """Which takes the place of the one that is shown."""
    part = shown(told_bench, fragment=True, sort="quantity")
    assert str(part.body).startswith('<div id="grid">')
    assert part.title == ""
    assert "<form" not in str(part.body)


def test_figures_and_names_lead_on(told_bench: Bench) -> None:
    """An item to its cell, a figure to its row in the file."""
    page = str(shown(told_bench).body)
    assert "/run/latest/cell?region=" in page
    assert "/run/latest/from?file=plan.parquet&amp;column=quantity&amp;line=" in page


def test_what_there_is_not_is_told(told_bench: Bench) -> None:
    """Nothing is guessed of an address."""
    with pytest.raises(UsageError, match="what there is not"):
        shown(told_bench, sort="nothing")
