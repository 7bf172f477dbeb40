"""The solver's door: words, refusals, and no belief in what it says."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import highspy
import numpy as np
import pandas as pd
import pulp
import pytest

from foreship_optimize.errors import NoUsablePlan, SolverRefused
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.planning import solve
from foreship_optimize.program import solver
from foreship_optimize.program.formulation import linear
from tests.optimize.program_builder import two_hubs_three_regions
from tests.optimize.program_oracle import best_by_enumeration, draw

MONDAY = pd.Timestamp("2026-11-16")


def program(rows, *, integer: bool = False) -> tuple[pulp.LpProblem, list]:
    """Minimise 3 a + 2 b over `rows` of (coefficients, sense, right-hand side)."""
    problem = pulp.LpProblem("toy", pulp.LpMinimize)
    kind = pulp.LpInteger if integer else pulp.LpContinuous
    variables = [problem.add_variable(f"a{place}", 0, 10, kind) for place in range(2)]
    problem.setObjective(linear(list(zip(variables, (3.0, 2.0), strict=True))))
    for place, (terms, sense, side) in enumerate(rows):
        left = linear(list(zip(variables, terms, strict=True)))
        problem.addConstraint(left >= side if sense == ">=" else left <= side, f"r{place}")
    return problem, variables


def test_an_optimum_is_read_with_values_and_duals():
    """Min 3a + 2b with a + b >= 4, b <= 1 is 11 at (3, 1); duals are +3 and -1."""
    outcome = solver.run(*program([((1, 1), ">=", 4), ((0, 1), "<=", 1)]), time_limit=math.inf)
    assert outcome.termination == "optimal" and outcome.has_solution
    assert outcome.objective == outcome.bound == pytest.approx(11.0)
    assert outcome.columns.tolist() == pytest.approx([3.0, 1.0])
    assert outcome.duals.tolist() == pytest.approx([3.0, -1.0])


@pytest.mark.parametrize("threads", [1, 2, 1])
def test_one_process_may_solve_with_few_threads_and_then_with_more(threads: int):
    """HiGHS keeps the threads of its first solve, and would refuse the second one."""
    asked = program([((1, 1), ">=", 4), ((0, 1), "<=", 1)])
    outcome = solver.run(*asked, time_limit=math.inf, threads=threads)
    assert outcome.objective == pytest.approx(11.0)


def test_whole_numbers_give_a_bound_and_no_duals():
    """Duals after a whole-number solve are worth nothing and are not given."""
    outcome = solver.run(*program([((2, 2), ">=", 5)], integer=True), time_limit=math.inf)
    assert outcome.objective == pytest.approx(6.0)
    assert outcome.bound == pytest.approx(6.0)
    assert outcome.duals is None


def test_an_infeasible_program_has_no_values():
    """Values left behind by an infeasible solve are not read."""
    outcome = solver.run(*program([((1, 1), ">=", 40)]), time_limit=math.inf)
    assert outcome.termination == "infeasible" and not outcome.has_solution
    assert np.isnan(outcome.columns).all()
    assert outcome.objective is None and outcome.duals is None


def test_a_node_limit_is_a_word_and_no_error():
    """PuLP 3.3 has no word for HiGHS' node limit and raises; the point found is still read."""
    rng = np.random.default_rng(0)
    problem = pulp.LpProblem("knapsack", pulp.LpMinimize)
    picks = [problem.add_variable(f"a{each:03d}", 0, 1, pulp.LpInteger) for each in range(60)]
    worth, weights = rng.uniform(1, 2, 60), rng.uniform(1, 2, (5, 60))
    problem.setObjective(linear(list(zip(picks, (-worth).tolist(), strict=True))))
    for row, weight in enumerate(weights):
        terms = list(zip(picks, weight.tolist(), strict=True))
        problem.addConstraint(linear(terms) <= 20.0, f"r{row}")
    outcome = solver.run(problem, picks, time_limit=math.inf, mip_max_nodes=1, mip_rel_gap=0.0)
    assert outcome.termination == "node limit" and outcome.has_solution
    assert outcome.bound <= outcome.objective
    assert (weights @ outcome.columns <= 20.0 + 1e-6).all()


