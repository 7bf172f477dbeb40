"""Lines as the address asks for them: a page, its grid alone, a file."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from foreship.errors import UsageError
from foreship.workbench.bench import Bench
from foreship.workbench.handling import Request
from foreship.workbench.pages.lines import lines, lines_csv
from tests.foreship.workbench.made_runs import told_view, write_view


def _asked(bench: Bench, *, fragment: bool = False, **query: str) -> Request:
    run = next((bench.folder / "runs").iterdir()).name
    return Request(
        path={"run": run}, query={name: [each] for name, each in query.items()}, fragment=fragment
    )


def test_the_page_holds_its_fields_and_a_fragment_the_grid_alone(told_bench: Bench) -> None:
    """What was asked for stands in the fields again."""
    whole = str(lines(_asked(told_bench, region="Lyon"), told_bench).body)
    part = str(lines(_asked(told_bench, region="Lyon", fragment=True), told_bench).body)
    assert part.startswith('<div id="grid"') or 'id="grid"' in part.split(">", maxsplit=1)[0]
    assert part in whole and "<form" in whole and "<form" not in part
    assert '<option value="Lyon" selected="">Lyon</option>' in whole


def test_a_file_has_all_chosen_lines_by_the_rows_of_the_plan(told_bench: Bench) -> None:
    """Numbers as they are, whatever the reader's language."""
    plan = told_view().lines
    answer = lines_csv(_asked(told_bench, columns="item,quantity", action="ship"), told_bench)
    assert isinstance(answer.body, bytes)
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    wanted = plan[plan["action"] == "ship"]
    assert [int(row["line"]) for row in rows] == wanted.index.tolist()
    assert [int(row["quantity"]) for row in rows] == wanted["quantity"].tolist()


def test_no_cell_of_the_file_is_a_formula(bench: Bench) -> None:
    """An id that begins like one is quoted."""
    view = told_view()
    plan = view.lines.assign(item=view.lines["item"].replace("00101", "=cmd|A1"))
    write_view(replace(view, lines=plan), bench.folder)
    answer = lines_csv(_asked(bench, columns="item"), bench)
    assert isinstance(answer.body, bytes)
    assert "'=cmd|A1" in answer.body.decode() and "\n=cmd" not in answer.body.decode()
    bench.close()


def test_what_there_is_not_is_refused_in_words(told_bench: Bench) -> None:
    """A bookmark of another version is told what is wrong with it."""
    with pytest.raises(UsageError, match="the address asks for what there is not"):
        lines(_asked(told_bench, colour="red"), told_bench)
