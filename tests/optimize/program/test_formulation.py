"""The PuLP program: rows, names, words, money."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import numpy as np
import pytest

from foreship_optimize.limits import FAMILIES, limits_of
from foreship_optimize.params import PlanParams, RiskParams
from foreship_optimize.problem import LateUnits, ShippingProblem
from foreship_optimize.program.formulation import (
    AT_LEAST,
    AT_MOST,
    MINIMUMS,
    RISK,
    SCALED_MONEY,
    Model,
    Soft,
    blank,
    build,
    hold_limits,
    least_cost,
    linear,
    money_scale,
    most_of_each_move,
    quantities,
    units_by_day,
    unneeded_share,
    worst_outcomes,
)
from foreship_optimize.program.unit_groups.tiers import lots_of, tiers_of
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


def short(name: str) -> str:
    """Write a00000012 as a12, and a name of two numbers with a dot between them."""
    letters = name.rstrip("0123456789")
    digits = name[len(letters) :]
    numbers = [str(int(digits[place : place + 8])) for place in range(0, len(digits), 8)]
    return letters + ".".join(numbers)


def terms(pairs) -> str:
    """Write a sum of variables."""
    return " ".join(f"{value + 0.0:+.6g} {short(variable.name)}" for variable, value in pairs)


def on_paper(model: Model, *families: str) -> list[str]:
    """Write the objective and the rows of some families, all if none is named, a line each."""
    sides = {-1: "<=", 0: "=", 1: ">="}
    lines = [f"minimise {terms(model.program.objective.items())}"]
    for row in model.program.constraints():
        family, index = model.rows[row.name]
        if not families or family in families:
            left, right = terms(row.items()), 0.0 - row.constant
            words = model.words[row.name]
            lines.append(f"{family} {index} [{words}]: {left} {sides[row.sense]} {right:g}")
    return lines


def assert_reads(lines: list[str], expected: str) -> None:
    """Compare with a text of one line each."""
    assert lines == dedent(expected).strip().splitlines()


def ranges(variables) -> dict[str, tuple]:
    """Return least, most and kind of each variable; None where there is no end, in both PuLPs."""

    def end(bound: float | None) -> float | None:
        return None if bound is None or np.isinf(bound) else bound

    return {short(each.name): (end(each.lowBound), end(each.upBound), each.cat)
            for each in variables}  # fmt: skip


def binaries(model: Model, letter: str) -> list:
    """Return the variables of some rows that the model itself does not list."""
    every = {each for row in model.program.constraints() for each in row}
    return [each for each in every if each.name.startswith(letter)]


def one_of_each() -> Draft:
    """Draft two items (volumes 1 and 2, packs 1 and 3), every kind of limit, money up to 500.

    Moves by number: ship A from H1 (0), B from H1 (1), A from H2 for a quarter more (2), A on
    from R1 to R2 (3), A marked down in R1 for 2.00 gained (4).
    """
    draft = Draft()
    draft.item("A")
    draft.item("B", volume=2.0, pack=3)
    draft.stock = {("H1", "A"): 4, ("H2", "A"): 2, ("H1", "B"): 7}
    draft.cell("R1", "A", [500, 400], on_hand=[6], need=[0, 1, 3], loss=3.0)
    draft.cell("R1", "B", [5, 4, 3], need=[2, 4, 1], loss=2.0)
    draft.cell("R2", "A", [300], need=[0, 0, 1], loss=1.5)
    draft.ship("H1", "R1", "A", 1.0, lateness=0.5)
    draft.ship("H2", "R1", "A", 1.25)
    draft.ship("H1", "R1", "B", 1.0)
    draft.move("redirect", "R1", "R2", "A", 0.5)
    draft.move("markdown", "R1", "", "A", -2.0)
    draft.storage = {"R1": 9.0}
    draft.lanes = {("H1", "R1"): 6.0, ("R1", "R2"): np.inf}
    draft.unit_cost = {"A": 1.0, "B": 3.0}
    draft.freight_budget, draft.stock_value_budget = 9.0, 20.0
    draft.lock("push", lambda a, o, d, i: a == "ship", at_least=2, at_most=5)
    return draft


def test_the_whole_program_reads_as_on_paper():
    """Every term of a small program, in money times two so that 500 is a thousand.

    A pack of B is 3 units, 6 of volume; half of three outcomes are 1.5, so each weighs 2/3. In
    outcome 0 a pack of B, of which one unit is not needed, loses 1/3 of 2.00 a unit; freight from
    H2 costs .25 more in every outcome. The unit on hand in R1 may leave, so that arrivals there
    are counted apart.
    """
    model = model_of(one_of_each(), budget=4.0)
    assert_reads(
        on_paper(model),
        """
        minimise +3 a0 +6 a1 +2.5 a2 +1 a3 -4 a4 -12 b0 -1000 b1 -800 b2 -8 b3 -600 b4
        balance 0 [A in R1]: +1 a0 +1 a2 -1 a3 -1 a4 -1 b0 -1 b1 -1 b2 = -1
        balance 1 [B in R1]: +3 a1 -1 b3 = 0
        balance 2 [A in R2]: +1 a3 -1 b4 = 0
        staged 0 [A in R1]: +1 a0 +1 a2 -1 c0 -1 c1 -1 c2 = 0
        outcome 0 [loss of outcome 0]: +6 c0 +6 c1 +6 c2 +1.33333 b3 +3 b4 +0.5 a2 -1 d0 -1 e0 <= 0
        outcome 1 [loss of outcome 1]: +6 c1 +6 c2 +3 b4 +0.5 a2 -1 d0 -1 e1 <= 0
        outcome 2 [loss of outcome 2]: +2.66667 b3 +0.5 a2 -1 d0 -1 e2 <= 0
        at most 0 [hub stock of A at H1]: +1 a0 <= 4
        at most 1 [hub stock of A at H2]: +1 a2 <= 2
        at most 2 [hub stock of B at H1]: +3 a1 <= 7
        at most 3 [stock of A in R1]: +1 a3 +1 a4 <= 1
        at most 4 [storage of R1]: +1 a0 +6 a1 +1 a2 -1 a3 -1 a4 <= 8
        at most 5 [lane H1 -> R1]: +1 a0 +6 a1 <= 6
        at most 6 [freight budget]: +2 a0 +6 a1 +2.5 a2 +1 a3 <= 18
        at most 7 [stock value budget]: +2 a0 +18 a1 +2 a2 +2 a3 <= 40
        at most 8 [push]: +1 a0 +3 a1 +1 a2 <= 5
        at least 8 [push]: +1 a0 +3 a1 +1 a2 >= 2
        risk budget 0 [risk budget]: +1 d0 +0.666667 e0 +0.666667 e1 +0.666667 e2 <= 8
        """,
    )
    free, wide = (0, None, "Continuous"), (None, None, "Continuous")
    assert ranges(model.variables) == (
        {f"a{move}": free for move in range(5)}
        | {f"b{tier}": (0, 3.0 if tier == 3 else 1.0, "Continuous") for tier in range(5)}
        | {f"c{unit}": (0, 1, "Continuous") for unit in range(3)}
        | {"d0": wide} | {f"e{each}": free for each in range(3)}
    )  # fmt: skip
    assert next(iter(model.rows)) == "r00000000"
    assert model.nonzeros == 7 + 2 + 2 + 5 + 8 + 6 + 4 + 3 + 2 + 5 + 2 + 4 + 4 + 3 + 3 + 4


def test_whole_steps_are_bounded_by_what_lies_at_the_origin():
    """A: of 4 at H1 the cell has 3 units to take; B: one pack of 7; a line of two needs a binary.

    B's pack carries the minimum of two by itself.
    """
    model = model_of(one_of_each(), integer=True, plan=PlanParams(minimum_line_quantity=2))
    most = {"a0": 3, "a1": 1, "a2": 2, "a3": 1, "a4": 1}
    assert ranges(model.moves) == {name: (0, high, "Integer") for name, high in most.items()}
    assert {each.cat for each in model.kept} == {"Continuous"}
    assert_reads(
        on_paper(model, "line")[1:],
        """
        line 0 [minimum line quantity]: +1 a0 -2 g0 >= 0
        line 0 [minimum line quantity]: +1 a0 -3 g0 <= 0
        line 2 [minimum line quantity]: +1 a2 -2 g2 >= 0
        line 2 [minimum line quantity]: +1 a2 -2 g2 <= 0
        """,
    )
    assert model.nonzeros == 7 + 2 + 2 + 3 + 2 + 5 + 2 + 4 + 4 + 3 + 3 + 4 * 2
    assert ranges(binaries(model, "g")) == {"g0": (0, 1, "Integer"), "g2": (0, 1, "Integer")}
    assert most_of_each_move(one_of_each().problem()).tolist() == [3, 5 - 2, 2, 1, 1]


def test_moves_that_are_decided_keep_their_steps():
    """NaN leaves a move free, a number fixes it from both sides."""
    fixed = np.array([2.0, np.nan, 0.0, np.nan, 1.0])
    for integer, high in ((False, None), (True, 1)):
        model = model_of(one_of_each(), fixed=fixed, integer=integer)
        kind = "Integer" if integer else "Continuous"
        assert ranges(model.moves) == {
            "a0": (2, 2, kind), "a1": (0, high, kind), "a2": (0, 0, kind),
            "a3": (0, high, kind), "a4": (1, 1, kind),
        }  # fmt: skip


def test_soft_limits_have_a_slack_and_the_objective_is_their_sum():
    """Storage and budgets may be exceeded, the lock's minimum missed and its maximum not."""
    kinds = ("storage", "budget", MINIMUMS)
    model = model_of(one_of_each(), soft=Soft({kinds: np.inf}, kinds))
    assert_reads(
        on_paper(model, AT_MOST, AT_LEAST),
        """
        minimise +1 f0 +1 f1 +1 f2 +1 f3
        at most 0 [hub stock of A at H1]: +1 a0 <= 4
        at most 1 [hub stock of A at H2]: +1 a2 <= 2
        at most 2 [hub stock of B at H1]: +3 a1 <= 7
        at most 3 [stock of A in R1]: +1 a3 +1 a4 <= 1
        at most 4 [storage of R1]: +1 a0 +6 a1 +1 a2 -1 a3 -1 a4 -1 f0 <= 8
        at most 5 [lane H1 -> R1]: +1 a0 +6 a1 <= 6
        at most 6 [freight budget]: +2 a0 +6 a1 +2.5 a2 +1 a3 -1 f1 <= 18
        at most 7 [stock value budget]: +2 a0 +18 a1 +2 a2 +2 a3 -1 f2 <= 40
        at most 8 [push]: +1 a0 +3 a1 +1 a2 <= 5
        at least 8 [push]: +1 a0 +3 a1 +1 a2 +1 f3 >= 2
        """,
    )
    assert model.slack_of == [("storage", 4), ("budget", 6), ("budget", 7), (MINIMUMS, 8)]
    assert ranges(model.slacks) == {f"f{each}": (0, None, "Continuous") for each in range(4)}
    assert len(model.variables) == 5 + 5 + 4


