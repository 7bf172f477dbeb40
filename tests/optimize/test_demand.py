"""Demand paths: read strictly, cut inside weeks with the right mean, the same in any order."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_foundation.paths.packed import PackedUnits
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.errors import TableFault
from tests.optimize.small_network import demand_of
from tests.optimize.table_builder import MONDAY

ALL = np.array([0])


def rows(*more: tuple) -> pd.DataFrame:
    """Build a demand table."""
    columns = ["region", "item", "week", "scenario", "units"]
    return pd.DataFrame(list(more), columns=columns)


def test_absent_rows_are_no_demand():
    """Two cells, two weeks, two scenarios and three rows: the other five counts are 0."""
    table = rows(("R2", "A", MONDAY, 1, 3), ("R1", "B", MONDAY + pd.Timedelta(days=7), 2, 4),
                 ("R1", "B", MONDAY, 1, 5))  # fmt: skip
    demand = DemandScenarios.from_frame(table, MONDAY)
    assert list(zip(demand.region, demand.item, strict=True)) == [("R1", "B"), ("R2", "A")]
    assert demand.units.tolist() == [[[5, 0], [0, 4]], [[3, 0], [0, 0]]]


def test_weeks_outside_the_plan_are_left_out_and_counted():
    """One row of last week, one beyond the horizon of one week: both are said, neither is read."""
    week = pd.Timedelta(days=7)
    table = rows(("R", "A", MONDAY - week, 1, 9), ("R", "A", MONDAY, 1, 2),
                 ("R", "A", MONDAY + week, 1, 8))  # fmt: skip
    demand = DemandScenarios.from_frame(table, MONDAY, horizon=1)
    assert demand.units.tolist() == [[[2]]]
    assert len(demand.notes) == 2 and all(note.startswith("1 demand row ") for note in demand.notes)


def test_every_fault_of_a_demand_table_is_told_at_once():
    """A Tuesday, half a unit, a blank region and a missing scenario: four sentences with rows."""
    table = rows(("R", "A", MONDAY + pd.Timedelta(days=1), 1, 1), ("R", "A", MONDAY, 1, 0.5),
                 ("", "A", MONDAY, 1, 1), ("R", "A", MONDAY, None, 1))  # fmt: skip
    with pytest.raises(TableFault) as caught:
        DemandScenarios.from_frame(table, MONDAY)
    told = str(caught.value)
    for words in ("row 1, column week", "row 2, column units", "row 3, column region", "row 4"):
        assert words in told


def numbered(*scenarios: object) -> pd.DataFrame:
    """Return a row of one unit for each scenario."""
    return rows(*(("R", "A", MONDAY, each, 1) for each in scenarios))


def test_the_number_of_scenarios_is_read_where_it_is_told():
    """Of 8 paths 3 sell a unit: the mean is 3/8, not 1, also in rows taken out of a frame."""
    assert DemandScenarios.from_frame(numbered(1, 4, 6), MONDAY, scenarios=8).units.mean() == 3 / 8
    told = numbered(1, 4, 6)
    told.attrs["scenarios"] = 8
    demand = DemandScenarios.from_frame(told[told["scenario"] > 1], MONDAY)
    assert demand.units.tolist() == [[[0, 0, 0, 0, 1, 0, 1, 0]]]


def test_a_number_of_scenarios_that_does_not_fit_is_refused_or_not_believed():
    """Given in so many words it is a fault; left over from another frame, the ids that occur."""
    for ids in ((0, 8), (-1, 3), ("dry", "wet")):
        with pytest.raises(TableFault, match="0 to 7, since there are 8 scenarios"):
            DemandScenarios.from_frame(numbered(*ids), MONDAY, scenarios=8)
        told = numbered(*ids)
        told.attrs["scenarios"] = 8
        assert DemandScenarios.from_frame(told, MONDAY).scenarios == 2


@pytest.mark.parametrize(
    ("ids", "gaps"),
    [((0, 1, 2), 0), ((1, 2), 0), ((0, 3), 2), (("0", "3"), 2), (("dry", "wet"), 0), ((7,), 0)],
)
def test_numbers_that_do_not_occur_among_the_scenarios_are_said(ids: tuple, gaps: int):
    """Dropped zeros leave gaps: the paths are those that occur, and the note says what is odd."""
    demand = DemandScenarios.from_frame(numbered(*ids), MONDAY)
    assert demand.scenarios == len(ids)
    assert [f"{gaps} numbers" in note for note in demand.notes] == [True] * bool(gaps)


def test_numbers_as_text_stand_in_the_order_of_numbers():
    """Read from a file, scenario 10 comes after scenario 9, as it did when it was written."""
    ids = [str(each) for each in range(12)]
    table = numbered(*ids).assign(units=range(12))
    assert DemandScenarios.from_frame(table, MONDAY).units[0, 0].tolist() == list(range(12))


def test_a_row_named_twice_is_a_fault():
    """The same region, item, week and scenario twice is refused, not added up."""
    table = rows(("R", "A", MONDAY, 1, 1), ("R", "A", MONDAY, 1, 2))
    with pytest.raises(TableFault, match="twice"):
        DemandScenarios.from_frame(table, MONDAY)


@pytest.mark.parametrize(
    ("weeks", "units", "words"),
    [
        ([0, 14], np.zeros((1, 2, 1), dtype=int), "consecutive"),
        ([0], np.zeros((1, 1, 1)), "whole numbers"),
        ([0], np.zeros((1, 1, 0), dtype=int), "at least one week"),
        ([0], np.zeros((2, 1, 1), dtype=int), "shape"),
    ],
)
def test_paths_of_a_wrong_shape_are_refused(weeks: list[int], units: np.ndarray, words: str):
    """Gaps between weeks, fractions, no scenario, or cells without a name."""
    names = np.array(["R"], dtype=object), np.array(["A"], dtype=object)
    days = MONDAY.to_datetime64().astype("datetime64[D]") + np.array(weeks)
    with pytest.raises(ValueError, match=words):
        DemandScenarios(*names, days, units)


def test_whole_weeks_are_whole_sums_and_a_horizon_is_its_end():
    """Weeks of 3, 5 and 2: nothing before day 0, 3 by day 7, 10 by the end and ever after."""
    demand = demand_of({("R", "A"): [[3], [5], [2]]})
    found = [int(demand.demand_until(ALL, day)[0, 0]) for day in (-3, 0, 7, 14, 21, 99)]
    assert found == [0, 0, 3, 8, 10, 10]


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 6))
def test_cuts_of_a_week_grow_with_the_day_and_add_up(seed: int, start: int):
    """Demand until a day never falls, a week's parts sum to the week, weeks from any day too."""
    paths = np.random.default_rng(seed).poisson(2.0, (4, 20))
    demand = demand_of({("R", "A"): paths})
    by_day = np.stack([demand.demand_until(ALL, day)[0] for day in range(29)])
    assert (np.diff(by_day, axis=0) >= 0).all()
    assert (by_day[::7] == np.vstack([np.zeros(20), paths.cumsum(axis=0)])).all()
    edges = [min(start + 7 * week, 28) for week in range(5)]
    weekly = np.diff(demand.until_days(ALL, [start + 7 * week for week in range(5)])[0], axis=0)
    assert (weekly == np.diff(by_day[edges], axis=0)).all()


