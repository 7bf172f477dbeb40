"""From tables to the problem: what may move, when it arrives, what it meets there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.actions import action_names
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.planning import make_plan
from foreship_optimize.tables import complete
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.small_network import STEADY, day, demand_of, item, lane, tables_of
from tests.optimize.table_builder import MONDAY, draw_tables

SURE = {("R", "I"): [[7]] * 6}
"""Seven a week, surely: a cut on any day is whole."""


def assembled(demand=None, params=STEADY, **rows):
    """Assemble the one cell with some tables replaced."""
    return assemble(tables_of(**rows), demand_of(demand or SURE), day(0), params)


def ways(problem) -> list[tuple[str, int]]:
    """Action and lead of every move."""
    return [(action_names()[action], int(lead)) for action, lead in
            zip(problem.moves.action, problem.moves.lead_days, strict=True)]  # fmt: skip


@pytest.mark.parametrize(
    ("lead", "sure", "arrives"), [(0, 7, 0), (3, 7, 3), (7, 7, 7), (35, 7, 35), (41, 1, 41)]
)
def test_the_window_begins_with_the_arrival(lead: int, sure: int, arrives: int):
    """At once, on a Thursday, in a week, in the last week: seven units are sure from there on.

    On the last day of the horizon only that day's one unit is.
    """
    problem = assembled(lanes=[lane("H", "R", 1.0, lead), lane("R", "H")])
    assert ways(problem) == [("ship", arrives)]
    assert problem.units.probability.tolist()[:sure] == [1.0] * sure
    assert problem.units.probability[sure:].max(initial=0.0) < 1.0


def test_a_lane_beyond_the_horizon_is_named_and_not_used():
    """Six weeks of demand, a lane of six weeks: no move, no unit, one sentence."""
    problem = assembled(lanes=[lane("H", "R", 1.0, 42), lane("R", "H")])
    assert ways(problem) == [] and len(problem.units.cell) == 0
    assert any("H -> R" in note and "beyond the horizon of 42 days" in note
               for note in problem.notes)  # fmt: skip


def test_a_closed_lane_is_no_way_in_and_is_named():
    """Opens tomorrow, closed yesterday: nothing can come, and the region is named."""
    for dates in ({"start": day(1)}, {"end": day(-1)}):
        problem = assembled(lanes=[lane("H", "R", **dates), lane("R", "H")])
        assert ways(problem) == []
        assert any("No open lane from a hub reaches R" in note for note in problem.notes)
    assert ways(assembled(lanes=[lane("H", "R", start=day(0), end=day(0))])) == [("ship", 0)]


def test_of_two_seasons_of_a_lane_the_open_one_counts():
    """The same lane until today at 1.00 and from tomorrow at 3.00: a unit sent now costs 1.00.

    A unit left over saves the 3.00 of the next one, less a week of holding.
    """
    lanes = [lane("H", "R", 1.0, end=day(0)), lane("H", "R", 3.0, start=day(1)), lane("R", "H")]
    problem = assembled(lanes=lanes)
    assert problem.moves.cost.tolist() == [1.0]
    assert problem.units.value[7] == pytest.approx(3.0 - 0.1)


def test_an_empty_hub_sends_nothing_and_says_so():
    """No stock anywhere: no move, no candidate, and a note that no cell can be reached."""
    problem = assembled(stock=[])
    assert ways(problem) == [] and len(problem.supply_units) == 0
    assert any("cannot be reached: no stock on an open lane" in note for note in problem.notes)
    plan = make_plan(tables_of(stock=[]), demand_of(SURE), day(0), STEADY)
    assert plan.lines.empty and plan.summary["status"] == "ship"


def test_hub_inbound_of_today_may_leave_and_of_tomorrow_may_not():
    """Due by the day of the plan it is stock; later it is not."""
    today = assembled(stock=[], inbound=[("H", "I", 4, day(0))])
    assert today.supply_units.tolist() == [4]
    tomorrow = assembled(stock=[], inbound=[("H", "I", 4, day(1))])
    assert ways(tomorrow) == []


def test_inbound_before_the_arrival_uses_up_its_own_demand_only():
    """A lane of a week, 7 a week: 7 due now serve the first week, 7 due on day 7 the window."""
    way = {"lanes": [lane("H", "R", 1.0, 7), lane("R", "H")]}
    early = assembled(inbound=[("R", "I", 7, day(0))], **way)
    assert early.units.probability[:7].tolist() == [1.0] * 7
    there = assembled(inbound=[("R", "I", 7, day(7))], **way)
    assert there.units.probability.sum() == 0.0


def test_a_cell_that_is_over_before_the_arrival_gets_nothing():
    """Last day 6, lane of 7 days: no move; last day 7: the lane is in time."""
    for last, moves in ((6, []), (7, [("ship", 7)])):
        problem = assembled(
            lanes=[lane("H", "R", 1.0, 7), lane("R", "H")],
            assortment=[("R", "I", day(-70), day(last))],
        )
        assert ways(problem) == moves


def test_past_the_last_week_an_unsold_unit_leaves():
    """A cell over on Sunday: the eighth unit lies a week-end and goes back: -1.50 - .10."""
    problem = assembled(assortment=[("R", "I", day(-70), day(6))])
    assert problem.units.value[:7] == pytest.approx([3.0] * 7)
    assert problem.units.value[7] == pytest.approx(-1.6)


def test_a_season_ends_and_the_next_is_met_in_time():
    """Open to day 3 and again from day 9 to 13: a lane of 7 days sells day 9 on, of a day now.

    By the slow lane the cell is over at the review after next: the surplus goes back then.
    """
    seasons = [("R", "I", day(-70), day(3)), ("R", "I", day(9), day(13))]
    for lead, meets in ((1, True), (5, True), (7, True)):
        ends = [lane("H", "R", 1.0, lead), lane("R", "H")]
        assert bool(ways(assembled(lanes=ends, assortment=seasons))) == meets
    late = [lane("H", "R", 1.0, 4), lane("R", "H")]
    gap = [("R", "I", day(-70), day(3)), ("R", "I", day(11), day(13))]
    assert ways(assembled(lanes=late, assortment=gap)) == []


def test_a_unit_is_valued_to_the_end_of_the_window_it_arrives_in():
    """Of two seasons the one the lane of a week meets counts, as if it stood alone."""
    way = {"lanes": [lane("H", "R", 1.0, 7), lane("R", "H")]}
    second = ("R", "I", day(5), day(13))
    both = assembled(assortment=[("R", "I", day(-70), day(3)), second], **way).units
    alone = assembled(assortment=[second], **way).units
    assert both.value == pytest.approx(alone.value)
    open_end = assembled(assortment=[("R", "I", day(5), day(700))], **way).units
    assert both.value[-1] < open_end.value[-1]


def test_what_a_unit_not_needed_loses_by_hand():
    """Lane 1.0 + four weeks of .1 + exit 1.5; need is four weeks of 7 less 2 on hand and 3 due."""
    problem = assembled(stock=[("H", "I", 50), ("R", "I", 2)], inbound=[("R", "I", 3, day(2))])
    assert problem.loss_per_unit == pytest.approx([1.0 + 0.4 + 1.5])
    assert problem.need[:].tolist() == [[23]]


def test_room_is_what_lies_there_where_that_is_more():
    """Capacity 3, four on hand, two coming: six is the room, and the region is named overfull."""
    problem = assembled(
        regions=[("R", 3.0, 2.0, "", 0, 0)],
        stock=[("H", "I", 50), ("R", "I", 4)],
        inbound=[("R", "I", 2, day(2))],
    )
    assert problem.storage.tolist() == [6.0] and problem.storage_inbound.tolist() == [2.0]
    assert any("R is overfull" in note for note in problem.notes)


def test_units_on_hand_rank_before_arrivals():
    """Two lie there: ranks 1 and 2; the arrivals behind them count 3, 4 .. and start at need 1."""
    problem = assembled(stock=[("H", "I", 50), ("R", "I", 2)])
    assert problem.units.rank.tolist() == list(range(1, len(problem.units.rank) + 1))
    assert problem.units.on_hand.tolist()[:3] == [True, True, False]
    arriving = problem.units.probability[~problem.units.on_hand]
    assert arriving.tolist()[:5] == [1.0] * 5 and arriving[5] == 0.0


def test_candidates_end_with_the_last_pack_that_may_pay_and_one_more():
    """Seven pay, in packs of four: eight, and the next four."""
    problem = assembled(items=[item(pack=4)])
    assert problem.units.rank.max() == 12


def test_holding_back_nothing_and_no_demand_sends_nothing():
    """Without demand every unit would only come back: an empty plan."""
    plan = make_plan(tables_of(), demand_of({("R", "I"): np.zeros((6, 3))}), day(0), STEADY)
    assert plan.lines.empty and plan.summary["objective"] == 0.0


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [3, 9, 11, 12])
def test_names_have_no_say_in_what_units_are_worth(seed: int):
    """Regions and items under other names, scenarios under other ids: every unit's v and p stay.

    Lead times are 0 to 9 days, so that most weeks are cut; regions and items change places.
    """
    tables, demand, params = draw_tables(seed)
    cell, week, path = np.nonzero(demand.units)
    table = pd.DataFrame(
        {
            "region": demand.region[cell],
            "item": demand.item[cell],
            "week": pd.to_datetime(demand.weeks[week]),
            "scenario": path,
            "units": demand.units[cell, week, path],
        }
    )
    other = {"R0": "R2", "R2": "R0", "I0": "I3", "I1": "I0", "I3": "I1"}
    ids = np.random.default_rng(seed).permutation(demand.scenarios)
    renamed = {name: _called(each, other) for name, each in tables.items()}
    first, second = (
        _worth_by_cell(named, DemandScenarios.from_frame(paths, MONDAY, 6), params)
        for named, paths in (
            (tables, table),
            (renamed, _called(table, other).assign(scenario=ids[path])),
        )
    )
    expected = {tuple(other.get(name, name) for name in cell): first[cell] for cell in first}
    assert second.keys() == expected.keys() and len(second) > 5
    for key, worth in expected.items():
        assert second[key] == pytest.approx(worth, rel=1e-9, abs=1e-12)


def _called(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return a table with places and items under other names."""
    ids = [
        each for each in ("region", "item", "origin", "destination", "location") if each in table
    ]
    return table.assign(
        **{each: table[each].map(lambda name: names.get(name, name)) for each in ids}
    )


def _worth_by_cell(tables, demand, params) -> dict[tuple[str, str], list[float]]:
    """Value and chance of each unit of a cell, in their order."""
    problem = assemble(complete(tables, params.economics), demand, MONDAY, params)
    worth: dict[tuple[str, str], list[float]] = {}
    for cell, value, chance in zip(
        problem.units.cell, problem.units.value, problem.units.probability, strict=True
    ):
        place = problem.regions[problem.cell_region[cell]], problem.items[problem.cell_item[cell]]
        worth.setdefault(place, []).extend([value, chance])
    return worth
