"""Every limit as a row over moves: its moves, coefficients and sides on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foreship_optimize import limits as limits_module
from foreship_optimize.departures import Departures
from foreship_optimize.limits import (
    FAMILIES,
    Family,
    cell_units,
    day_in_words,
    families_where,
    family_of,
    free_storage,
    in_whole_steps,
    limits_of,
    packs_of,
    units_at_hub,
    with_most,
)
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.planning import solve
from foreship_optimize.problem import ShippingProblem
from tests.optimize.program_builder import Draft, two_hubs_three_regions


def draft() -> Draft:
    """Two items (volumes 1 and 2, packs 1 and 3) that come to R1 and move on to R2."""
    draft = Draft()
    draft.item("A")
    draft.item("B", volume=2.0, pack=3)
    draft.stock = {("H1", "A"): 4, ("H1", "B"): 7}
    draft.cell("R1", "A", [5, 4], on_hand=[6])
    draft.cell("R1", "B", [5, 4, 3])
    draft.cell("R2", "A", [3])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R1", "B", 1.0)
    draft.move("redirect", "R1", "R2", "A", 0.5)
    draft.storage = {"R1": 9.0}
    draft.lanes = {("H1", "R1"): 6.0, ("R1", "R2"): np.inf}
    draft.unit_cost = {"A": 1.0, "B": 3.0}
    draft.freight_budget, draft.stock_value_budget = 9.0, 20.0
    draft.lock("push", lambda a, o, d, i: a == "ship", at_least=2, at_most=5)
    return draft


def test_every_family_has_its_row():
    """Ships are moves 0 and 1, the redirect 2; R2's storage and its lane are without limit."""
    problem = draft().problem()
    limits = limits_of(problem)
    rows = {}
    for row, words in enumerate(limits.words):
        mine = limits.row == row
        rows[words] = (
            dict(zip(limits.move[mine].tolist(), limits.coefficient[mine].tolist(), strict=True)),
            limits.at_least[row], limits.at_most[row], limits.unit[row],
        )  # fmt: skip
    none = -np.inf
    assert rows == {
        "hub stock of A at H1": ({0: 1.0}, none, 4.0, "units"),
        "hub stock of B at H1": ({1: 1.0}, none, 7.0, "units"),
        "stock of A in R1": ({2: 1.0}, none, 1.0, "units"),
        "storage of R1": ({0: 1.0, 1: 2.0, 2: -1.0}, none, 8.0, "volume"),
        "lane H1 -> R1": ({0: 1.0, 1: 2.0}, none, 6.0, "volume"),
        "push": ({0: 1.0, 1: 1.0}, 2.0, 5.0, "units"),
        "freight budget": ({0: 1.0, 1: 1.0, 2: 0.5}, none, 9.0, "money"),
        "stock value budget": ({0: 1.0, 1: 3.0, 2: 1.0}, none, 20.0, "money"),
    }
    unstated = {"picking", "receiving", "vehicle", "own limit"}
    assert set(limits.family) == {each.name for each in FAMILIES} - unstated


def test_use_is_the_left_side_of_every_row():
    """Three of A, three of B and one on: 3 + 6 - 1 volume in R1, 9 on the lane."""
    limits = limits_of(draft().problem())
    used = dict(zip(limits.words, limits.use(np.array([3, 3, 1])), strict=True))
    assert used["storage of R1"] == pytest.approx(8.0)
    assert used["lane H1 -> R1"] == pytest.approx(9.0)
    assert used["push"] == pytest.approx(6.0)


def test_an_overfull_region_has_no_room_but_need_not_empty_itself():
    """Room of half a unit with one there, and with inbound: free volume is 0, never below."""
    problem = draft().problem()
    small = replace(problem, storage=np.array([0.5, np.inf]))
    assert free_storage(small).tolist() == [0.0, np.inf]
    coming = replace(problem, storage_inbound=np.array([3.0, 0.0]))
    assert free_storage(coming)[0] == pytest.approx(9.0 - 1.0 - 3.0)


