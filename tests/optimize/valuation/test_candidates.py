"""Candidates: every unit that some plan could use, and one step more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.params import PlanParams
from foreship_optimize.planning import make_plan
from foreship_optimize.valuation import block_worth
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.small_network import STEADY, day, demand_of, item, lane, tables_of
from tests.optimize.table_builder import MONDAY, draw_tables

FIVE_A_WEEK = demand_of({("R", "I"): [[5, 5]] * 6})


def candidates(tables, demand=FIVE_A_WEEK, params=STEADY) -> dict[str, int]:
    """Units of each region that may arrive."""
    problem = assemble(tables, demand, MONDAY, params)
    units = problem.units
    region = problem.regions[problem.cell_region[units.cell[~units.on_hand]]]
    names, count = np.unique(region.astype(str), return_counts=True)
    return dict(zip(names.tolist(), count.tolist(), strict=True))


def test_with_a_lane_every_week_candidates_end_with_the_window():
    """Five units sell until the next ones come; the sixth is told as the next one."""
    assert candidates(tables_of(lanes=[lane("H", "R", 1.0)])) == {"R": 6}


@pytest.mark.parametrize("weeks", [2, 3, 4])
def test_a_lane_that_rests_makes_the_window_longer(weeks: int):
    """Closed until then, 5 a week are wanted; each earns 5 - 2 less 1 and holding of .1 a week."""
    lanes = [lane("H", "R", 1.0, end=day(0)), lane("H", "R", 1.0, start=day(7 * weeks))]
    plan = make_plan(tables_of(lanes=lanes), FIVE_A_WEEK, MONDAY, STEADY)
    assert plan.lines["quantity"].tolist() == [5 * weeks]
    waits = sum(0.1 * week for week in range(weeks))
    assert -plan.summary["objective"] == pytest.approx(5 * (2 * weeks - waits))
    assert plan.units["p"].tolist() == [1.0] * 5 * weeks + [0.0]


def test_a_lane_that_ends_is_used_for_all_that_will_ever_pay():
    """The last Monday: week n's units earn 5 - 2 - 1 less .1 n, which pays for twenty weeks."""
    tables = tables_of(lanes=[lane("H", "R", 1.0, end=day(0))], stock=[("H", "I", 999)])
    plan = make_plan(tables, FIVE_A_WEEK, MONDAY, STEADY)
    assert 90 <= plan.lines["quantity"].sum() <= 100
    assert plan.summary["bound"] == pytest.approx(plan.summary["objective"])


@pytest.mark.parametrize("second", [(("H", "R", 20.0), {"start": day(7), "end": day(7)}), None])
def test_one_dear_or_closed_monday_buys_a_week_of_demand(second):
    """Next week's units come for 20 or not at all: five for this week, five for next come now."""
    lanes = [lane("H", "R", 1.0, end=day(0)), lane("H", "R", 1.0, start=day(14))]
    lanes += [lane(*second[0], **second[1])] if second else []
    plan = make_plan(tables_of(lanes=lanes), FIVE_A_WEEK, MONDAY, STEADY)
    assert plan.lines["quantity"].tolist() == [10]


def test_a_unit_that_pays_by_redirect_alone_is_a_candidate():
    """No hub reaches S, which sells nothing in its first week, but later and then for ever.

    R never sells: all nine go to S.
    """
    regions = [(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("R", "S")]
    tables = tables_of(
        regions=regions,
        lanes=[lane("R", "S", 0.75), lane("H", "S", 9.0, start=day(70))],
        stock=[("R", "I", 9), ("H", "I", 9)],
        exits=[("redirect", "", "", 0.0, 0.0, np.inf, 0.0)],
    )
    demand = demand_of({("R", "I"): [[0, 0]] * 4, ("S", "I"): [[0, 0], [1, 1], [1, 1], [0, 0]]})
    plan = make_plan(tables, demand, MONDAY, STEADY)
    assert plan.lines[["origin", "destination", "quantity"]].values.tolist() == [["R", "S", 9]]


def test_stock_that_leaves_is_refilled():
    """S is reached from R, for .5: R's one unit goes there, and a new one comes from H for 1."""
    regions = [(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("R", "S")]
    tables = tables_of(
        regions=regions,
        lanes=[lane("H", "R", 1.0), lane("R", "S", 0.5), lane("H", "S", 99.0)],
        stock=[("R", "I", 1), ("H", "I", 9)],
        exits=[("redirect", "", "", 0.0, 0.0, np.inf, 0.0)],
    )
    demand = demand_of({(name, "I"): [[1, 1]] * 4 for name in ("R", "S")})
    plan = make_plan(tables, demand, MONDAY, STEADY)
    moved = plan.lines[["origin", "destination", "quantity"]].values.tolist()
    assert moved == [["H", "R", 1], ["R", "S", 1]]


def test_packs_end_with_the_pack_after_the_last_that_pays():
    """Five a week in packs of four: two packs may pay, and one more is told."""
    tables = tables_of(items=[item(pack=4)], lanes=[lane("H", "R", 1.0)])
    params = replace(STEADY, plan=PlanParams(minimum_line_quantity=1))
    assert candidates(tables, params=params) == {"R": 12}


@pytest.mark.sweep
def test_what_a_round_keeps_is_what_it_would_find_again(monkeypatch: pytest.MonkeyPatch):
    """Other cells ask for more units: a round that values all anew ends with the same bits."""
    value, late, rounds = block_worth.value_candidates, block_worth.value_late_arrivals, []

    def anew(inputs, reach, thresholds, hubs, before):
        rounds.append(before is not None)
        return value(inputs, reach, thresholds, hubs, None)

    for seed in range(6):
        tables, demand, params = draw_tables(seed)
        kept = assemble(tables, demand, MONDAY, params)
        with monkeypatch.context() as patch:
            patch.setattr(block_worth, "value_candidates", anew)
            patch.setattr(block_worth, "value_late_arrivals", lambda *found: late(*found[:-1], {}))
            full = assemble(tables, demand, MONDAY, params)
        for name in ("cell", "rank", "value", "hold_back", "benefit"):
            assert np.array_equal(getattr(kept.units, name), getattr(full.units, name)), (
                seed,
                name,
            )
        assert np.array_equal(kept.late.value, full.late.value), seed
        assert np.array_equal(kept.moves.rent, full.moves.rent), seed
    assert sum(rounds) > 3
