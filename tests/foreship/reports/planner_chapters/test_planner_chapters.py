"""The chapters of the planner's week: they show what the run's files say, and nothing without."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship.exceptions.listing import KINDS
from foreship.reading.views import RunView
from foreship.reports import plan_page
from foreship.reports.plan_chapters import line_chapters
from foreship.reports.planner_chapters.asked_chapter import asked
from foreship.reports.planner_chapters.changes_chapter import changes
from foreship.reports.planner_chapters.exceptions_chapter import KIND_WORDS, exceptions
from foreship.reports.planner_chapters.life_chapter import held
from foreship_foundation.tables.output_files import ASKED, CHANGES, EXCEPTIONS, FACTS, PROJECTED
from tests.foreship.run_views import AS_OF, make_view


@pytest.fixture(scope="module")
def view() -> RunView:
    """Make a run with the facts of its lines."""
    made = make_view(items=8)
    count = len(made.lines)
    facts = pd.DataFrame({name: np.arange(count, dtype=float) for name in FACTS.names})
    facts = facts.assign(line=range(count), name="Lamp <1>", reason="Because & so.")
    return replace(made, extras={"facts.parquet": facts})


def with_file(view: RunView, name: str, frame: pd.DataFrame) -> RunView:
    """Return the run with one more of its files."""
    return replace(view, extras={**view.extras, name: frame})


def words(content: object) -> str:
    """Return what a reader sees of a chapter."""
    return " ".join(re.sub("<[^>]*>", " ", str(content)).split())


def test_a_run_without_these_files_has_none_of_the_chapters() -> None:
    """An older run is shown as it was."""
    old = make_view(items=8)
    assert [str(chapter(old)) for chapter in (exceptions, changes, asked, held)] == [""] * 4


def test_exceptions_stand_by_rank_with_their_money(view: RunView) -> None:
    """The first is shown first, in a planner's words; none at all is said too."""
    rows = [
        (2, "late_supply", 3.0, "", "00100", "Metz", pd.NaT, -1, "Late <b>."),
        (1, "stock_out", 72.5, "Lyon", "00101", "", pd.NaT, 3, "Lyon will be sold out."),
    ]
    frame = pd.DataFrame(rows, columns=list(EXCEPTIONS.names))
    page = str(exceptions(with_file(view, EXCEPTIONS.name, frame)))
    assert "<b>" not in page and "&lt;b&gt;" in page
    said = words(page)
    assert said.index("1 72.50 Stock-out ahead Lyon 00101") < said.index("2 3.00 Late supply Metz")
    assert "Nothing: no stock-out" in words(exceptions(view))


def test_every_kind_of_exception_has_its_words() -> None:
    """No kind is shown by the name it has in code."""
    assert set(KIND_WORDS) == set(KINDS)


def test_a_long_list_says_what_is_left_out(view: RunView) -> None:
    """Twenty of fifty are shown, and where the others are."""
    rows = [(n, "dead_stock", 1.0, "", "", "", pd.NaT, -1, f"w{n}") for n in range(1, 51)]
    frame = pd.DataFrame(rows, columns=list(EXCEPTIONS.names))
    said = words(exceptions(with_file(view, EXCEPTIONS.name, frame)))
    assert "w20" in said and "w21" not in said
    assert "20 of 50 exceptions shown; plan.xlsx has them all." in said


def test_changes_add_up(view: RunView) -> None:
    """The last row is the sum of the steps, in units and in gain."""
    rows = [
        ("before", 5, 10, 9.0, 20.0, 0, 0.0, "The last plan."),
        ("stock", 6, 12, 9.5, 22.5, 2, 2.5, "A week passed."),
        ("demand", 6, 9, 9.5, 21.0, -3, -1.5, "Less is expected."),
    ]
    frame = pd.DataFrame(rows, columns=list(CHANGES.names))
    said = words(changes(with_file(view, CHANGES.name, frame)))
    assert "demand 6 9 9.50 21.00 \u22123 \u22121.50 Less is expected." in said
    assert said.endswith("In all \u22121 +1.00")


def test_what_is_asked_is_shown_with_its_cost(view: RunView) -> None:
    """A cost, a gain and what is not priced; what is not reached; what only steered."""
    nan = float("nan")
    rows = [
        ("policies 1", "policies", "minimum", "Minimum 4", 4.0, 3.0, 2.0, 1.25, nan, "solved"),
        ("adjustments 2", "adjustments", "times", "1.5", nan, nan, 5.0, -2.0, -3.0, "together"),
    ]
    frame = pd.DataFrame(rows, columns=list(ASKED.names))
    unmet = [{"row": "policies 1", "words": "Minimum 4", "wanted": 4, "reached": 3,
              "because": "hub stock"}]  # fmt: skip
    summary = {**view.summary, "unmet": unmet, "asked": {"policies": -7.0, "changes": 0.0}}
    said = words(asked(replace(with_file(view, ASKED.name, frame), summary=summary)))
    assert "policies 1 Minimum 4 4 3 2 +1.25 \u2013" in said
    assert "adjustments 2 1.5 \u2013 \u2013 5 \u22122.00 \u22123.00" in said
    assert "Minimum 4: 3 of 4 units reached; what stops more there: hub stock." in said
    assert "Steered by, and not spent: stock that policies ask for (\u22127.00)." in said
    assert "priced together have one cost" in said


def test_a_held_plan_says_by_what(view: RunView) -> None:
    """Each gate by name and in words; then what to look at first, figures, notes."""
    gates = [{"gate": "units", "words": "The plan moves far more than the last ones."}]
    waiting = replace(view, summary={**view.summary, "held_by": gates})
    assert "units : The plan moves far more than the last ones." in words(held(waiting))
    page = words(plan_page.render(waiting))
    chapters = ("What holds this plan", "To look at first", "Key figures", "on this plan")
    assert sorted(chapters, key=page.index) == list(chapters)


def test_lines_are_shown_with_what_they_are_judged_by(view: RunView) -> None:
    """Name, sales, forecast, cover and reason of the line itself, whatever its place."""
    said = words(line_chapters.best_lines(view))
    best = int(view.lines["expected_gain"].to_numpy().argmax())
    gain = f"{view.lines['expected_gain'].iloc[best]:,.2f}"
    assert f"{gain} {best:,} {best:.1f} {best:.1f} \u2013 Because &amp; so." in said
    assert "Lamp &lt;1&gt;" in said


def test_stock_of_some_weeks_stands_on_one_line(view: RunView) -> None:
    """Three weeks, never broken below each other, so that the reason has the width."""
    line = view.lines.sort_values("expected_gain", kind="stable").iloc[-1]
    weeks = [AS_OF + pd.Timedelta(weeks=ahead) for ahead in range(4)]
    rows = [(line["destination"], line["item"], week, 4.0 - at) for at, week in enumerate(weeks)]
    names = ["region", "item", "week", "stock"]
    told = with_file(view, PROJECTED.name, pd.DataFrame(rows, columns=names))
    shown = '<span class="whole">4.0 \u00b7 3.0 \u00b7 2.0</span>'
    assert shown in str(line_chapters.best_lines(told))


def test_a_note_that_the_list_holds_is_said_once(view: RunView) -> None:
    """It stands among what to look at, and no more among the notes; others stay."""
    first, *others = view.planner_notes
    row = (1, "suspicious_input", 5.0, "", "", "", pd.NaT, -1, first)
    listed = with_file(view, EXCEPTIONS.name, pd.DataFrame([row], columns=list(EXCEPTIONS.names)))
    page = words(plan_page.render(listed))
    assert page.count(first) == 1
    assert all(each in page for each in others)