def test_a_minimum_that_no_move_can_fill_is_told_by_its_slack():
    """The lock that asks for what cannot come has no row of its own; with a slack it has one."""
    draft = one_of_each()
    draft.lock("nobody", lambda a, o, d, i: False, at_least=3)
    hard, soft = model_of(draft), model_of(draft, soft=Soft({(MINIMUMS,): np.inf}, (MINIMUMS,)))
    assert len(on_paper(hard, AT_LEAST)) == 2
    assert on_paper(soft, AT_LEAST)[-1] == "at least 9 [nobody]: +1 f1 >= 3"


def test_both_sides_of_a_lock_are_missed_each_by_its_own_slack():
    """Where maximums and minimums are soft, what a minimum lacks does not raise the maximum."""
    model = model_of(one_of_each(), soft=Soft({("lock",): np.inf, (MINIMUMS,): np.inf}, ("lock",)))
    assert model.slack_of == [("lock", 8), (MINIMUMS, 8)]
    lines = on_paper(model, AT_MOST, AT_LEAST)
    assert lines[0] == "minimise +1 f0"
    assert lines[-2:] == [
        "at most 8 [push]: +1 a0 +3 a1 +1 a2 -1 f0 <= 5",
        "at least 8 [push]: +1 a0 +3 a1 +1 a2 +1 f1 >= 2",
    ]