def test_a_cut_keeps_the_mean():
    """Of 40,000 single units 3/7 fall before Thursday, and so nearly do those of 70 paths."""
    for paths in (70, 40_000):
        demand = demand_of({("R", "A"): np.ones((1, paths))})
        assert demand.demand_until(ALL, 3).mean() == pytest.approx(3 / 7, abs=1.5 / paths)


def test_neither_the_order_nor_the_company_of_cells_changes_a_cut():
    """A cell is cut alike alone, in a crowd, and with the crowd turned round."""
    rng = np.random.default_rng(3)
    paths = {(f"R{place}", "A"): rng.poisson(1.0, (2, 50)) for place in range(4)}
    crowd = demand_of(paths)
    turned = demand_of(dict(reversed(paths.items())))
    alone = demand_of({("R2", "A"): paths["R2", "A"]})
    assert (turned.demand_until(np.arange(4), 4) == crowd.demand_until(np.arange(4), 4)).all()
    assert (crowd.demand_until(np.array([2]), 4) == alone.demand_until(ALL, 4)).all()


def test_a_table_may_say_the_size_of_an_order():
    """Ten units in each of 100 paths: five orders of two are even, one order of ten is whole."""
    table = pd.DataFrame({"region": "R", "item": "A", "week": MONDAY, "scenario": np.arange(100)})
    pairs, whole = (
        DemandScenarios.from_frame(table.assign(units=10, order_size=size), MONDAY).demand_until(
            ALL, 3
        )[0]
        for size in (2.0, 10.0)
    )
    assert (pairs % 2 == 0).all() and 1 < len(np.unique(pairs)) <= 6
    assert set(whole.tolist()) == {0, 10} and (whole > 0).mean() == pytest.approx(3 / 7, abs=0.02)


