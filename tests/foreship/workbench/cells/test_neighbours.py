"""What lies beside a cell."""

from __future__ import annotations

from foreship.workbench.bench import Bench
from foreship.workbench.cells.neighbours import neighbours
from foreship_foundation.actions import action_names


def test_the_item_elsewhere_and_its_category_there(told_bench: Bench) -> None:
    """Each leads to its own page, and the cell itself is not among them."""
    held = told_bench.run("latest")
    page = "".join(map(str, neighbours("latest", held, "00101", "Lyon")))
    lines = held.view.lines
    into = lines["action"].isin(action_names(destination="region"))
    others = set(lines.loc[into & (lines["destination"] == "Lyon"), "item"]) - {"00101"}
    assert others
    assert "Other items of tea sent there" in page
    shown = [each for each in others if f"region=Lyon&amp;item={each}" in page]
    assert len(shown) == min(len(others), 6)
    assert "region=Lyon&amp;item=00101" not in page
    assert "region=Paris&amp;item=00101" in page


def test_an_item_that_is_alone_has_no_neighbours_of_its_category(told_bench: Bench) -> None:
    """Where nothing else is sent there, no heading says so."""
    held = told_bench.run("latest")
    page = "".join(map(str, neighbours("latest", held, "00101", "no such region")))
    assert "Also sent" not in page
