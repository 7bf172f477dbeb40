"""The finished plan: lines, ledger, words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_foundation.output_files import PLAN, UNITS
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.plan import TERMS, status_of
from foreship_optimize.planning import solve
from tests.optimize.program_builder import Draft, two_hubs_three_regions
from tests.optimize.program_oracle import draw

MONDAY = pd.Timestamp("2026-11-16")


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_the_ledger_adds_up_to_the_lines(seed: int):
    """Planned units are the units sent; what they earn is what their lines earn; p falls."""
    draft, params = draw(seed)
    if not draft.cells:
        return
    plan = solve(draft.problem(), params, as_of=MONDAY)
    units, lines = plan.units, plan.lines
    assert list(lines.columns) == list(PLAN.names)
    assert list(units.columns) == list(UNITS.names)
    p, gain, loss = (units[name].to_numpy() for name in ("p", "gain", "loss"))
    np.testing.assert_allclose(units["expected_gain"], p * gain - (1 - p) * loss, rtol=1e-9)
    into = lines[lines["action"].isin(["ship", "redirect"])]
    sent = into.groupby(["destination", "item"])["quantity"].sum()
    planned = units[units["planned"] == 1].groupby(["region", "item"])["unit"].count()
    assert planned.to_dict() == sent.to_dict()
    earned = units.loc[units["planned"] == 1, "expected_gain"].sum()
    assert earned == pytest.approx(into["expected_gain"].sum(), abs=1e-9)
    assert (
        units.groupby(["region", "item"])["unit"]
        .apply(lambda u: u.tolist())
        .map(lambda ranks: ranks == list(range(1, len(ranks) + 1)))
        .all()
    )


def test_every_on_hand_planned_and_next_unit_is_in_the_ledger_and_no_other():
    """Two on hand, two sent, one next: five rows of the seven candidates."""
    draft = Draft()
    draft.stock = {("H1", "A"): 2}
    draft.cell("R1", "A", [6, 5, 4, 3, 2], on_hand=[8, 7])
    draft.ship("H1", "R1", "A", 1.0)
    units = solve(draft.problem(), as_of=MONDAY).units
    assert units["unit"].tolist() == [1, 2, 3, 4, 5]
    assert units["planned"].tolist() == [0, 0, 1, 1, 0]
    assert units["binding"].tolist() == ["on hand", "on hand", "", "", "hub stock"]
    assert units["expected_gain"].tolist() == pytest.approx([8, 7, 5, 4, 3])


def test_gain_loss_and_break_even_of_a_line_by_hand():
    """V = 4 at p = 0.5 with b = 5 and c = 1: gain 4, loss 4 - 2*3 = -2, break-even -2/(4-2)."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1}
    draft.cell("R1", "A", [4])
    draft.ship("H1", "R1", "A", 1.0)
    plan = solve(draft.problem(), as_of=MONDAY)
    unit, line = plan.units.iloc[0], plan.lines.iloc[0]
    assert (unit["gain"], unit["loss"]) == (pytest.approx(4.0), pytest.approx(-2.0))
    assert line["expected_gain"] == pytest.approx(3.0)
    assert line["break_even"] == pytest.approx(-1.0)
    assert line["exit"] == "give_away"


