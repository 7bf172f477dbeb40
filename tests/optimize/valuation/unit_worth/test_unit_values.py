"""The value of the k-th unit of a cell: by hand, and never rising with k."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import EconomicsParams, ExitParams, OptimizeParams
from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.valuation.inputs import read_inputs
from foreship_optimize.valuation.unit_worth import unit_values
from foreship_optimize.valuation.unit_worth.unit_values import UnitValuer, UnitValues
from tests.optimize.small_network import demand_of, item, lane, tables_of
from tests.optimize.table_builder import COLUMNS, MONDAY, frame

NEVER_CLOSES = OptimizeParams(
    economics=EconomicsParams(obsolescence_per_year=0.0, lost_sale_share=0.0),
    exits=ExitParams(allowed=("return",), return_handling=0.5),
)


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


@pytest.mark.parametrize(("lying", "wanted"), [(15, 20), (300, 400)])
def test_behind_much_stock_a_unit_is_there_for_the_peak_that_wants_it(lying, wanted) -> None:
    """Fifteen lie, one sells, twenty are wanted next week (or 300 and 400): a unit is there then.

    Units cost 1.15 next week: that is saved, and .1 of holding paid. The stock is deeper than what
    the first window says of ranks.
    """
    week = pd.Timedelta(days=7)
    lanes = [
        lane("H", "R", end=MONDAY + week - pd.Timedelta(days=1)),
        lane("H", "R", 1.15, start=MONDAY + week),
        lane("R", "H"),
    ]
    tables = tables_of(lanes=lanes, stock=[("H", "I", 500), ("R", "I", lying)])
    peak = demand_of({("R", "I"): np.array([[1, wanted, 1, 1, 1, 1]]).T})
    units = assemble(tables, peak, MONDAY, NEVER_CLOSES).units
    assert units.value[~units.on_hand][:6] == pytest.approx([1.05] * 6)


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


@pytest.mark.sweep
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


def shared_valuer() -> UnitValuer:
    """Two cells of unlike demand on 40 paths, H a day away; nothing on hand."""
    rng = np.random.default_rng(5)
    tables = tables_of(
        items=[item("A"), item("B", price=30.0)], lanes=[lane("H", "R", lead=1), lane("R", "H")],
        stock=[("H", "A", 9), ("H", "B", 9)],
    )  # fmt: skip
    demand = demand_of({
        ("R", "A"): rng.poisson(0.6, (5, 40)), ("R", "B"): rng.poisson(7.0, (5, 40)),
    })  # fmt: skip
    return read_inputs(tables, demand, MONDAY, NEVER_CLOSES, 0.0).valuer


def test_neither_the_block_nor_its_company_changes_a_value(monkeypatch) -> None:
    """Together, alone, or a cell a block: the same bits."""
    valuer, both = shared_valuer(), np.array([0, 1])
    together = valuer.arrivals(both, 1)
    alone = [valuer.arrivals(both[[each]], 1) for each in (0, 1)]
    assert UnitValues.joined(alone[::-1]).value.tolist() == together.value.tolist()
    monkeypatch.setattr(unit_values, "BLOCK_PATHS", 1)
    assert valuer.arrivals(both, 1).value.tolist() == together.value.tolist()
    assert UnitValues.joined([]).cell.tolist() == []


def test_a_chance_is_a_share_of_paths() -> None:
    """P_k by counting: demand of the seven days from the arrival on, path by path."""
    valuer = shared_valuer()
    found = valuer.arrivals(np.array([0]), 1)
    wanted = valuer.demand.demand_until(np.array([0]), 8) - valuer.demand.demand_until(
        np.array([0]), 1
    )
    for unit, chance in zip(found.unit.tolist(), found.probability.tolist(), strict=True):
        assert chance == pytest.approx((wanted >= unit).mean())


def test_no_unit_of_a_later_day_is_worth_more_than_its_bound() -> None:
    """Equation 17a, three days after the usual day; beyond that window there is no bound."""
    valuer, both = shared_valuer(), np.array([0, 1])
    own = valuer.arrivals(both, 1)
    chance = np.array([own.probability[own.cell == each][0] for each in (0, 1)])
    most = valuer.most_on_later_day(both, 4, chance)
    late = valuer.arrivals(both, 4)
    assert np.isfinite(most).all()
    assert (late.value <= most[late.cell] + 1e-9).all()
    assert np.isinf(valuer.most_on_later_day(both, 8, chance)).all()


def test_a_cell_whose_first_unit_cannot_pay_is_left_out() -> None:
    """A sale saves 5 of parcel and pays 2 of last mile: a way in at 3 is none."""
    valuer, both = shared_valuer(), np.array([0, 1])
    cost = np.array([3.0, 0.0])
    assert set(valuer.arrivals(both, 1, cost=cost).cell.tolist()) == {1}
