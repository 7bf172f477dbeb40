"""What one more unit would earn on every way into a cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.planning import make_plan, solve
from tests.optimize.program_builder import Draft
from tests.optimize.small_network import STEADY, day, demand_of, lane, tables_of
from tests.optimize.table_builder import MONDAY


def redirected(stock: tuple[int, int]):
    """Plan region R, which only redirects reach: from S on the same day, from T a day later."""
    tables = tables_of(
        regions=[(name, np.inf, 2.0, "", 0, 0) for name in "RST"],
        lanes=[lane("S", "R", 0.5, 0), lane("T", "R", 0.3, 1), lane("H", "S", 9.0)],
        stock=[("S", "I", stock[0]), ("T", "I", stock[1])],
    )
    rng = np.random.default_rng(0)
    paths = {("R", "I"): rng.poisson(4.0, (4, 40))}
    paths |= {(name, "I"): np.zeros((4, 40), dtype=np.int64) for name in "ST"}
    exits = replace(STEADY.exits, allowed=("redirect", "give_away"))
    return make_plan(tables, demand_of(paths), day(0), replace(STEADY, exits=exits))


@pytest.mark.parametrize("stock", [(2, 2), (1, 9), (9, 1), (9, 9)])
def test_a_region_that_only_redirects_reach_on_two_days_is_told(stock: tuple[int, int]):
    """Where a source is used up the next unit has finite money, and what stops it is named."""
    plan = redirected(stock)
    there = plan.units[plan.units["region"] == "R"]
    assert np.isfinite(there[["p", "gain", "loss", "expected_gain"]].to_numpy()).all()
    assert there["planned"].sum() >= 2
    assert there["binding"].iloc[-1] in ("stock in other regions", "not worth it")


def test_the_next_redirect_gives_up_what_the_unit_is_worth_where_it_lies():
    """Worth 5 in R1 and 4 in R2, moved for 2: it loses 1, and is not worth it."""
    draft = Draft()
    draft.cell("R1", "A", [5.0])
    draft.cell("R2", "A", [], on_hand=[6.0, 4.0])
    draft.move("redirect", "R2", "R1", "A", 2.0)
    units = solve(draft.problem(), as_of=MONDAY).units
    told = units[units["region"] == "R1"].iloc[0]
    assert (told["expected_gain"], told["binding"]) == (pytest.approx(-1.0), "not worth it")


@pytest.mark.parametrize(("beyond", "words"), [(0, "hub stock"), (3, "not worth it")])
def test_a_hub_in_two_tiers_is_empty_when_both_are(beyond: int, words: str):
    """Two units leave the first tier; while the second has some, they only cost others more."""
    draft = Draft()
    draft.stock = {("H1", "A"): 2, ("H2", "A"): beyond}
    draft.cell("R1", "A", [9.0, 8.0, 7.0])
    for hub in ("H1", "H2"):
        draft.ship(hub, "R1", "A", 1.0)
    problem = draft.problem()
    rent = np.where(problem.moves.origin_hub == 1, 6.5, 0.0)
    twice = replace(
        problem,
        hubs=np.array(["H1", "H1"], dtype=object),
        moves=replace(problem.moves, rent=rent),
    )
    plan = solve(twice, as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [2]
    assert plan.units["binding"].iloc[-1] == words
