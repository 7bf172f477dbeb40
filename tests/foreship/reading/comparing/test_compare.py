"""The difference of two plans: every line accounted for, every sum exact."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship.reading.comparing.compare import KINDS, diff
from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import PLAN
from tests.foreship.run_views import AS_OF, empty_view, make_view


def plan(*lines: tuple[str, str, int, float, float], run_id: str = "a") -> RunView:
    """Make a plan of ships given as (origin, item, quantity, cost, expected gain)."""
    rows = [
        ("ship", origin, "R", item, quantity, AS_OF, AS_OF, cost, gain, 0.5, 0.4, "return")
        for origin, item, quantity, cost, gain in lines
    ]
    frame = pd.DataFrame(rows, columns=list(PLAN.names)).astype({"quantity": "int64"})
    return RunView(AS_OF, run_id, frame, pd.DataFrame(), {"status": "ship"})


def test_each_kind_of_change_is_told_apart() -> None:
    """New, dropped, increased, decreased, repriced and same, one line each."""
    before = plan(
        ("H", "gone", 3, 3.0, 6.0), ("H", "more", 1, 1.0, 2.0), ("H", "less", 4, 4.0, 8.0),
        ("H", "price", 2, 2.0, 4.0), ("H", "same", 5, 5.0, 9.0),
    )  # fmt: skip
    after = plan(
        ("H", "fresh", 2, 2.0, 3.0), ("H", "more", 3, 3.0, 5.0), ("H", "less", 1, 1.0, 3.0),
        ("H", "price", 2, 2.5, 3.5), ("H", "same", 5, 5.0, 9.0), run_id="b",
    )  # fmt: skip
    found = diff(before, after)
    kinds = dict(zip(found.lines["item"], found.lines["change"], strict=True))
    assert kinds == {
        "fresh": "new", "gone": "dropped", "less": "decreased",
        "more": "increased", "price": "repriced", "same": "same",
    }  # fmt: skip
    assert found.counts == dict.fromkeys(KINDS, 1) | {"done": 0, "under way": 0}
    assert found.totals["quantity"] == {"before": 15, "after": 13, "delta": -2}
    assert found.summary == (
        "1 new, 1 gone, 1 more, 1 less, 1 repriced, 1 the same; units -2, gain of lines -5.50"
    )


@pytest.mark.sweep
@given(st.integers(0, 10**6), st.integers(0, 10**6))
@settings(max_examples=15)
def test_changes_sum_exactly_to_the_difference(first: int, second: int) -> None:
    """Lines are neither lost nor counted twice, whatever the two plans."""
    before, after = make_view(items=6, seed=first), make_view(items=6, seed=second)
    found = diff(before, after)
    for name in ("quantity", "cost", "expected_gain"):
        total = found.totals[name]
        assert total["before"] == pytest.approx(math.fsum(before.lines[name]), abs=1e-9)
        assert total["after"] == pytest.approx(math.fsum(after.lines[name]), abs=1e-9)
        assert total["delta"] == pytest.approx(total["after"] - total["before"], abs=1e-9)
    assert sum(found.counts.values()) == len(found.lines)


def test_a_plan_against_itself_changes_nothing() -> None:
    """The difference to itself is empty and says so."""
    view = make_view()
    found = diff(view, view)
    assert found.counts["same"] == len(found.lines)
    assert found.summary.startswith("no line changed")
    assert found.to_dict()["lines"] == []


def test_backwards_is_the_negative() -> None:
    """Swapping the plans swaps new with dropped and turns every delta round."""
    one, two = make_view(seed=1), make_view(seed=2)
    there, back = diff(one, two), diff(two, one)
    assert there.counts["new"] == back.counts["dropped"]
    assert there.counts["increased"] == back.counts["decreased"]
    assert there.totals["expected_gain"]["delta"] == -back.totals["expected_gain"]["delta"]


def test_lines_of_one_lane_are_taken_together() -> None:
    """Two lines with the same action, ends and item are one decision."""
    found = diff(
        plan(("H", "A", 1, 1.0, 2.0), ("H", "A", 2, 2.0, 3.0)), plan(("H", "A", 3, 3.0, 5.0))
    )
    assert found.counts["same"] == len(found.lines) == 1


def test_across_weeks_what_has_left_is_not_gone() -> None:
    """Arrived is done, left is under way; only what leaves later is compared."""
    before = plan(
        ("H", "came", 3, 3.0, 6.0), ("H", "road", 2, 2.0, 4.0), ("H", "later", 1, 1.0, 2.0),
        ("H", "both", 4, 4.0, 8.0),
    )  # fmt: skip
    monday, day = AS_OF + pd.Timedelta(weeks=1), pd.Timedelta(days=1)
    leaves = [AS_OF, monday - day, monday + day, AS_OF]
    lands = [AS_OF + day, monday, monday + 2 * day, AS_OF + day]
    lines = before.lines.assign(ship_date=leaves, arrival_date=lands)
    before = replace(before, lines=lines)
    after = replace(plan(("H", "both", 5, 5.0, 9.0), run_id="b"), as_of=monday)
    found = diff(before, after)
    kinds = sorted(zip(found.lines["item"], found.lines["change"], strict=True))
    assert kinds == [
        ("both", "done"), ("both", "new"), ("came", "done"), ("later", "dropped"),
        ("road", "under way"),
    ]  # fmt: skip
    assert found.totals["quantity"] == {"before": 10, "after": 5, "delta": -5}
    assert found.summary.startswith("1 new, 1 gone, 2 done, 1 under way, 0 the same;")
    assert diff(before, replace(after, as_of=AS_OF)).counts["done"] == 0
    assert diff(before, replace(after, lines=after.lines.iloc[:0])).counts["new"] == 0


def test_from_nothing_everything_is_new() -> None:
    """An empty plan on either side is compared like any other."""
    view, empty = make_view(), empty_view()
    assert diff(empty, view).counts["new"] == len(diff(empty, view).lines)
    assert diff(view, empty).totals["quantity"]["after"] == 0
    assert diff(empty, empty).summary.startswith("no line changed")


def test_the_text_starts_with_the_summary_and_fits_a_terminal() -> None:
    """First the answer, then totals, then the largest changes; the rest is counted."""
    found = diff(make_view(seed=1), make_view(seed=2))
    lines = found.text.splitlines()
    assert " ".join(lines[:2]).startswith(found.summary)
    assert max(map(len, lines)) <= 80
    assert any(each.strip().startswith("and ") and "more line" in each for each in lines)
    json.dumps(found.to_dict())


def test_in_a_notebook_ids_are_escaped() -> None:
    """The notebook's form is text, whatever the ids."""
    found = diff(plan(("<b>", "A", 1, 1.0, 2.0)), replace(plan(), run_id="<i>"))
    assert "<b>" not in found._repr_html_() and "<i>" not in found._repr_html_()
