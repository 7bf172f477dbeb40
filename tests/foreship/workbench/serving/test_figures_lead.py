"""Every number on every page leads to where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

pytest.importorskip("starlette.testclient")

from foreship.reading.views import RunView
from foreship.runs import WHAT_IFS
from foreship.workbench.bench import Bench
from foreship.workbench.drafts.log import read_draft
from foreship.workbench.serving.app import ROUTES
from foreship_foundation.tables.output_files import AHEAD, ASKED, CHANGES, NEEDS
from tests.foreship.workbench.bare_figures import bare_figures, figures_of, links_of, stands_in
from tests.foreship.workbench.drafted import action
from tests.foreship.workbench.made_runs import told_view, write_view
from tests.foreship.workbench.served import bench_of, client_of
from tests.foreship.workbench.trials.apart_runs import less_view

WISH = "kind,value,region,item,reason,author,expires\nminimum,2,Lyon,00101,a fair,Ada,2027-01-31\n"
TRIAL = "2026-11-16-0000000aaa"
PAGES = {
    "/": ("/",),
    "/run/{run}": ("/run/latest",),
    "/run/{run}/lines": ("/run/latest/lines", "/run/latest/lines?group=region"),
    "/run/{run}/edits": ("/run/latest/edits",),
    "/run/{run}/edits/since": ("/run/latest/edits/since",),
    "/run/{run}/edits/{line}": ("/run/latest/edits/0",),
    "/run/{run}/edits/{line}/cell": ("/run/latest/edits/0/cell",),
    "/run/{run}/try": ("/run/latest/try",),
    "/run/{run}/try/lines": (f"/run/latest/try/lines?with={TRIAL}&all=1",),
    "/asked": ("/asked", "/asked?table=overrides", "/asked?table=adjustments"),
    "/run/{run}/limits": ("/run/latest/limits",),
    "/review": ("/review",),
    "/runs": ("/runs",),
    "/run/{run}/cell": ("/run/latest/cell?region=Lyon&item=00101",
                        "/run/latest/cell?region=Nice&item=00104"),
    "/run/{run}/outlook": ("/run/latest/outlook?region=Lyon&item=00101",),
    "/run/{run}/item": ("/run/latest/item?item=00101",),
    "/run/{run}/region": ("/run/latest/region?region=Lyon",),
    "/find": ("/find", "/find?q=0"),
}  # fmt: skip
"""route of a page -> addresses of it that are judged"""
THEMSELVES = (
    "/run/{run}/from", "/asked/row", "/job/{job}", "/review/{job}", "/run/{run}/lines.csv",
    "/run/{run}/edits/plan.csv", "/run/{run}/file/{name}", "/released/{run}/{name}",
)  # fmt: skip
"""where numbers come from: rows of a file, what a command has answered, files"""


FOLLOW = {
    ("units.parquet", "loss"), ("plan.parquet", "break_even"), ("needs.parquet", "q90"),
    ("ahead.parquet", "origin"), ("ahead.parquet", "item"), ("summary.json", "totals"),
}  # fmt: skip
"""columns from which figures follow that stand in no file: a break-even, a margin, a difference,
counts, a term of the gain"""


def full_view() -> RunView:
    """Return a run that has everything that pages speak of."""
    view = told_view()
    week = view.as_of + pd.Timedelta(days=7)
    ahead = pd.DataFrame([("Metz", "Lyon", "00101", week, 2.0)], columns=list(AHEAD.names))
    needs = pd.DataFrame(
        [("Metz", "00101", week, 4.0, 3.0, *(float(n) for n in range(8)), 1.0)],
        columns=list(NEEDS.names),
    )
    asked = pd.DataFrame(
        [("policies 1", "policies", "minimum", "at least 2", 2.0, 2.0, 1.0, 0.5, 0.25, "alone")],
        columns=list(ASKED.names),
    )
    changes = pd.DataFrame(
        [("stock", 3, 9, 4.0, 8.0, 1, -0.5, "less lies there")], columns=list(CHANGES.names)
    )
    held_by = [{"gate": "money", "words": "it costs 3 times what plans cost"}]
    summary = {**view.summary, "held_by": held_by}
    extras = {**view.extras, ASKED.name: asked, CHANGES.name: changes}
    return replace(view, ahead=ahead, needs=needs, extras=extras, summary=summary)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Return a bench on such a run, with a wish and a decision."""
    place: Path = tmp_path_factory.mktemp("full")
    folder = place / "shop"
    folder.mkdir()
    (folder / "foreship.toml").write_text('[tables]\npolicies = "policies.csv"\n')
    (folder / "policies.csv").write_text(WISH)
    (folder / WHAT_IFS).mkdir()
    run = write_view(full_view(), folder)
    tried = write_view(less_view(), place / "apart")
    assert tried.name == TRIAL
    tried.rename((folder / WHAT_IFS) / TRIAL)
    read_draft(folder, run.name).append(action(comment="too many"))
    bench = bench_of(folder, place / "scratch")
    for each in ("latest", TRIAL):
        bench.run(each).wait()
    yield bench
    bench.close()