def test_a_unit_sure_to_be_bought_earns_its_worth():
    """At p = 1 the gain is v - c, whatever the unsold unit would be worth."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1}
    draft.cell("R1", "A", [4], p=[1.0])
    draft.ship("H1", "R1", "A", 1.0)
    unit = solve(draft.problem(), as_of=MONDAY).units.iloc[0]
    assert unit["p"] == 1.0
    assert unit["gain"] == unit["expected_gain"] == pytest.approx(3.0)


def test_earlier_arrivals_take_the_lower_ranks():
    """Of two lines into a cell the one that arrives first gets the more valuable unit."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1, ("H2", "A"): 1}
    draft.cell("R1", "A", [9, 5])
    draft.ship("H1", "R1", "A", 1.0, lead=5, lateness=0.5)
    draft.ship("H2", "R1", "A", 2.0, lead=1)
    lines = solve(draft.problem(), as_of=MONDAY).lines.set_index("origin")
    assert lines.loc["H2", "expected_gain"] == pytest.approx(9 - 2)
    assert lines.loc["H1", "expected_gain"] == pytest.approx(5 - 1 - 0.5)
    assert lines.loc["H1", "cost"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("storage", "storage of R1"),
        ("lane", "lane H1 -> R1"),
        ("lock", "lock at most one"),
        ("risk", "risk budget"),
        ("freight", "freight budget"),
        ("value", "stock value budget"),
        ("pack", "pack size"),
        ("stock", "hub stock"),
        ("worth", "not worth it"),
        ("way", "no usable lane"),
        ("line", "hub stock"),
    ],
)
def test_the_ledger_names_what_stops_the_next_unit(limit: str, words: str):
    """One unit is sent; the second would pay, and each limit in turn is named for stopping it."""
    draft = Draft()
    draft.item("A", pack=2 if limit == "pack" else 1)
    draft.stock = {("H1", "A"): {"stock": 1, "pack": 3, "line": 0}.get(limit, 5)}
    values = [9, 1] if limit == "worth" else [9, 8, 7, 6]
    draft.cell("R1", "A", values, need=[0], loss=1.0)
    if limit not in ("way", "line"):
        draft.ship("H1", "R1", "A", 1.0)
    if limit == "storage":
        draft.storage = {"R1": 1.0}
    if limit == "lane":
        draft.lanes = {("H1", "R1"): 1.0}
    if limit == "freight":
        draft.freight_budget = 1.5
    if limit == "value":
        draft.unit_cost, draft.stock_value_budget = {"A": 4.0}, 7.0
    if limit == "lock":
        draft.lock("at most one", lambda a, o, d, i: True, at_most=1)
    params = OptimizeParams(risk=RiskParams(budget=1.0 if limit == "risk" else None))
    plan = solve(draft.problem(), params, as_of=MONDAY)
    assert plan.units["binding"].iloc[-1] == words


def test_lines_are_sorted_and_typed_as_the_contract_says():
    """Sorted by action, origin, destination, item; whole quantities; midnight dates."""
    lines = solve(two_hubs_three_regions().problem(), as_of=MONDAY).lines
    keys = list(zip(lines["action"], lines["origin"], lines["destination"], lines["item"],
                    strict=True))  # fmt: skip
    assert keys == sorted(keys)
    assert lines["quantity"].dtype == np.int64
    assert lines["ship_date"].eq(MONDAY).all()
    assert not lines.isna().to_numpy().any()


def test_what_arrives_the_same_day_is_not_under_way():
    """Only lines that arrive later than they leave are handed to the next run, summed."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1, ("H2", "A"): 1, ("H1", "B"): 1}
    draft.cell("R1", "A", [9, 8])
    draft.cell("R1", "B", [9])
    draft.ship("H1", "R1", "A", 1.0, lead=3)
    draft.ship("H2", "R1", "A", 1.0, lead=3)
    draft.ship("H1", "R1", "B", 1.0, lead=0)
    inbound = solve(draft.problem(), as_of=MONDAY).inbound
    assert list(inbound.columns) == ["location", "item", "quantity", "arrival_date"]
    assert inbound.to_numpy().tolist() == [["R1", "A", 2, MONDAY + pd.Timedelta(days=3)]]


def test_a_plan_speaks():
    """Printed, a plan says what it gains, what it costs and what is scarce; in a notebook too."""
    plan = solve(two_hubs_three_regions().problem(), as_of=MONDAY)
    text = str(plan)
    assert "6 lines, 7 units" in text and "expected gain 40.00" in text
    assert "one more unit of hub stock of A at H1 is worth 3.00" in text
    html = plan._repr_html_()
    assert "<table" in html and "&lt;" not in html.split("<table")[1]


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


def test_the_summary_has_what_the_contract_asks_for():
    """Status, certificate, totals by term, risk, prices, counts, solver, version of the schema."""
    params = OptimizeParams(plan=PlanParams(threads=1))
    summary = solve(two_hubs_three_regions().problem(), params, as_of=MONDAY).summary
    asked = """status termination objective bound gap continuous_gap totals cvar risk_budget
        shadow_prices counts solver schema_version"""
    assert set(asked.split()) <= set(summary)
    assert set(summary["totals"]) == set(TERMS)
    assert summary["schema_version"] == 1
    assert set(summary["solver"]) == {"name", "version"}