def test_what_is_missed_in_all_may_be_limited_and_the_cost_minimised():
    """Sums of shortfalls have rows, those of budgets in scaled money, here twice as much."""
    soft = Soft({(MINIMUMS,): 1.0, ("budget",): 4.0, ("storage",): np.inf})
    model = model_of(one_of_each(), soft=soft)
    assert on_paper(model, "shortfall")[1:] == [
        "shortfall 0 [minimums]: +1 f3 <= 1",
        "shortfall 0 [budget]: +1 f1 +1 f2 <= 8",
    ]
    plain = model_of(one_of_each())
    assert on_paper(model, "shortfall")[0] == on_paper(plain, "shortfall")[0]


def test_the_risk_budget_is_missed_by_a_slack_of_its_own():
    """It stands in the row of the budget; without a budget there is nothing to miss."""
    soft = Soft({(RISK,): np.inf}, (RISK,))
    model = model_of(one_of_each(), budget=3.0, soft=soft)
    lines = on_paper(model, RISK)
    assert lines[0] == "minimise +1 f0"
    assert lines[1].endswith("+0.666667 e2 -1 f0 <= 6")
    assert model_of(one_of_each(), soft=soft).slack_of == []


def late_problem() -> ShippingProblem:
    """One cell with a unit on hand and two ways in, at once or, cheaper, on day 3.

    The lane of day 3 charges 1 a unit; on that day the first arrival loses 1.5, the next two 1
    and the last 5: with the charge added back they are worth 9.5, 8, 8 and 2.
    """
    draft = Draft()
    draft.stock = {("H1", "A"): 2, ("H2", "A"): 9}
    draft.cell("R1", "A", [10, 8, 8, 6], on_hand=[20])
    draft.ship("H1", "R1", "A", 2.0)
    draft.ship("H2", "R1", "A", 1.0, lateness=1.0, lead=3)
    draft.move("markdown", "R1", "", "A", 1.0)
    value = np.array([8.5, 7.0, 7.0, 1.0])
    late = LateUnits(np.arange(1, 5), np.full(4, 3), value, *np.zeros((3, 4)))
    return replace(draft.problem(), late=late)


