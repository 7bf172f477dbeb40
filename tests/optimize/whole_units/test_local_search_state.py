"""What the local search knows of steps and of the plan that it starts from, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from tests.optimize.program_builder import Draft
from tests.optimize.searched_plans import Searched, searched
from tests.optimize.wild_prices import full_task


def start(quantity: list[int], *, pack: int = 1, line: int = 1, budget: float | None = None):
    """R1 holds one and takes two worth 9 and 7, R2 one worth 8; lanes at 1 and 2 from one hub."""
    draft = Draft()
    draft.item("A", volume=2.0, pack=pack)
    draft.stock = {("H1", "A"): 7}
    draft.cell("R1", "A", [9.0, 7.0], on_hand=[10.0], need=[1, 0, 5], loss=1.0)
    draft.cell("R2", "A", [8.0], need=[0, 0, 0], loss=3.0)
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R2", "A", 2.0)
    draft.lanes = {("H1", "R1"): 9.0}
    params = OptimizeParams(
        risk=RiskParams(level=0.5, budget=budget), plan=PlanParams(minimum_line_quantity=line)
    )
    return searched(full_task(draft, params), quantity)


def units_of(found: Searched) -> list[int]:
    """Units of the ways into R1 and R2."""
    return found.state.quantity.tolist()


def test_arrivals_follow_what_lies_there():
    """R1's unit on hand is no arrival: 9 and 7 are, then R2's 8; scaled by the problem's money."""
    found = start([2, 1])
    money = found.pricing.money
    assert found.steps.cell_first.tolist() == [0, 2, 3]
    assert (found.steps.value / money).tolist() == pytest.approx([9.0, 7.0, 8.0])
    assert (found.steps.cost / money).tolist() == pytest.approx([1.0, 2.0])


def test_a_plan_uses_stock_and_lane():
    """Three of seven are sent; two units of volume 2 are on the lane, whose limit is 9."""
    found = start([2, 1])
    assert units_of(found) == [2, 1] == found.state.there.tolist()
    assert found.state.left.tolist() == [4]
    assert found.state.used.tolist() == [4.0]
    assert found.steps.most[0] == pytest.approx(9.0)
    assert found.steps.row[found.steps.first[0] : found.steps.first[1]].tolist() == [0]
    assert np.diff(found.steps.first).tolist() == [1, 0]  # R2's lane has no limit
    assert found.steps.use.tolist() == [2.0]


@pytest.mark.parametrize(
    ("pack", "line", "plan", "kept"),
    [
        (2, 1, [3, 1], [2, 0]),  # cut to whole packs
        (2, 3, [5, 3], [4, 0]),  # a line of three is two packs; one pack is no line
        (1, 3, [3, 2], [3, 0]),
    ],
)
def test_packs_are_cut_and_short_lines_left_out(pack, line, plan, kept):
    """What is left counts what the plan then still draws."""
    found = start(plan, pack=pack, line=line)
    assert units_of(found) == kept
    assert found.state.left.tolist() == [7 - sum(kept)]
    assert found.steps.least.tolist() == [-(-line // pack) * pack] * 2


def test_losses_and_the_worst_outcomes_in_scaled_money():
    """Two to R1, one to R2: of three outcomes 1 + 3, 2 + 3 and 0 + 3 are lost.

    The dearer lane is R2's only one, so no freight is lost. The worst half of three outcomes is one
    and a half of them, whose sum may be 1.5 times the budget.
    """
    found = start([2, 1], budget=4.0)
    money = found.pricing.money
    assert (found.state.loss / money).tolist() == pytest.approx([4.0, 5.0, 3.0])
    assert (found.steps.worst, found.steps.rest) == (1, pytest.approx(0.5))
    assert found.steps.budget / money == pytest.approx(6.0)
    assert start([2, 1]).steps.budget == np.inf