def test_steps_and_places_of_units():
    """Ships of B move in threes, redirects one by one; each cell knows where its units lie."""
    problem = draft().problem()
    assert packs_of(problem).tolist() == [1, 3, 1]
    table = cell_units(problem)
    assert table.start.tolist() == [0, 3, 6]
    assert table.count.tolist() == [3, 3, 1]
    assert table.on_hand.tolist() == [1, 0, 0]


def picking(problem):
    """Rows of a limit that the room does not have: hubs pick three units each."""
    ships = np.flatnonzero(problem.moves.from_hub)
    hubs = np.arange(len(problem.hubs))
    index, size, mine = limits_module._groups(problem.moves.origin_hub[ships], ships, hubs)
    return limits_module._upper(
        "picking", "units", [f"picking at {hub}" for hub in problem.hubs[index]],
        np.full(len(index), 3.0), index, size, mine, np.ones(len(mine)),
    )  # fmt: skip


@pytest.mark.parametrize("least", [2000, 1], ids=["whole", "by prices"])
def test_a_new_family_is_a_function_and_a_line(monkeypatch, least):
    """Three units leave each hub where five did; ledger and prices name what stops the others."""
    problem = two_hubs_three_regions().problem()
    plan = PlanParams(decomposition_items=least, time_limit_seconds=1e6)
    params = OptimizeParams(plan=plan)
    as_of = pd.Timestamp("2026-11-16")
    assert solve(problem, params, as_of=as_of).lines.groupby("origin")["quantity"].sum()["H1"] > 3
    family = Family(name="picking", rows=picking)
    monkeypatch.setattr(limits_module, "FAMILIES", (*FAMILIES[:-1], family, FAMILIES[-1]))
    found = solve(problem, params, as_of=as_of)
    assert found.lines.groupby("origin")["quantity"].sum().to_dict() == {"H1": 3, "H2": 2}
    assert "picking at H1" in {each["limit"] for each in found.summary["shadow_prices"]}
    assert "picking at H1" in set(found.units["binding"])


def test_limits_that_yield_are_reset_and_others_are_not():
    """Storage, lane and budget take other sizes; a stock is a fact."""
    problem = draft().problem()
    limits = limits_of(problem)
    most = limits.at_most * 2.0
    yielding = families_where(yields="to locks") + families_where(yields="instead")
    assert set(yielding) == {"budget", "storage", "lane", "picking", "receiving", "own limit"}
    rows = np.flatnonzero(limits.are(yielding)).tolist()
    found = limits_of(with_most(problem, limits, rows, most))
    assert found.at_most[rows] == pytest.approx(most[rows])
    with pytest.raises(ValueError, match="hub stock do not yield"):
        with_most(problem, limits, [0], most)


def test_families_say_what_readers_of_rows_need():
    """Rows of one item are those pricing knows by name; every yielding family can be reset."""
    assert families_where(shared=False) == ("hub stock", "on hand")
    for each in FAMILIES:
        assert family_of(each.name) is each
        assert (each.reset is None) == (each.yields == "never")
        assert each.binding.format(words="x")


def second_draft() -> Draft:
    """Draft a region that only gives: two of B (volume 2) there, one may be marked down.

    Two hubs; H2 holds A alone. Moves: ship A from H2 (0), B from H1 (1), A on inside R2 (2), B
    marked down in R1 (3).
    """
    draft = Draft()
    draft.item("B", volume=2.0)
    draft.stock = {("H1", "B"): 3, ("H2", "A"): 5}
    draft.cell("R1", "B", [4], on_hand=[6, 5])
    draft.cell("R2", "A", [4], on_hand=[6])
    draft.cell("R3", "A", [4])
    draft.ship("H1", "R1", "B", 1.0)
    draft.ship("H2", "R2", "A", 2.0)
    draft.move("redirect", "R2", "R2", "A", 0.5)
    draft.move("markdown", "R1", "", "B", -1.0)
    draft.storage = {"R1": 7.0, "R2": 0.25, "R3": 5.0}
    draft.lanes = {("H1", "R1"): 0.5, ("H2", "R2"): 4.0, ("R9", "R2"): 1.0}
    draft.stock_value_budget = 8.0
    draft.lock("most", lambda a, o, d, i: i == "A", at_least=0, at_most=2)
    draft.lock("half", lambda a, o, d, i: i == "B", at_least=0.5)
    return draft