def test_unknown_options_are_refused():
    """PuLP swallows options HiGHS does not know; we do not."""
    with pytest.raises(ValueError, match="mip_rel_gapp"):
        solver.run(*program([]), time_limit=math.inf, mip_rel_gapp=0.1)


def test_a_maximum_is_refused():
    """Duals of a maximum change sign between versions of PuLP."""
    problem, variables = program([((1, 1), ">=", 4)])
    problem.sense = pulp.LpMaximize
    with pytest.raises(ValueError, match="minimised only"):
        solver.run(problem, variables, time_limit=math.inf)


def test_a_blocked_version_is_refused(monkeypatch: pytest.MonkeyPatch):
    """A HiGHS that is known to return wrong answers is never asked."""
    assert "1.14.0" in solver.BLOCKED
    monkeypatch.setattr(solver, "_version", lambda: "1.14.0")
    with pytest.raises(SolverRefused, match=r"1\.14\.0"):
        solve(two_hubs_three_regions().problem(), as_of=MONDAY)


def test_nothing_is_written_to_stdout(capfd: pytest.CaptureFixture[str]):
    """Standard output carries data only, also past `sys.stdout`."""
    solver._version.cache_clear()
    solve(two_hubs_three_regions().problem(), as_of=MONDAY)
    assert capfd.readouterr().out == ""


def _spoil_values(change):
    def spoil(outcome):
        return replace(outcome, columns=change(outcome.columns.copy()))

    return spoil


LIES = {
    "not a number": _spoil_values(lambda x: x * np.nan),
    "negative": _spoil_values(lambda x: x - 5.0),
    "huge": _spoil_values(lambda x: x + 1e9),
    "twice as much": _spoil_values(lambda x: x * 2.0),
    "too few": _spoil_values(lambda x: x[:-1]),
    "units from nowhere": _spoil_values(lambda x: np.where(np.arange(len(x)) < 8, 0.0, x)),
    "infeasible": lambda outcome: replace(outcome, termination="infeasible", has_solution=False),
    "no time": lambda outcome: replace(outcome, termination="time limit", has_solution=False),
}


@pytest.mark.parametrize("lie", sorted(LIES))
def test_a_solver_that_lies_is_refused(lie: str, monkeypatch: pytest.MonkeyPatch):
    """A point that breaks a limit, whatever its status, is never rounded into a plan."""
    honest = solver.run
    monkeypatch.setattr(solver, "run", lambda *a, **k: LIES[lie](honest(*a, **k)))
    with pytest.raises(NoUsablePlan):
        solve(two_hubs_three_regions().problem(), as_of=MONDAY)


HARMLESS = {
    "nothing sent, called optimal": _spoil_values(lambda x: x * 0.0),
    "no duals": lambda outcome: replace(outcome, duals=None),
    "duals of the wrong sign": lambda outcome: replace(
        outcome, duals=None if outcome.duals is None else -outcome.duals
    ),
    "wild duals": lambda outcome: replace(
        outcome, duals=None if outcome.duals is None else outcome.duals * 1e3 + 7.0
    ),
    "boasted objective": lambda outcome: replace(outcome, objective=-1e12),
    "boasted bound": lambda outcome: replace(outcome, bound=1e12),
}


@pytest.mark.parametrize("lie", sorted(HARMLESS))
@pytest.mark.parametrize("units", [0, 2000])
def test_lies_about_quality_cost_only_quality(
    lie: str, units: int, monkeypatch: pytest.MonkeyPatch
):
    """Feasible points with false prices, objectives or bounds leave plan and bound true."""
    honest = solver.run
    for seed in (2, 3, 5, 7, 11, 13):
        draft, params = draw(seed)
        problem = draft.problem()
        best = best_by_enumeration(problem, params)
        if best is None or not draft.moves:
            continue
        monkeypatch.setattr(solver, "run", lambda *a, **k: LIES_OR(lie, honest(*a, **k)))
        asked = replace(params, plan=replace(params.plan, integer_program_units=units))
        try:
            summary = solve(problem, asked, as_of=MONDAY).summary
        except NoUsablePlan:
            continue
        finally:
            monkeypatch.setattr(solver, "run", honest)
        assert summary["objective"] >= best - 1e-6
        assert summary["bound"] <= best + 1e-6


