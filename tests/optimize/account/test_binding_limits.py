"""The limit that stops the next unit of a cell."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foreship_foundation.tables.output_files import ALSO, OVER
from foreship_optimize.params import OptimizeParams, RiskParams
from foreship_optimize.plan import Plan
from foreship_optimize.planning import solve
from tests.optimize.lifted_limits import UNLIMITED, drawn, objective, without
from tests.optimize.program_builder import Draft
from tests.optimize.table_builder import MONDAY


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


def stopped(plan: Plan) -> list[str]:
    """What stops the next unit of each cell."""
    idle = ["", "on hand", "moved away"]
    return sorted(set(plan.units.loc[~plan.units["binding"].isin(idle), "binding"]))


@pytest.mark.sweep
@settings(max_examples=40)
@given(st.integers(0, 10**6))
@example(3999)
def test_the_plan_gains_without_what_stops_a_unit(seed: int):
    """Lift what the ledger names, that alone, and plan again: it must pay."""
    problem, params = drawn(seed)
    plan = solve(problem, params, as_of=MONDAY)
    for binding in stopped(plan):
        # what lies elsewhere cannot be lifted, alone or beside other limits
        if any(each in binding for each in ("not worth it", "no usable lane", "stock in other")):
            continue
        named = [each.partition(OVER)[0] for each in binding.split(ALSO)]
        better = objective(*without(problem, params, named))
        assert better < plan.summary["objective"] - 1e-9, binding


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_what_is_not_worth_it_stays_away_whatever_the_limits(seed: int):
    """With more of every limit, in a network of ships alone, no cell gets a unit that lost."""
    problem, params = drawn(seed, only="ship")
    plan = solve(problem, params, as_of=MONDAY)
    problem, params = without(problem, params, list(UNLIMITED))
    free = solve(problem, params, as_of=MONDAY).units
    keys = ["region", "item", "unit"]
    sent = set(free[free["planned"] == 1][keys].itertuples(index=False, name=None))
    lost = plan.units[plan.units["binding"] == "not worth it"][keys]
    assert not sent & set(lost.itertuples(index=False, name=None))
