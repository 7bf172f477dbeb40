"""A program written to a file is the one that is solved, under names a person can read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foreship_optimize.errors import OptimizeError
from foreship_optimize.limits import in_whole_steps, limits_of, packs_of
from foreship_optimize.params import OptimizeParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.named import named_program
from foreship_optimize.program.presolve import reduce
from foreship_optimize.risk import risk_of
from tests.optimize.program_builder import two_hubs_three_regions
from tests.optimize.program_oracle import draw
from tests.optimize.read_by_highs import optimum_of


def presolved(problem: ShippingProblem, params: OptimizeParams) -> Instance:
    """Return the instance that a plan of the problem is made from."""
    reduced = reduce(problem, params.plan)
    limits = in_whole_steps(limits_of(reduced.problem), packs_of(reduced.problem))
    risk = risk_of(problem, params.risk).of(reduced.moves)
    return Instance(reduced.problem, limits, params, risk)


@pytest.mark.parametrize("suffix", ["lp", "mps"])
def test_a_file_has_the_optimum_found_by_hand(suffix: str, tmp_path: Path) -> None:
    """40 is gained by the best plan of the small network; HiGHS reads it out of the file."""
    program = named_program(presolved(two_hubs_three_regions().problem(), OptimizeParams()))
    path = program.to_file(tmp_path / f"plan.{suffix}")
    assert optimum_of(path) == pytest.approx(-40.0, abs=1e-6)
    assert "ship_R1_A_from_H1_d" in path.read_text()


@pytest.mark.parametrize("suffix", ["lp", "mps"])
@pytest.mark.parametrize("seed", range(12))
def test_files_have_the_continuous_optimum(seed: int, suffix: str, tmp_path: Path) -> None:
    """Drawn problems with redirects, units on hand, limits and a risk budget, to a millionth."""
    draft, params = draw(seed)
    instance = presolved(draft.problem(), params)
    known = solve_continuous(instance, Clock(1e9)).objective
    path = named_program(instance).to_file(tmp_path / f"plan.{suffix}")
    assert optimum_of(path) == pytest.approx(known, rel=1e-6, abs=1e-6)


def test_names_are_plain_short_and_different(tmp_path: Path) -> None:
    """Whatever ids hold: signs, blanks, a hundred letters, or the same once signs are gone."""
    draft = two_hubs_three_regions()
    odd = {"A": "é+1 / " + "x" * 150, "B": "é-1 / " + "x" * 150}
    problem = draft.problem()
    items = np.array([odd[str(each)] for each in problem.items], dtype=object)
    object.__setattr__(problem, "items", items)
    program = named_program(presolved(problem, OptimizeParams()))
    names = program.names["name"]
    assert names.is_unique
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,99}", each) for each in names)
    assert program.names["meaning"].str.contains("é+1 / ", regex=False).any()
    assert len(repr(program).splitlines()) == 1
    assert optimum_of(program.to_file(tmp_path / "odd.lp")) == pytest.approx(-40.0, abs=1e-6)
    with pytest.raises(OptimizeError, match="is written to a file"):
        program.to_file(tmp_path / "plan.txt")


@pytest.mark.parametrize(("place", "words"), [("nowhere/plan.lp", "cannot write"), (5, "no path")])
def test_a_file_that_cannot_be_written_is_told(place: Any, words: str, tmp_path: Path) -> None:
    """By its name, not by the writer's own error."""
    program = named_program(presolved(two_hubs_three_regions().problem(), OptimizeParams()))
    with pytest.raises(OptimizeError, match=words):
        program.to_file(tmp_path / place if isinstance(place, str) else place)