@pytest.mark.parametrize("integer", [False, True])
def test_units_are_counted_by_day_where_days_differ(integer: bool):
    """Tiers of 2, 2 and 1 units (14.75, 8 and 2 on day 3), worth .25, 0 and 4 more at once.

    The last is worth more than the one before it: no rank is skipped then. In whole units a
    tier of two is there or not.
    """
    problem = late_problem()
    tiers, limits = tiers_of(problem, 3), limits_of(problem)
    risk = risk_of(problem, RiskParams())
    model = build(problem, limits, tiers, PlanParams(), risk=risk, integer=integer)
    expected = """
        minimise +100 a0 +100 a1 +50 a2 -737.5 b0 -400 b1 -100 b2 -12.5 bb0 +0 bb1 -200 bb2
        order 0 [a unit there by a day stays]: +1 bb0 -1 b0 <= 0
        order 0 [units come in order of rank]: +0.5 bb1 -0.5 bb0 <= 0
        order 0 [a unit there by a day stays]: +1 bb1 -1 b1 <= 0
        order 0 [units come in order of rank]: +1 bb2 -0.5 bb1 <= 0
        order 0 [a unit there by a day stays]: +1 bb2 -1 b2 <= 0
        balance by day 0 [A in R1]: +1 a0 -1 a2 -1 bb0 -1 bb1 -1 bb2 = -1
        balance 0 [A in R1]: +1 a0 +1 a1 -1 a2 -1 b0 -1 b1 -1 b2 = -1
    """
    lines = on_paper(model, "order", "balance", "balance by day")
    whole = [line for line in lines if "a step is there or not" in line]
    assert_reads([line for line in lines if line not in whole], expected)
    about = ranges([*model.kept, *model.early])
    kind = "Integer" if integer else "Continuous"
    width = {"b0": 2, "b1": 2, "b2": 1, "bb0": 2, "bb1": 2, "bb2": 1}
    assert about == {name: (0, high, kind) for name, high in width.items()}
    assert [line.split(": ")[1] for line in whole] == integer * [
        "+1 bb0 -2 h0.0 = 0", "+1 bb1 -2 h0.1 = 0", "+1 b0 -2 h1.0 = 0", "+1 b1 -2 h1.1 = 0",
    ]  # fmt: skip
    assert set(ranges(binaries(model, "h")).values()) == ({(0, 1, "Integer")} if integer else set())
    assert model.nonzeros == 5 * 2 + integer * 4 * 2 + 5 + 6 + 1 + 1 + 1