def test_rows_name_their_moves_and_their_place_in_the_family():
    """What enters and leaves one region uses no room; rows nobody uses are not written."""
    problem = second_draft().problem()
    limits = limits_of(problem)
    found = [
        (limits.family[row], limits.words[row], int(limits.index[row]), float(limits.at_least[row]),
         float(limits.at_most[row]), limits.move[limits.row == row].tolist(),
         limits.coefficient[limits.row == row].tolist())
        for row in range(len(limits.words))
    ]  # fmt: skip
    none, every = -np.inf, np.inf
    assert found == [
        ("hub stock", "hub stock of A at H2", 0, none, 5.0, [1], [1.0]),
        ("hub stock", "hub stock of B at H1", 1, none, 3.0, [0], [1.0]),
        ("on hand", "stock of B in R1", 0, none, 2.0, [3], [1.0]),
        ("on hand", "stock of A in R2", 1, none, 1.0, [2], [1.0]),
        ("storage", "storage of R1", 0, none, 3.0, [0, 3], [2.0, -2.0]),
        ("storage", "storage of R2", 1, none, 0.0, [1], [1.0]),
        ("lane", "lane H1 -> R1", 0, none, 0.5, [0], [2.0]),
        ("lane", "lane H2 -> R2", 1, none, 4.0, [1], [1.0]),
        ("budget", "stock value budget", 1, none, 8.0, [0, 1, 2], [1.0, 1.0, 1.0]),
        ("lock", "most", 0, none, 2.0, [1, 2], [1.0, 1.0]),
        ("lock", "half", 1, 0.5, every, [0, 3], [1.0, 1.0]),
    ]


