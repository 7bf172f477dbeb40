"""The PuLP program: rows, names, words, money."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.limits import FAMILIES, limits_of
from foreship_optimize.params import PlanParams, RiskParams
from foreship_optimize.program.formulation import (
    AT_LEAST,
    AT_MOST,
    SCALED_MONEY,
    Model,
    build,
    linear,
    money_scale,
    unneeded_share,
)
from foreship_optimize.program.tiers import lots_of, tiers_of
from foreship_optimize.risk import dearer_freight, mean_of_worst, risk_of
from tests.optimize.program_builder import Draft, scaled, two_hubs_three_regions


def model_of(draft: Draft, *, budget: float | None = None, **options) -> Model:
    """Build the continuous (or whole) program of a draft."""
    problem = draft.problem()
    plan = options.pop("plan", PlanParams())
    risk = risk_of(problem, RiskParams(level=0.5, budget=budget))
    tiers = tiers_of(problem, None)
    return build(problem, limits_of(problem), tiers, plan, risk=risk, **options)


def everything() -> Draft:
    """Draft a network with every family of limits."""
    draft = two_hubs_three_regions()
    draft.cell("R3", "B", [2], on_hand=[4, 1], need=[0, 1], loss=1.5)
    draft.move("markdown", "R3", "", "B", 1.0)
    draft.move("redirect", "R3", "R1", "B", 0.5)
    draft.ship("H1", "R3", "B", 1.0)
    draft.storage = {"R1": 3.0}
    draft.lanes = {("H1", "R1"): 2.0}
    draft.freight_budget, draft.stock_value_budget = 9.0, 20.0
    draft.lock("push", lambda a, o, d, i: d == "R2", at_least=1, at_most=2)
    return draft


def test_every_family_of_limits_has_its_rows():
    """Balance, stock, storage, lanes, locks from both sides, outcomes and budget are all there."""
    limits = limits_of(everything().problem())
    model = model_of(everything(), budget=3.0)
    kinds = [kind for kind, _ in model.rows.values()]
    assert set(kinds) == {"balance", AT_MOST, AT_LEAST, "outcome", "risk budget", "staged"}
    assert kinds.count("balance") == 6
    assert kinds.count("outcome") == 2
    upper = [limits.family[index] for kind, index in model.rows.values() if kind == AT_MOST]
    assert set(upper) == {each.name for each in FAMILIES} and upper.count("hub stock") == 3
    (least,) = [index for kind, index in model.rows.values() if kind == AT_LEAST]
    assert limits.words[least] == "push"
    assert "storage of R1" in model.words.values()
    assert "lane H1 -> R1" in model.words.values()


def test_without_a_budget_there_are_no_rows_of_outcomes():
    """No budget, no row: the program is not slowed by a limit nobody set."""
    families = {family for family, _ in model_of(everything()).rows.values()}
    assert not families & {"outcome", "risk budget", "staged"}


def test_names_are_numbers_in_the_order_they_were_made():
    """Ids may hold anything, so they are never part of a name; both PuLPs keep our order."""
    draft = everything()
    draft.cells = {(f"{r} [x]/-", i): cell for (r, i), cell in draft.cells.items()}
    draft.moves = [
        (a, o if a == "ship" else f"{o} [x]/-", f"{d} [x]/-" if d else d, *rest)
        for a, o, d, *rest in draft.moves
    ]
    model = model_of(draft, budget=3.0)
    names = [variable.name for variable in model.variables]
    assert names == sorted(names) and len(set(names)) == len(names)
    assert all(name[0] in "abcdef" and name[1:].isdigit() for name in names)


def test_money_is_scaled_so_that_the_largest_is_a_thousand():
    """HiGHS' tolerances are absolute; ours are relative to the problem."""
    for factor in (1e-6, 1.0, 1e6):
        problem = scaled(everything().problem(), factor)
        largest = max(np.abs(problem.units.value).max(), problem.moves.cost.max())
        assert money_scale(problem) * largest == pytest.approx(SCALED_MONEY)


def test_the_minimum_line_needs_a_binary_only_beyond_a_pack():
    """No binary with a minimum of one; one a ship, two rows each, with more."""
    draft = two_hubs_three_regions()
    plain = model_of(draft, integer=True)
    more = model_of(draft, integer=True, plan=PlanParams(minimum_line_quantity=2))
    ships = len(draft.moves)
    assert len(more.rows) - len(plain.rows) == 2 * ships
    assert {family for family, _ in plain.rows.values()} == {"balance", AT_MOST}


def test_batches_of_terms_are_sums():
    """`linear` is the sum of coefficient times variable, on either PuLP."""
    model = model_of(two_hubs_three_regions())
    first, second = model.moves[:2]
    expression = linear([(first, 2.0), (second, -1.0)])
    first.varValue, second.varValue = 3.0, 4.0
    assert expression.value() == pytest.approx(2.0)


def test_a_lot_is_lost_in_the_share_of_it_that_nobody_needs():
    """Of three arrivals and a need of 0, 1, 2 or 5 units, 3, 2, 1 and 0 are lost."""
    draft = Draft()
    draft.stock = {("H1", "A"): 9}
    draft.cell("R1", "A", [4, 4, 4], need=[0, 1, 2, 5])
    draft.ship("H1", "R1", "A", 1.0)
    problem = draft.problem()
    lots = lots_of(problem, tiers_of(problem, None))
    unneeded = unneeded_share(problem.need[lots.cell], lots) * lots.width[:, None]
    assert unneeded.tolist() == [[3.0, 2.0, 1.0, 0.0]]


def test_freight_above_the_cheapest_way_in_is_dearer():
    """Ships are measured against the cheapest ship; redirects only where nothing else comes."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1, ("H2", "A"): 1}
    draft.cell("R1", "A", [4])
    draft.cell("R2", "A", [4], on_hand=[1])
    draft.cell("R3", "A", [4])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H2", "R1", "A", 1.5)
    draft.move("redirect", "R2", "R1", "A", 0.5)
    draft.move("redirect", "R2", "R3", "A", 2.0)
    assert dearer_freight(draft.problem()).tolist() == [0.0, 0.5, 0.0, 0.0]


@pytest.mark.parametrize(
    ("level", "mean"),
    [(0.0, 2.5), (0.5, 3.5), (0.75, 4.0), (0.99, 4.0), (0.6, (4 + 0.6 * 3) / 1.6)],
)
def test_the_mean_of_the_worst_outcomes_weighs_the_last_one_with_its_fraction(level, mean):
    """Losses 1..4: the worst 1.6 outcomes weigh 4 fully and 3 by 0.6."""
    assert mean_of_worst(np.array([2.0, 4.0, 1.0, 3.0]), level) == pytest.approx(mean)
