"""Benchmarks of vehicles, late lanes and known peaks measure what they say."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.money.late import coverage
from benchmarks.money.pre_build import (
    Case,
    by_linear_program,
    draw_case,
    issue_case,
    most_served,
    profit_of,
)
from benchmarks.program.instances import draw
from benchmarks.program.vehicles import with_departures


def test_the_program_that_knows_the_law_serves_all_that_the_lane_can_bring() -> None:
    """The peak of the case behind a lane of six: 34 wanted, 34 can be there in time."""
    case = issue_case()
    bought = case.drawn([0, 0])
    assert most_served(case, bought) == 34
    played = profit_of(case, bought, by_linear_program)
    # eight a unit sold, one of freight, .1 a unit and week of what waits
    assert (played.served, played.profit) == (
        34,
        pytest.approx(34 * 7 - 0.1 * (1 + 4 + 7 + 10 + 14)),
    )


def test_no_more_is_served_than_comes_in_time() -> None:
    """Nine wanted in the first week of a lane of six: three are lost, and room later saves none."""
    case = Case(np.array([[[9.0, 1.0]]]), np.array([6.0]), certain=True)
    assert most_served(case, case.drawn([0])) == 7


def test_cases_have_a_peak_that_lanes_cannot_bring_at_once() -> None:
    """In most of the drawn ones the week of the peak wants more than its lane carries."""
    cases = [draw_case(seed) for seed in range(1, 30)]
    scarce = [(case.mean.sum(axis=1) > case.room[:, None]).any() for case in cases]
    assert sum(scarce) > 15


def test_plans_tell_the_days_on_which_nine_in_ten_arrivals_truly_fall() -> None:
    """By the judge's draws of 4,000 Mondays, every lead time."""
    assert list(coverage(4000).values()) == pytest.approx([0.9] * 8, abs=0.03)


def test_later_departures_share_their_rows_room_and_bring_what_is_worth_less() -> None:
    """Of each of 250 lanes three; a later unit is worth no more, and loses at most its charge."""
    problem = with_departures(draw(40, 1, scenarios=0).problem, 1)
    assert len(problem.lane_origin) == 750
    assert np.unique(problem.departures.group).tolist() == list(range(0, 750, 3))
    worth = problem.units.value[problem.late.unit]
    assert (problem.late.value <= worth + 1e-9).all()
    assert set(problem.late.day.tolist()) == {2, 4}
    assert (problem.moves.lateness[problem.moves.lead_days == 0] == 0).all()
    assert (problem.moves.lateness >= 0).all()
