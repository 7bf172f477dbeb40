"""The finished plan: its words and its status."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foreship_optimize.plan import gain_promised, status_of
from foreship_optimize.planning import solve
from tests.optimize.program_builder import Draft, two_hubs_three_regions
from tests.optimize.table_builder import MONDAY


def test_a_plan_speaks():
    """Printed, a plan says what it gains, what it costs and what is scarce; in a notebook too."""
    plan = solve(two_hubs_three_regions().problem(), as_of=MONDAY)
    text = str(plan)
    assert "6 lines, 7 units" in text and "expected gain 40.00" in text
    assert "one more unit of hub stock of A at H1 is worth 3.00" in text
    html = plan._repr_html_()
    assert "<table" in html and "&lt;" not in html.split("<table")[1]


def test_a_plan_by_order_says_what_past_orders_would_have_come_to():
    """What it earns counts each order once, and what past orders say stands beside it."""
    plan = solve(two_hubs_three_regions().problem(), as_of=MONDAY)
    assert "past orders" not in str(plan)
    figures = {"orders_seen": 9123, "whole": 0.124, "gain": 451.75, "bound": 1502.25}
    by_order = replace(plan, summary=plan.summary | {"orders": figures | {"promised": 321.5}})
    text = str(by_order)
    assert "expected gain 321.50, each order counted once" in text
    assert gain_promised(by_order.summary) == 321.5
    assert gain_promised(plan.summary) == -plan.summary["objective"]
    assert "of 9,123 past orders 12.4 % whole in their region" in text
    assert "earning 451.75 a period, at most 1,502.25" in text


def test_ids_are_escaped_in_a_notebook():
    """An item named like a script is shown, not run."""
    draft = Draft()
    evil = "<script>alert(1)</script>"
    draft.stock = {("H1", evil): 1}
    draft.cell("R1", evil, [9, 8])
    draft.ship("H1", "R1", evil, 1.0)
    html = solve(draft.problem(), as_of=MONDAY)._repr_html_()
    assert "<script" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("hold", "relaxed", "empty", "notes", "status"),
    [
        ((), False, False, False, "ship"),
        ((), True, False, False, "relaxed"),
        (("relaxed",), True, False, False, "hold"),
        (("relaxed",), False, True, True, "ship"),
        (("empty", "notes"), False, False, True, "hold"),
        (("always",), False, False, False, "hold"),
    ],
)
def test_status_says_whether_the_plan_may_be_shipped(hold, relaxed, empty, notes, status):
    """Held for the reasons named only; else relaxed where limits gave way; else ship."""
    assert status_of(hold, relaxed=relaxed, empty=empty, notes=notes) == status


def test_an_interrupt_goes_on_to_whoever_asked_for_many_plans():
    """A frontier or a replay does not go on with the next plan as if nobody had pressed Ctrl-C."""
    plan = solve(two_hubs_three_regions().problem(), as_of=MONDAY)
    assert plan.unless_interrupted() is plan
    cut = replace(plan, summary={**plan.summary, "termination": "interrupted"})
    with pytest.raises(KeyboardInterrupt):
        cut.unless_interrupted()