def test_sizes_below_one_unit_or_two_of_a_cell_are_faults():
    """Half a unit, a word, and another size than the first row's: each is named with its row."""
    table = rows(("R", "A", MONDAY, 1, 1), ("R", "A", MONDAY, 2, 1))
    for sizes, words in (((0.5, 2), "row 1"), ((2, "two"), "row 2"), ((2, 3), "row 2")):
        with pytest.raises(TableFault, match=f"{words}, column order_size"):
            DemandScenarios.from_frame(table.assign(order_size=list(sizes)), MONDAY)


def test_sizes_belong_to_cells_and_stay_with_them():
    """Cells are sorted with their sizes; a size of none, or too few of them, is refused."""
    units = np.full((2, 1, 60), 12)
    days = MONDAY.to_datetime64().astype("datetime64[D]").reshape(1)
    names = np.array(["R2", "R1"], dtype=object), np.array(["A", "A"], dtype=object)
    demand = DemandScenarios(*names, days, units, order_sizes=np.array([12.0, 1.0]))
    assert demand.order_sizes is not None and demand.order_sizes.tolist() == [1.0, 12.0]
    single, dozen = demand.demand_until(np.arange(2), 4)
    assert set(dozen.tolist()) == {0, 12} and len(np.unique(single)) > 2
    for sizes in ([1.0], [0.0, 1.0], [np.nan, 1.0]):
        with pytest.raises(ValueError, match="order_sizes"):
            DemandScenarios(*names, days, units, order_sizes=np.array(sizes))


def test_the_order_of_scenario_ids_is_no_part_of_the_demand():
    """The same paths under other ids: each is cut on every day as before."""
    rng = np.random.default_rng(4)
    units, ids = rng.poisson(1.0, (1, 2, 40)), rng.permutation(40)
    _cell, week, path = np.nonzero(units)
    table = pd.DataFrame(
        {"region": "R", "item": "A", "scenario": path, "units": units[0, week, path]}
    )
    table["week"] = MONDAY + pd.to_timedelta(7 * week, unit="D")
    first, other = (
        DemandScenarios.from_frame(each, MONDAY)
        for each in (table, table.assign(scenario=ids[path]))
    )
    cuts = [
        sorted(np.stack([each.demand_until(ALL, day)[0] for day in range(15)], axis=1).tolist())
        for each in (first, other)
    ]
    assert cuts[0] == cuts[1]


def test_known_days_cut_weeks_where_orders_fall_also_for_other_cells():
    """All of a week on its Sunday: nothing before it, and so after cells are laid out anew."""
    daily = np.zeros((2, 14), dtype=np.int64)
    daily[0, 6], daily[1, 8] = 3, 5
    region, item = (np.array(each, dtype=object) for each in (["R", "S"], ["A", "A"]))
    known = DemandScenarios.on_days(region, item, np.datetime64("2026-11-16"), daily)
    assert known.units[..., 0].tolist() == [[3, 0], [0, 5]]
    assert known.demand_until(np.array([0, 1]), 6).tolist() == [[0], [0]]
    assert known.demand_until(np.array([0, 1]), 8).tolist() == [[3], [0]]
    laid = known.of_cells(region, item, np.array([1, -1]), 0)
    assert laid.demand_until(np.array([0, 1]), 9).tolist() == [[5], [0]]
    with pytest.raises(ValueError, match="sorted by region and item"):
        DemandScenarios.on_days(region[::-1], item, np.datetime64("2026-11-16"), daily)


