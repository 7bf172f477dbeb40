"""The audit of lines: what a line must earn, and what taking back is charged."""

from __future__ import annotations

import copy
from dataclasses import replace

import pandas as pd
import pytest

from foreship_optimize.audit.auditor import audit
from foreship_optimize.errors import AuditFailed
from foreship_optimize.planning import make_plan
from foreship_optimize.tables import complete
from tests.optimize.table_builder import MONDAY, draw_tables


def case(seed: int, **settings: float):
    """Tables in which all was sent and taken back lately, and settings that ask of lines."""
    tables, demand, params = draw_tables(seed)
    cells = [(r, i, 3, 2) for r in tables["regions"]["region"] for i in tables["items"]["item"]]
    tables["recent"] = pd.DataFrame(cells, columns=["region", "item", "units_in", "units_out"])
    params = replace(params, plan=replace(params.plan, **settings))
    return complete(tables, params.economics, MONDAY), demand, params


def test_thin_lines_stay_behind_and_all_others_earn_what_is_asked() -> None:
    """Without the setting the market has ships below 4; with it none, and less is earned."""
    tables, demand, params = case(0)
    before = make_plan(tables, demand, MONDAY, params)
    asked = replace(params, plan=replace(params.plan, minimum_line_gain=4.0))
    after = make_plan(tables, demand, MONDAY, asked)
    thin, kept = (each.lines[each.lines["action"] == "ship"] for each in (before, after))
    assert thin["expected_gain"].min() < 4.0 <= kept["expected_gain"].min()
    assert before.summary["objective"] < after.summary["objective"]
    assert after.summary["asked"]["minimum_line_gain"] == pytest.approx(4.0 * len(kept))
    assert after.departures is None and "lines" not in after.summary["totals"]
    with pytest.raises(AuditFailed, match="a line is asked for 4"):
        told = after.summary | before.summary | {"asked": after.summary["asked"]}
        audit(tables, demand, MONDAY, before.lines, before.units, told, asked)


def test_handling_is_paid_by_every_line_and_told_in_money() -> None:
    """Two a line of a ship or redirect, in the term `lines`; the objective counts it."""
    tables, demand, params = case(4, line_handling_cost=2.0)
    plan = make_plan(tables, demand, MONDAY, params)
    into = plan.lines["action"].isin(["ship", "redirect"]).sum()
    assert plan.summary["totals"]["lines"] == pytest.approx(2.0 * into)
    free = make_plan(*case(4)[:2], MONDAY, case(4)[2])
    assert free.summary["objective"] < plan.summary["objective"]
    assert len(plan.lines) < len(free.lines)


def test_what_is_taken_back_is_charged_and_a_lie_about_it_found() -> None:
    """Ships into cells that gave units away; the charge is in no term of the plan's money."""
    tables, demand, params = case(1, change_cost=1.0)
    plan = make_plan(tables, demand, MONDAY, params)
    back = plan.lines["action"].isin(["ship", "redirect", "return"])
    assert plan.summary["asked"]["changes"] == plan.lines.loc[back, "quantity"].sum() > 0
    told = copy.deepcopy(plan.summary)
    told["asked"]["changes"] -= 1.0
    with pytest.raises(AuditFailed, match="moved back"):
        audit(tables, demand, MONDAY, plan.lines, plan.units, told, params)


def test_a_freight_budget_pays_what_is_spent_not_what_is_asked() -> None:
    """With a budget of just what the plan spends it is made again, however much a line is asked."""
    tables, demand, params = case(0, minimum_line_gain=4.0)
    plan = make_plan(tables, demand, MONDAY, params)
    sent = plan.lines["action"].isin(["ship", "redirect"])
    spends = float(plan.lines.loc[sent, "cost"].clip(lower=0.0).sum())
    tight = replace(params, plan=replace(params.plan, freight_budget=spends * (1 + 1e-6)))
    again = make_plan(tables, demand, MONDAY, tight)
    assert again.summary["objective"] == pytest.approx(plan.summary["objective"], rel=1e-4)