def names_of(bench: Bench) -> list[str]:
    """Return every id of the run."""
    ids = bench.run("latest").ids
    return [*ids.item.ids, *ids.region.ids, *ids.hub.ids]


def test_every_page_is_judged() -> None:
    """By its route: a new page must be added, or be where numbers come from."""
    asked = {each.pattern for each in ROUTES if each.method == "GET"}
    assert asked == {*PAGES, *THEMSELVES}


@pytest.mark.parametrize("address", [each for found in PAGES.values() for each in found])
def test_no_number_stands_alone(full: Bench, address: str) -> None:
    """On any page."""
    client = client_of(full)
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200
    assert bare_figures(answer.text, names_of(full)) == []


@pytest.mark.sweep
def test_no_link_is_dead(full: Bench) -> None:
    """Of all these pages one of each kind: route, file, column, and what its rows are chosen by."""
    client, kinds = client_of(full), dict[tuple[str, ...], str]()
    for page in (each for found in PAGES.values() for each in found):
        for link in links_of(client.get(page, follow_redirects=True).text):
            parts = urlsplit(unescape(link))
            query = parse_qs(parts.query)
            named = (*query.get("file", ()), *query.get("column", ()), *sorted(query))
            kinds[re.sub(r"\d+", "0", parts.path), *named] = link
    assert len(kinds) > 50
    answers = {link: client.get(link).status_code for link in kinds.values()}
    assert {link: code for link, code in answers.items() if code not in (200, 303)} == {}


@pytest.mark.sweep
def test_a_figure_stands_where_it_leads_to(full: Bench) -> None:
    """Among the values of the rows, or as their sum; one of each kind of every page."""
    client, found = client_of(full), dict[tuple[str, ...], tuple[str, str]]()
    for page in (each for shown in PAGES.values() for each in shown):
        for link, words in figures_of(client.get(page, follow_redirects=True).text):
            parts = urlsplit(link)
            query = parse_qs(parts.query)
            key = (page.partition("?")[0], *query["file"], *query["column"], *sorted(query))
            if parts.path.endswith("/from") and key[1:3] not in FOLLOW:
                found.setdefault(key, (link, words))
    assert len(found) > 40
    wrong = [each for each in found.values() if not stands_in(each[1], client.get(each[0]).text)]
    assert wrong == []


@pytest.mark.parametrize(
    ("page", "bare"),
    [
        ("<td>7</td><td><a href='/'>8</a></td><td>9 %</td>", ["7", "9 %"]),
        ("<p>It costs 7.</p>", ["It costs 7."]),
        ("<tr><td>It costs 7.</td><td><a href='/'>8</a></td></tr>", []),
        ("<section><p>It costs 7.</p><p class='sources'><a href='/'>x</a></p></section>", []),
        ("<section><p class='sources'><a href='/'>x</a></p></section><p>It costs 7.</p>",
         ["It costs 7."]),
        ("<p role='status'>7 lines.</p><p role='status'>7 lines; cost 8.</p>",
         ["7 lines; cost 8."]),
        ("<p>On 2026-11-16, 00101 in R001.</p>", []),
        ("<table><tbody><tr><td><a href='/'>7</a></td></tr></tbody>"
         "<tfoot><tr><td>7</td></tr></tfoot></table>", []),
        ("<table><tbody><tr><td>9</td></tr></tbody><tfoot><tr><td>9</td></tr></tfoot></table>",
         ["9", "9"]),
        ("<figure><svg><text>7</text></svg></figure>", ["7"]),
    ],
)  # fmt: skip
def test_the_judge_knows_what_leads(page: str, bare: list[str]) -> None:
    """By the markup alone."""
    assert bare_figures(page, ["00101"]) == bare