def test_numbers_beside_demand_are_spread_evenly_and_tell_rows_and_cells_apart():
    """A hundred paths: every tenth of [0, 1) has ten numbers or so; another row has others.

    A cell has the same numbers whatever else is asked for.
    """
    units = np.random.default_rng(1).poisson(3.0, (2, 4, 100))
    weeks = np.datetime64("2026-11-16") + 7 * np.arange(4)
    names = np.array(["R", "S"], dtype=object), np.array(["I", "I"], dtype=object)
    demand = DemandScenarios(*names, weeks, units)
    cells, content = np.array([0, 0, 1]), np.array([5, 6, 5], dtype=np.uint64)
    found = demand.spread(cells, content, np.array([0, 2, 0]))
    assert found.shape == (3, 100) and (found >= 0).all() and (found < 1).all()
    for row in found:
        counts = np.histogram(row, bins=10, range=(0, 1))[0]
        assert counts.min() >= 8 and counts.max() <= 12
    assert not np.allclose(found[0], found[1]) and not np.allclose(found[0], found[2])
    assert abs(np.corrcoef(found[0], found[1])[0, 1]) < 0.2
    alone = demand.spread(cells[1:2], content[1:2], np.array([2]))
    assert alone[0].tolist() == found[1].tolist()


WHOLE = re.compile(r"\b(demand|paths|fresh|served|servable|wanted)\.units\b")
MAY_HOLD_ALL = {
    "foreship/pipeline/adjusted_demand.py",
    "foreship/pipeline/handoff.py",
    "foreship/samples/synthetic/true_orders.py",
}
"""adjustments of a planner's own paths; paths that are given as an array, or of a truth"""


def test_no_room_holds_all_paths() -> None:
    """Of a million cells they fill a machine: rooms ask for cells, or for each of them once."""
    root = Path(__file__).parents[2]
    files = [*root.glob("foreship/**/*.py"), *root.glob("optimize/foreship_optimize/**/*.py")]
    found = {str(path.relative_to(root)) for path in files if WHOLE.search(path.read_text("utf-8"))}
    assert len(files) > 300
    assert found == MAY_HOLD_ALL


def test_packed_paths_are_as_good_as_an_array() -> None:
    """Cells unsorted, laid out for others, cut inside a week, taking part: the same numbers."""
    rng = np.random.default_rng(4)
    region = np.array(["S", "R", "R", "Q"], dtype=object)
    item = np.array(["B", "B", "A", "A"], dtype=object)
    weeks = MONDAY.to_datetime64().astype("datetime64[D]") + 7 * np.arange(3)
    units = rng.poisson(2.0, (4, 3, 50)).astype(np.uint16)
    packed = PackedUnits.of_parts([units], units.shape, units.dtype)
    one, other = (DemandScenarios(region, item, weeks, each) for each in (units, packed))
    every, names = np.arange(4), (one.region[[0, 3]], one.item[[0, 3]])
    share, rows_of_names = np.full(4, 0.4), np.array([0, -1])
    for held, kept in (
        (one, other),
        (one.taking_part(share), other.taking_part(share)),
        tuple(each.of_cells(*names, rows_of_names, 1) for each in (one, other)),
    ):
        some = every[: len(held.region)]
        assert (held.units == kept.units).all() and (held.totals == kept.totals).all()
        assert (held.demand_until(some, 10) == kept.demand_until(some, 10)).all()
        days = [3, 10, 17]
        assert (held.until_days(some, days) == kept.until_days(some, days)).all()
        assert (held.block_shift(some) == kept.block_shift(some)).all()
