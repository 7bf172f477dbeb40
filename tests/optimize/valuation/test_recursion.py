"""The value of the k-th unit: by hand, against brute force, and never rising with k."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.value import seasons
from benchmarks.value.single_cell import (
    Case,
    best_base_stock,
    profit_per_week,
    recursion_orders,
    weekly_law,
)
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import EconomicsParams, ExitParams, OptimizeParams
from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.valuation.recursion import Terms, ending_worth, stationary_worth
from tests.optimize.table_builder import COLUMNS, MONDAY, frame

NEVER_CLOSES = OptimizeParams(
    economics=EconomicsParams(obsolescence_per_year=0.0, lost_sale_share=0.0),
    exits=ExitParams(allowed=("return",), return_handling=0.5),
)
MONEY = {
    "cheap exit": (6.0, 1.5, 0.10, 4.0),
    "dear exit": (6.0, 1.5, 0.30, 16.0),
    "thin margin": (2.5, 2.0, 0.02, 5.0),
}


@pytest.mark.parametrize("lead", [0, 2])
@pytest.mark.parametrize("closing", [0.0, 0.01])
@pytest.mark.parametrize("money", MONEY)
@pytest.mark.parametrize(("kind", "mean"), [("poisson", 0.2), ("negative_binomial", 1.0)])
def test_recursion_finds_the_best_stock(
    kind: str, mean: float, money: str, closing: float, lead: int
) -> None:
    """Ordering while v_k > c earns within 1 % (2.5 % at two weeks) of the best base stock."""
    benefit, cost, holding, exit_cost = MONEY[money]
    case = Case(weekly_law(kind, mean), benefit, cost, holding, exit_cost, closing, lead)
    most = 24
    _, best = best_base_stock(case, most)
    profit = profit_per_week(case, recursion_orders(case, most))
    allowed = 0.01 if lead == 0 else 0.025
    assert profit >= best - allowed * abs(best) - 1e-9


def cell(
    paths: np.ndarray, *, lead: int = 0, on_hand: int = 0, price: float = 20.0, inbound: tuple = ()
):
    """Return the problem of one cell whose demand is given by week and path, shape (H, S)."""
    tables = {name: frame(name) for name in COLUMNS}
    tables["items"] = frame("items", [("I", price, 10.0, 1.0, 0.0, "", 1, 0.1, 0.0, pd.NaT)])
    tables["regions"] = frame("regions", [("R", np.inf, 2.0, "", np.nan, np.nan)])
    tables["hubs"] = frame("hubs", [("H", np.nan, np.nan)])
    way = (1.0, lead, 0.0, np.inf, 5.0, np.nan, pd.NaT, pd.NaT)
    tables["lanes"] = frame("lanes", [("H", "R", *way), ("R", "H", *way)])
    stock = [("H", "I", 50)] + ([("R", "I", on_hand)] if on_hand else [])
    tables["stock"] = frame("stock", stock)
    tables["inbound"] = frame("inbound", list(inbound))
    weeks = MONDAY.to_datetime64().astype("datetime64[D]") + 7 * np.arange(len(paths))
    demand = DemandScenarios(
        np.array(["R"], object), np.array(["I"], object), weeks, paths[None].astype(np.int64)
    )
    return assemble(tables, demand, MONDAY, NEVER_CLOSES)


def test_one_path_by_hand() -> None:
    """One sure unit a week: the first unit sells at once for b = 5 - 2 = 3, the second waits.

    The second unit lies one week-end (0.1) and then saves next week's unit and lane (1.0).
    """
    units = cell(np.ones((6, 1))).units
    assert units.value[:2] == pytest.approx([3.0, 0.9])
    assert units.probability[:2].tolist() == [1.0, 0.0]
    assert units.benefit[0] == pytest.approx(3.0)


def test_two_paths_by_hand() -> None:
    """Half the paths want one unit each week: the first unit is worth .5 x 3 + .5 x (1 - .1)."""
    units = cell(np.array([[1, 0]] * 6)).units
    assert units.probability[0] == pytest.approx(0.5)
    unsold = units.unsold_worth[0]
    assert unsold <= 1.0 + 1e-9
    assert units.value[0] == pytest.approx(0.5 * 3.0 + 0.5 * (unsold - 0.1))


def test_stock_there_and_coming_is_not_sent_twice() -> None:
    """Two units a week: with one on hand, or one due in time, the next unit is the second."""
    sure = np.full((6, 1), 2)
    alone = cell(sure).units
    for other in (
        cell(sure, on_hand=1).units,
        cell(sure, inbound=(("R", "I", 1, MONDAY),)).units,
    ):
        arriving = ~other.on_hand
        assert other.value[arriving][0] == pytest.approx(alone.value[1], abs=1e-9)
        assert other.probability[arriving].sum() == 1.0


def test_demand_before_the_arrival_is_not_credited() -> None:
    """A lane of one week reaches only the second: what sells in the first earns nothing."""
    late = np.zeros((8, 1))
    late[0] = 4
    units = cell(late, lead=7).units
    assert (units.probability[~units.on_hand] == 0.0).all()


def test_arrival_on_a_thursday_sees_its_share_of_the_week() -> None:
    """From Thursday to Thursday one unit a week is one unit, whatever the cut."""
    rng = np.random.default_rng(2)
    units = cell(rng.poisson(0.7, (8, 400)), lead=3).units
    plain = cell(rng.poisson(0.7, (8, 400)), lead=0).units
    assert units.probability[0] == pytest.approx(plain.probability[0], abs=0.08)


@settings(max_examples=30)
@given(
    st.integers(0, 2**31),
    st.sampled_from([0.1, 1.0, 6.0]),
    st.sampled_from([0, 3, 7]),
    st.integers(0, 3),
)
def test_value_and_chance_never_rise_with_k(
    seed: int, mean: float, lead: int, on_hand: int
) -> None:
    """Along a cell, on hand first, neither the value nor the chance of a unit increases."""
    paths = np.random.default_rng(seed).poisson(mean, (6, 40))
    units = cell(paths, lead=lead, on_hand=on_hand).units
    assert (np.diff(units.value) <= 1e-9).all()
    assert (np.diff(units.probability) <= 1e-9).all()


def test_no_demand_is_worth_no_shipment() -> None:
    """Without demand no unit has a value above its lane: nothing is a candidate."""
    units = cell(np.zeros((6, 3))).units
    assert (units.value[~units.on_hand] <= 1.0).all()


def some_terms(**more: float) -> Terms:
    """Money of one cell: b 3, c 1, e 2, h .1, nothing ever closes; reviews a week apart."""
    money = {"benefit": 3.0, "next_cost": 1.0, "exit_cost": 2.0, "holding": 0.1}
    money |= {"closing": 0.0, "closing_lead": 0.0, **more}
    return Terms(*(np.array([money[name]]) for name in money), review_weeks=1, span_weeks=1)


def test_a_unit_one_window_before_the_known_end_sells_or_leaves():
    """Half the weeks want a unit: R(1) = min(1, .5 x 3 + .5 (-2 - .1)); the second only leaves."""
    law, terms = np.array([[0.5, 0.5, 0.0]]), some_terms()
    found = ending_worth(law, terms, None, np.array([1]))
    assert found[0].tolist() == pytest.approx([0.45, -2.0])
    over = ending_worth(law, terms, None, np.array([0]))
    assert over[0].tolist() == [-2.0, -2.0]


def test_a_far_end_is_worth_what_no_end_is():
    """After many windows the known end no longer matters."""
    law, terms = np.array([[0.5, 0.3, 0.2]]), some_terms(closing=0.02)
    far = ending_worth(law, terms, None, np.array([400]))
    assert far == pytest.approx(stationary_worth(law, terms), abs=1e-6)


@pytest.mark.parametrize(
    ("money", "allowed"), [("thin margin", 0.04), ("parcel saving, dear exit", 0.01)]
)
def test_a_season_with_a_known_last_week_is_planned_like_its_dynamic_program(money, allowed):
    """Twenty weeks up and down, eight of them foreseen: within 1 %, 4 % of a thin margin."""
    terms = seasons.MONEY[money]
    laws = [weekly_law("poisson", mean) for mean in seasons.season(0.5)]
    best, levels = seasons.optimum(laws, terms, 16)
    orders = seasons.planned(laws, terms, int(levels.max()) + 3, 8)
    assert seasons.earned(laws, terms, orders, 16) >= (1.0 - allowed) * best
