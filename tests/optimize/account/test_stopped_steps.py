"""What stops or keeps one step of a move, in a planner's words."""

from __future__ import annotations

import pytest

from foreship_optimize.account.stopped_steps import what_keeps, what_stops
from foreship_optimize.params import OptimizeParams, PlanParams
from tests.optimize.program_builder import Draft
from tests.optimize.working_plans import working_plan_of

VALUES = [9.0, 8.0, 7.0, 6.0]


def one_lane(
    *, pack: int = 1, line: int = 1, storage: float = 99.0, lane: float = 99.0, values=VALUES
):
    """One lane at 1.00 into an empty cell, and its sizes and limits."""
    draft = Draft()
    draft.item("A", pack=pack)
    draft.stock = {("H1", "A"): 9}
    draft.cell("R1", "A", list(values))
    draft.ship("H1", "R1", "A", 1.0)
    draft.storage, draft.lanes = {"R1": storage}, {("H1", "R1"): lane}
    params = OptimizeParams(plan=PlanParams(minimum_line_quantity=line))
    working, instance = working_plan_of(draft, params)
    return working, instance.limits


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({}, ["gap of the solver"]),
        ({"storage": 0.5}, ["storage of R1"]),
        ({"storage": 0.5, "lane": 0.5}, ["storage of R1", "lane H1 -> R1"]),
        ({"storage": 1.5, "pack": 2}, ["pack size over storage of R1"]),
        (
            {"storage": 1.5, "lane": 1.5, "pack": 2},
            ["pack size over storage of R1 and lane H1 -> R1"],
        ),
        ({"pack": 2, "values": [9.0, -20.0]}, ["pack size"]),
        ({"line": 2, "values": [9.0, -20.0]}, ["minimum line quantity"]),
        ({"line": 3, "lane": 2.5}, ["minimum line quantity over lane H1 -> R1"]),
        ({"pack": 2, "line": 3, "lane": 3.5}, ["pack size over lane H1 -> R1"]),
        (
            {"pack": 3, "line": 2, "values": [9.0, -20.0, -20.0]},
            ["pack size", "minimum line quantity"],
        ),
        ({"storage": 0.5, "pack": 2, "values": [9.0, -20.0]}, ["storage of R1", "pack size"]),
    ],
)
def test_each_size_and_limit_that_stops_the_unit_is_named(case: dict, words: list[str]):
    """A limit that the unit breaks; a size that does not pay, or breaks one that it would not."""
    working, limits = one_lane(**case)
    assert what_stops(working, limits, 0) == words


def test_a_started_line_grows_by_packs_alone():
    """The minimum is met by the units there: it no longer stops the next one."""
    working, limits = one_lane(line=3, values=[9.0, 9.0, 9.0, 9.0, -50.0])
    working.take(0, 3)
    assert what_stops(working, limits, 0) == ["gap of the solver"]


@pytest.mark.parametrize(
    ("case", "sent", "words"),
    [
        ({"pack": 2, "values": [9.0, -2.0]}, 2, ["pack size"]),
        ({"line": 2, "values": [9.0, -2.0]}, 2, ["minimum line quantity"]),
        ({"values": [9.0, -2.0]}, 2, ["gap of the solver"]),
    ],
)
def test_the_size_that_keeps_a_unit_is_named(case: dict, sent: int, words: list[str]):
    """The second unit loses 3, and the first earns 8: both go or none."""
    working, limits = one_lane(**case)
    working.take(0, sent)
    assert what_keeps(working, limits, 0) == words
