"""The program written down again for a plan is the one that the plan was found with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from foreship_optimize import planning
from foreship_optimize.errors import OptimizeError
from foreship_optimize.planning import make_plan
from foreship_optimize.single_program import program_behind
from tests.optimize.read_by_highs import optimum_of
from tests.optimize.table_builder import MONDAY, draw_tables


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(6))
def test_the_file_has_the_optimum_of_the_plan(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From tables, with limits and locks, relaxed where they cannot all hold, to a millionth."""
    tables, demand, params = draw_tables(seed)
    solved, solve = [], planning.solve_or_relax

    def watched(*given: Any, **more: Any) -> Any:
        solved.append(solve(*given, **more))
        return solved[-1]

    monkeypatch.setattr(planning, "solve_or_relax", watched)
    plan = make_plan(tables, demand, MONDAY, params, obsolescence=0.1)
    relaxed = bool(plan.summary["relaxed"])
    program = program_behind(tables, demand, MONDAY, params, obsolescence=0.1, relaxed=relaxed)
    found = optimum_of(program.to_file(tmp_path / "plan.mps"))
    assert found == pytest.approx(solved[-1].continuous.objective, rel=1e-6, abs=1e-6)


def test_where_items_are_priced_there_is_no_program() -> None:
    """The setting that says so is named."""
    tables, demand, params = draw_tables(0)
    params = replace(params, plan=replace(params.plan, decomposition_items=1))
    with pytest.raises(OptimizeError, match="decomposition_items"):
        program_behind(tables, demand, MONDAY, params, obsolescence=0.1)
