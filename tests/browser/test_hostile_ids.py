"""Ids are text on every page, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest

from foreship.reading.views import RunView
from tests.browser.alien import ALIEN
from tests.browser.serving import Served, served
from tests.foreship.workbench.made_runs import told_view, write_view

ITEMS = (
    "<script>alert(1)</script>",
    "'; --", "a%2Fb", "=cmd|'/c calc'!A1", "\u202eevil\u202c", "x" * 64,
    "&amp;<b>",
)  # fmt: skip
REGIONS = ('"><img src=x onerror=alert(1)>', "../../etc/passwd", "..", "a b&c=d#e?f+g")
HUBS = ("<svg onload=alert(1)>", "-Dx=1", "%2e%2e%2f")
NAME = "<i onmouseover=alert(1)>tea</i>"
FRAMES = ("lines", "units", "reasons", "orders", "forecast", "departures")


def hostile_view() -> RunView:
    """Return a run whose first ids are such, and whose items are called so."""
    view = told_view()
    new: dict[str, str] = {}
    kinds = (("items", "item", ITEMS), ("regions", "region", REGIONS), ("hubs", "hub", HUBS))
    for table, column, ids in kinds:
        new |= dict(zip(sorted(view.tables[table][column]), ids, strict=False))

    def renamed(frame: pd.DataFrame) -> pd.DataFrame:
        texts = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
        changed = {
            name: frame[name].map(lambda each: new.get(each, each))
            for name in texts
            if name in ("item", "region", "hub", "origin", "destination", "location")
        }
        return frame.assign(**changed)

    frames = {name: renamed(found) for name in FRAMES
              if (found := getattr(view, name)) is not None}  # fmt: skip
    tables = {name: renamed(frame) for name, frame in view.tables.items()}
    tables["items"] = tables["items"].assign(name=NAME)
    extras = {name: renamed(frame) for name, frame in view.extras.items()}
    return replace(view, **frames, tables=tables, extras=extras)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Served]:
    """Serve a workspace with such a run."""
    folder: Path = tmp_path_factory.mktemp("hostile") / "shop"
    folder.mkdir()
    (folder / "foreship.toml").write_text("")
    write_view(hostile_view(), folder)
    with served(folder) as found:
        yield found


def seen(id_: str) -> str:
    """Return an id as a page shows it: what would turn the text around it is replaced."""
    return id_.replace("\u202e", "\ufffd").replace("\u202c", "\ufffd")


def test_every_id_is_shown_as_its_letters(page_of: Any, hostile: Served) -> None:
    """On the page of each item, of each region and of the first of both; nothing of it runs."""
    page = page_of(hostile)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    view = hostile_view()
    items = [each for each in ITEMS if each in set(view.tables["items"]["item"])]
    regions = [each for each in REGIONS if each in set(view.tables["regions"]["region"])]
    assert items
    assert regions
    asked = [("item", {"item": each}) for each in items]
    asked += [("region", {"region": each}) for each in regions]
    asked += [("cell", {"item": each, "region": regions[0]}) for each in items]
    asked += [("lines", {"item": each}) for each in items]
    for kind, query in asked:
        answer = page.goto(f"{hostile.base}/run/latest/{kind}?{urlencode(query)}")
        assert answer.status == 200, (kind, query)
        page.wait_for_selector("#reading", state="detached")
        for each in query.values():
            told = page.inner_text("main h1" if kind != "lines" else "main")
            assert kind == "lines" or seen(each) in told, (kind, each)
        assert page.evaluate(ALIEN) == []


def test_links_lead_to_the_very_id(page_of: Any, hostile: Served) -> None:
    """From a region to each of its items, whatever letters the address must hold."""
    page = page_of(hostile)
    region = next(
        each for each in REGIONS if each in set(hostile_view().tables["regions"]["region"])
    )
    page.goto(f"{hostile.base}/run/latest/region?{urlencode({'region': region})}")
    page.wait_for_selector("main table a")
    links = page.eval_on_selector_all(
        "main table a[href*='/cell?']:not(.figure-link)", "all => all.map(each => each.href)"
    )
    assert links
    for each in links[:8]:
        assert page.goto(each).status == 200
        assert seen(region) in page.inner_text("main h1")


def test_the_search_finds_them_and_shows_text(page_of: Any, hostile: Served) -> None:
    """While one types, and where nothing is called so."""
    page = page_of(hostile)
    for text in ("<script", "<no such>", "../"):
        page.goto(f"{hostile.base}/runs")
        page.fill("#search", text)
        page.press("#search", "Enter")
        page.wait_for_url(lambda url: not url.endswith("/runs"))
        assert page.evaluate(ALIEN) == []


@pytest.mark.parametrize("kind", ["item", "region", "cell", "lines", "from", "try/lines"])
def test_an_id_that_is_not_there_is_told_as_text(page_of: Any, hostile: Served, kind: str) -> None:
    """In the words of the fault."""
    page = page_of(hostile)
    page.watch.allow("status of 4")
    hurt = "<script>alert(2)</script>"
    query = urlencode({"item": hurt, "region": hurt, "file": hurt, "column": hurt, "with": hurt})
    answer = page.goto(f"{hostile.base}/run/latest/{kind}?{query}")
    assert 400 <= answer.status < 500
    assert page.evaluate(ALIEN) == []
