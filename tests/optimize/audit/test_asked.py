"""The audit of policies: a plan that says it does by them what it does not is refused."""

from __future__ import annotations

import copy

import pytest

from foreship_optimize.audit.auditor import audit
from foreship_optimize.errors import AuditFailed
from foreship_optimize.planning import make_plan
from foreship_optimize.tables import complete
from tests.optimize.asked_case import draw_case, policies
from tests.optimize.table_builder import MONDAY


def case(seed: int):
    """Tables, demand, settings and a plan that lacks units for a policy."""
    tables, demand, params = draw_case(seed)
    whole = complete(tables, params.economics, MONDAY)
    return whole, demand, params, make_plan(tables, demand, MONDAY, params)


LIES = {
    "wanted": (lambda s: s["unmet"][0].update(wanted=s["unmet"][0]["wanted"] + 1), "unmet"),
    "reached": (lambda s: s["unmet"][0].update(reached=s["unmet"][0]["wanted"]), "unmet"),
    "nothing lacks": (lambda s: s.pop("unmet"), "unmet"),
    "another row": (lambda s: s["unmet"][0].update(row="policies 99"), "unmet"),
    "no word": (lambda s: s.pop("asked"), "asked"),
    "a part less": (lambda s: s["asked"].pop("changes"), "asked"),
    "money with the worth of floors in it": (
        lambda s: s.update(objective=s["objective"] - s["asked"]["policies"]), "objective"),
}  # fmt: skip


@pytest.mark.sweep
@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_policies_is_found(lie: str) -> None:
    """The plan itself passes; one number changed, and it is refused by name."""
    tables, demand, params, plan = case(10)
    told = copy.deepcopy(plan.summary)
    audit(tables, demand, MONDAY, plan.lines, plan.units, told, params)
    change, named = LIES[lie]
    change(told)
    with pytest.raises(AuditFailed, match=named):
        audit(tables, demand, MONDAY, plan.lines, plan.units, told, params)


def test_units_above_a_ceiling_are_found() -> None:
    """A plan made without a maximum breaks the one that is put in afterwards."""
    tables, demand, params = draw_case(0)
    tables["policies"] = policies(("minimum", 0.0))
    plan = make_plan(tables, demand, MONDAY, params)
    tables["policies"] = policies(("maximum", 0.0))
    whole = complete(tables, params.economics, MONDAY)
    with pytest.raises(AuditFailed, match=r"policies: .* at most 0 may lie or come"):
        audit(whole, demand, MONDAY, plan.lines, plan.units, plan.summary, params)