def test_dearer_freight_is_that_of_a_whole_pack():
    """A pack of three on a lane that is .25 dearer loses .75 in every outcome, here times 250."""
    draft = Draft()
    draft.item("B", pack=3)
    draft.stock = {("H1", "B"): 3, ("H2", "B"): 3}
    draft.cell("R1", "B", [4, 4, 4], need=[3])
    draft.ship("H1", "R1", "B", 1.0)
    draft.ship("H2", "R1", "B", 1.25)
    lines = on_paper(model_of(draft, budget=1.0), "outcome")
    assert lines[1:] == ["outcome 0 [loss of outcome 0]: +187.5 a1 -1 d0 -1 e0 <= 0"]


def test_only_the_outcomes_named_are_written():
    """Every outcome has its variable; the row of the third alone is there."""
    problem = one_of_each().problem()
    model, tiers = blank(problem, 2.0), tiers_of(problem, None)
    quantities(model, problem, integer=False, fixed=None)
    units_by_day(model, problem, tiers)
    risk = risk_of(problem, RiskParams(level=0.5, budget=1.0))
    worst_outcomes(model, problem, tiers, risk, only=np.array([2]))
    assert [row for row in model.rows.values() if row[0] == "outcome"] == [("outcome", 2)]
    assert len(model.outcomes) == 4


def test_a_row_without_moves_is_kept_for_columns_to_come():
    """A variable fixed at nought stands in it; without that variable the row is left out."""
    draft = one_of_each()
    draft.lock("later", lambda a, o, d, i: False, at_most=3)
    assert "later" not in model_of(draft).words.values()
    problem = draft.problem()
    model, tiers = blank(problem, 2.0), tiers_of(problem, None)
    quantities(model, problem, integer=False, fixed=None)
    units_by_day(model, problem, tiers)
    model.nothing = model.program.add_variable("Z00000000", 0, 0)
    hold_limits(model, limits_of(problem))
    least_cost(model, problem, tiers)
    lines = on_paper(model, AT_MOST)
    assert lines[0].endswith("+1 Z0")
    assert lines[-1] == "at most 9 [later]: +1 Z0 <= 3"


def test_every_family_of_limits_has_its_rows():
    """Balance, stock, storage, lanes, locks from both sides, outcomes and budget are all there.

    Families of departures, days and own limits have rows only where these are stated.
    """
    limits = limits_of(everything().problem())
    model = model_of(everything(), budget=3.0)
    kinds = [kind for kind, _ in model.rows.values()]
    assert set(kinds) == {"balance", AT_MOST, AT_LEAST, "outcome", "risk budget", "staged"}
    assert kinds.count("balance") == 6
    assert kinds.count("outcome") == 2
    upper = [limits.family[index] for kind, index in model.rows.values() if kind == AT_MOST]
    stated = {each.name for each in FAMILIES} - {"vehicle", "picking", "receiving", "own limit"}
    assert set(upper) == stated and upper.count("hub stock") == 3
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