def LIES_OR(lie: str, outcome: solver.Outcome) -> solver.Outcome:  # noqa: N802
    return HARMLESS[lie](outcome)


def test_the_seed_and_the_threads_reach_the_solver(
    time_limit: None, monkeypatch: pytest.MonkeyPatch
):
    """Settings of the plan are those of the solve."""
    seen = {}
    honest = solver.run

    def watched(*args, **kwargs):
        seen.update(kwargs)
        return honest(*args, **kwargs)

    monkeypatch.setattr(solver, "run", watched)
    params = OptimizeParams(plan=PlanParams(seed=5, threads=1, time_limit_seconds=9.0))
    solve(two_hubs_three_regions().problem(), params, as_of=MONDAY)
    assert seen["seed"] == 5 and seen["threads"] == 1 and seen["time_limit"] == 9.0


def test_a_growing_program_that_comes_to_no_end_is_solved_anew(monkeypatch):
    """Where HiGHS says `unknown` from the last basis, the answer is that of a fresh solve."""
    small, _ = program([((1, 1), ">=", 4), ((0, 1), "<=", 1)])
    incremental = solver.IncrementalProgram(small, time_limit=math.inf)
    kept = solver.WORDS
    monkeypatch.setattr(solver, "WORDS", {})  # no status is known: every solve is done twice
    runs = []
    anew = incremental._run_anew
    monkeypatch.setattr(incremental, "_run_anew", lambda: (runs.append(1), anew()))
    outcome = incremental.solve(math.inf)
    monkeypatch.setattr(solver, "WORDS", kept)
    assert runs == [1]
    assert outcome.objective == pytest.approx(11.0) and outcome.duals is not None


def test_no_more_threads_are_asked_for_than_the_machine_has(monkeypatch: pytest.MonkeyPatch):
    """The highest setting is 256: HiGHS is given what there is, and solves."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert solver._start_threads(256) == 2
    assert solver._start_threads(1) == 1


def solved_with(threads: int) -> float | None:
    """Solve a small program, whose optimum is 11."""
    asked = program([((1, 1), ">=", 4), ((0, 1), "<=", 1)])
    return solver.run(*asked, time_limit=math.inf, threads=threads).objective


def solved_by_arrays(threads: int) -> float | None:
    """Solve the same program as arrays."""
    place = np.array([0, 0, 1]), np.array([0, 1, 1])
    rows = solver.Rows(*place, np.ones(3), np.array([4.0, -np.inf]), np.array([np.inf, 1.0]))
    cost, most = np.array([3.0, 2.0]), np.full(2, np.inf)
    return solver.run_arrays(cost, most, rows, iterations=99, threads=threads).objective


@pytest.mark.parametrize("solve", [solved_with, solved_by_arrays])
def test_a_solve_in_another_thread_with_other_threads_harms_none(solve: Callable[[int], float]):
    """HiGHS keeps threads apart for each thread of Python: a server and a notebook have several."""
    with ThreadPoolExecutor(1) as other:
        found = [solve(2), other.submit(solve, 1).result(), solve(1)]
        found += [other.submit(solve, 2).result(), solve(2)]
    assert found == pytest.approx([11.0] * 5)


@pytest.mark.parametrize("solve", [solved_with, solved_by_arrays])
def test_threads_that_somebody_else_left_to_highs_harm_none(solve: Callable[[int], float]):
    """A notebook that solves by HiGHS itself, with threads of its own, before and between."""
    for ours, theirs in ((1, 2), (2, 1), (1, 2)):
        assert solve(ours) == pytest.approx(11.0)
        highspy.Highs.resetGlobalScheduler(True)
        own = highspy.Highs()
        own.setOptionValue("output_flag", False)
        own.setOptionValue("threads", theirs)
        own.addVar(1.0, 5.0)
        own.run()
        assert own.getModelStatus() == highspy.HighsModelStatus.kOptimal
        assert solve(ours) == pytest.approx(11.0)