def test_a_budget_that_nothing_spends_has_no_row():
    """Freight that pays or costs nothing keeps any budget of freight; it is not written."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1}
    draft.cell("R1", "A", [4])
    draft.ship("H1", "R1", "A", 0.0)
    draft.freight_budget = 1.0
    assert "budget" not in limits_of(draft.problem()).family.tolist()


def test_a_move_pays_for_every_row_it_uses():
    """Room for 8.00, a unit at H1 for 1.00, stock value for half: by volume, unit and unit cost."""
    limits = limits_of(draft().problem())
    prices = dict.fromkeys(limits.words, 0.0) | {
        "hub stock of B at H1": 1.0, "storage of R1": 8.0, "stock value budget": 0.5
    }  # fmt: skip
    paid = limits.paid(np.array([prices[words] for words in limits.words]), 3)
    assert paid.tolist() == [8.0 + 0.5, 1.0 + 16.0 + 1.5, -8.0 + 0.5]


def test_float_noise_is_allowed_by_the_size_of_a_limit():
    """A billionth of the larger side, of one unit where a limit is smaller."""
    limits = limits_of(second_draft().problem())
    allowed = dict(zip(limits.words, limits.tolerance(), strict=True))
    assert allowed["hub stock of A at H2"] == pytest.approx(5e-9, rel=1e-6)
    assert allowed["lane H1 -> R1"] == pytest.approx(1e-9, rel=1e-6)
    assert allowed["half"] == pytest.approx(1e-9, rel=1e-6)


def test_units_at_each_moves_hub():
    """Ships find the stock of their item at their hub; others that of the first hub."""
    assert units_at_hub(second_draft().problem()).tolist() == [3, 5, 0, 3]
    nowhere = Draft()
    nowhere.cell("R1", "A", [4], on_hand=[1])
    nowhere.move("markdown", "R1", "", "A", 1.0)
    assert units_at_hub(nowhere.problem()).tolist() == [0]


def test_locks_are_read_in_the_steps_of_packs():
    """Two to five of packs of one and three stay; of B alone, in threes, they are three to three.

    A minimum that is a hair below whole units stays a hair below whole steps. Other limits stay.
    """
    whole = draft()
    whole.lock("of nothing", lambda a, o, d, i: False, at_least=1)
    whole.lock("of B", lambda a, o, d, i: i == "B", at_least=2 - 1e-4, at_most=5)
    problem = whole.problem()
    limits = limits_of(problem)
    stepped = in_whole_steps(limits, packs_of(problem))
    sides = {
        words: (least, most)
        for words, least, most in zip(
            stepped.words, stepped.at_least.tolist(), stepped.at_most.tolist(), strict=True
        )
    }
    assert sides["push"] == (2.0, 5.0)
    assert sides["of B"] == (pytest.approx(3 - 1e-4), 3.0)
    assert sides["hub stock of B at H1"] == (-np.inf, 7.0)
    assert sides["stock value budget"][1] == 20.0 and sides["lane H1 -> R1"][1] == 6.0


def leaving(problem: ShippingProblem, **days: Any) -> ShippingProblem:
    """Let moves 0, 1, 2 of a draft travel on lanes of their own, 0 and 1 of one row of 9 volume.

    They leave on days 0, 1, 0 and arrive after one more day.
    """
    moves = replace(problem.moves, lane=np.arange(3), lead_days=np.array([1, 2, 1]))
    times = Departures.none().filled(3, 2)
    times = replace(times, day=np.array([0, 1, 0]), group=np.array([0, 0, 2]))
    ends = np.array(["a", "a", "b"], dtype=object), np.array(["c", "c", "d"], dtype=object)
    return replace(
        problem, moves=moves, departures=times, lane_origin=ends[0], lane_destination=ends[1],
        lane_capacity=np.array([9.0, 9.0, np.inf]), **days,
    )  # fmt: skip


def told_of(problem: ShippingProblem, family: str) -> dict[str, tuple[list[int], float]]:
    """Moves and upper side of the rows of a family, by its words."""
    limits = limits_of(problem)
    return {
        limits.words[row]: (limits.move[limits.row == row].tolist(), float(limits.at_most[row]))
        for row in np.flatnonzero(limits.are((family,))).tolist()
    }


def test_departures_of_a_row_share_its_room():
    """Moves 0 and 1 leave on two days of one row; a reset row is reset for both."""
    problem = leaving(draft().problem())
    assert told_of(problem, "lane") == {"lane a -> c": ([0, 1], 9.0)}
    limits = limits_of(problem)
    (row,) = np.flatnonzero(limits.are(("lane",))).tolist()
    assert with_most(problem, limits, [row], np.full(len(limits.words), 4.0)).lane_capacity.tolist(
    ) == [4.0, 4.0, np.inf]  # fmt: skip


def test_a_hub_picks_so_many_units_a_day():
    """Ships 0 and 1 leave H1 on two days, each with a row; the redirect is not picked there."""
    problem = leaving(draft().problem(), picking=np.array([[3.0, 4.0]]))
    assert told_of(problem, "picking") == {
        "picking at H1 on Mon": ([0], 3.0), "picking at H1 on Tue": ([1], 4.0),
    }  # fmt: skip


def test_a_region_takes_in_so_many_units_a_day():
    """R1 takes in ship 0 on Tuesday and ship 1 on Wednesday, R2 the redirect; it has no limit."""
    days = np.array([[9.0, 5.0, 0.0], [np.inf] * 3])
    problem = leaving(draft().problem(), receiving=days)
    assert told_of(problem, "receiving") == {
        "receiving at R1 on Tue": ([0], 5.0), "receiving at R1 on Wed": ([1], 0.0),
    }  # fmt: skip


def test_limits_by_the_day_are_reset_one_day_at_a_time():
    """What Tuesday may take is raised, Wednesday stays as it was."""
    problem = leaving(
        draft().problem(), picking=np.array([[3.0, 4.0]]),
        receiving=np.array([[9.0, 5.0, 0.0], [np.inf] * 3]),
    )  # fmt: skip
    limits = limits_of(problem)
    rows = [at for at, words in enumerate(limits.words) if str(words).endswith("on Tue")]
    found = with_most(problem, limits, rows, np.full(len(limits.words), 8.0))
    assert found.picking.tolist() == [[3.0, 8.0]]
    assert found.receiving[0].tolist() == [9.0, 8.0, 0.0]


@pytest.mark.parametrize(
    ("day", "words"), [(0, "Mon"), (6, "Sun"), (7, "Mon of week 2"), (18, "Fri of week 3")]
)
def test_days_are_named_by_weekday_and_week(day: int, words: str):
    """The first week is that of the plan, and is not named."""
    assert day_in_words(day) == words
