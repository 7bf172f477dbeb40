"""Micro-aggregation: who shares a forecast with whom, and what they say together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.counts.law import DISPERSIONS, CountLaw
from foreship_forecast.heads.micro_aggregation import Groups, SmallCells, in_units
from foreship_forecast.history.panel import Panel
from foreship_foundation.orders.buyers import buyers_of
from tests.forecast.small_market import AS_OF, panel_of_cells

WEEKS = 3


def market(regions: int, items: int, lot: list[int] | None = None) -> Panel:
    """Return a panel of every region and item, all with a history."""
    cells = regions * items
    panel = panel_of_cells(
        units=np.ones((cells, 6), dtype=np.int64),
        known=np.ones((cells, 6), dtype=bool),
        region=np.repeat(np.arange(regions), items),
        item=np.tile(np.arange(items), regions),
    )
    return panel if lot is None else replace(panel, lot=np.tile(lot, regions))


def table_of(panel: Panel, count: list[int] | np.ndarray) -> pd.DataFrame:
    """Return the buyers of each cell."""
    region, item = panel.codes.names()
    return pd.DataFrame({"region": region, "item": item, "customers": np.ravel(count)})


def random_law(cells: int, seed: int = 0) -> CountLaw:
    """Return a law of each cell and week."""
    rng = np.random.default_rng(seed)
    rows = cells * WEEKS
    return CountLaw(
        rng.uniform(0.01, 0.9, rows), rng.gamma(1.0, 3.0, rows), rng.uniform(0.2, 9.0, rows)
    )


def shared(
    panel: Panel, table: pd.DataFrame, law: CountLaw, least: int = 3
) -> tuple[CountLaw, Groups, SmallCells]:
    """Return what is said of all cells of the panel."""
    small = SmallCells.of(panel, table, least)
    return *small.shared(panel, np.flatnonzero(panel.offered), law), small


def descriptions(law: CountLaw, cells: int) -> list[tuple[bytes, ...]]:
    """Return all that is said of each cell, week by week."""
    columns = (law.chance, law.extra, law.dispersion, law.units_of_one())
    return [
        tuple(column.reshape(cells, -1)[cell].tobytes() for column in columns)
        for cell in range(cells)
    ]


@st.composite
def sales(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, int, int]]]:
    """Return regions, items and who bought what where; a customer buys many items of a region."""
    regions, items = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    most = draw(st.integers(0, 5))
    line = st.tuples(st.integers(0, regions - 1), st.integers(0, items - 1), st.integers(0, most))
    return regions, items, draw(st.lists(line, min_size=1, max_size=60))


@settings(max_examples=60)
@given(sold=sales(), least=st.integers(2, 6), seed=st.integers(0, 5), dozen=st.booleans())
def test_no_description_rests_on_fewer_customers(
    sold: tuple[int, int, list[tuple[int, int, int]]], least: int, seed: int, dozen: bool
) -> None:
    """All cells that say the same have that many customers together, each named and counted once.

    Those for which pools speak are left alone; they are the ones that no group could hold.
    """
    regions, items, bought = sold
    orders = pd.DataFrame(
        [(f"R{r:02d}", f"I{i:02d}", f"{r}/{who}") for r, i, who in bought],
        columns=["region", "item", "customer"],
    ).assign(date=AS_OF - pd.Timedelta(weeks=1))
    panel = market(regions, items, [12 if dozen and i % 2 else 1 for i in range(items)])
    law, _, small = shared(panel, buyers_of(orders), random_law(regions * items, seed), least)
    who = orders.groupby(["region", "item"])["customer"].agg(set).to_dict()
    together: dict[tuple[bytes, ...], set[str]] = {}
    said = descriptions(law, regions * items)
    for cell, text in zip(zip(*panel.codes.names(), strict=True), said, strict=True):
        together.setdefault(text, set()).update(who.get(cell, set()))
    for text, lone in zip(said, small.lone, strict=True):
        assert lone or len(together[text]) >= least
    if small.lone.any():
        singly = small.lot == 1
        largest = pd.Series(small.count[singly]).groupby(panel.codes.region[singly]).max()
        assert largest.sum() < least


def test_a_group_keeps_its_units_and_its_sales() -> None:
    """Week by week the cells expect together what they expected, and sell as often."""
    panel = market(6, 5)
    law = random_law(30)
    found, groups, _ = shared(panel, table_of(panel, [1] * 30), law)
    assert (groups.of >= 0).all()
    assert len(np.unique(groups.of)) >= 6
    key = groups.of.repeat(WEEKS) * WEEKS + np.tile(np.arange(WEEKS), 30)
    for before, after in (
        (law.chance, found.chance),
        (law.chance * (1 + law.extra), found.chance * (1 + found.extra)),
    ):
        assert np.bincount(key, after) == pytest.approx(np.bincount(key, before))
    # the shape is that of either cell drawn at random, but for what a negative binomial cannot be
    draws = np.random.default_rng(1)
    mine = np.flatnonzero(key == key[0])
    cell = draws.choice(mine, 200_000, p=law.chance[mine] / law.chance[mine].sum())
    r = law.dispersion[cell]
    beyond = draws.negative_binomial(r, r / (r + law.extra[cell]))
    variance = found.extra[0] + found.extra[0] ** 2 / found.dispersion[0]
    assert beyond.mean() == pytest.approx(found.extra[0], rel=0.02)
    assert beyond.var() == pytest.approx(variance, rel=0.05)


def test_cells_nearly_alike_stay_nearly_as_they_were() -> None:
    """400 small cells in 20 regions: chance and size move by far less than cells differ."""
    panel = market(20, 20)
    law = random_law(400, seed=4)
    level = np.random.default_rng(4).normal(-2.0, 1.2, 400)
    size = np.random.default_rng(5).gamma(1.0, 3.0, 400)
    law = replace(law, chance=(1 / (1 + np.exp(-level))).repeat(WEEKS), extra=size.repeat(WEEKS))
    found, _, _ = shared(panel, table_of(panel, [1] * 400), law)
    odds = np.log(found.chance / (1 - found.chance))
    assert np.sqrt(np.mean((odds[::WEEKS] - level) ** 2)) < 0.25 * level.std()
    assert np.sqrt(np.mean((np.log1p(found.extra) - np.log1p(law.extra)) ** 2)) < 0.3


def test_all_weeks_of_a_cell_are_one_description() -> None:
    """A cell that would be grouped otherwise by a later week keeps its group."""
    panel = market(6, 1)
    first, second = np.array([0.1, 0.11, 0.12, 0.3, 0.31, 0.32]), [0.12, 0.1, 0.14, 0.36, 0.28, 0.3]
    chance = np.column_stack([first, second])
    law = CountLaw(chance.ravel(), np.zeros(12), np.ones(12))
    small = SmallCells.of(panel, table_of(panel, [1] * 6), 3)
    found, groups = small.shared(panel, np.arange(6), law)
    assert groups.of.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.chance.reshape(6, 2)[:3] == pytest.approx(np.tile([0.11, 0.12], (3, 1)))


def test_large_cells_are_left_alone_where_small_ones_suffice() -> None:
    """They say what they said; so does a cell that may not be stocked, whatever it sold."""
    panel = market(4, 3)
    panel = replace(panel, offered=np.arange(12) != 5)
    large = np.delete(np.tile([True, False, True], 4), 5).repeat(WEEKS)
    law = random_law(11)
    law = replace(law, chance=np.where(large, law.chance, 0.05), extra=np.where(large, 1.0, 0.2))
    found, groups, small = shared(panel, table_of(panel, [9, 1, 9] * 4), law)
    for name in ("chance", "extra", "dispersion"):
        assert getattr(found, name)[large].tolist() == getattr(law, name)[large].tolist()
    assert np.flatnonzero(groups.of >= 0).tolist() == np.flatnonzero(~large[::WEEKS]).tolist()
    assert not small.grouped[5]


def test_small_cells_of_one_region_join_the_large_cell_nearest_to_them() -> None:
    """Of one region no number of small cells holds three buyers for sure."""
    panel = market(1, 6)
    chance = np.array([0.11, 0.1, 0.5, 0.9, 0.52, 0.48]).repeat(WEEKS)
    law = CountLaw(chance, np.zeros(18), np.ones(18))
    found, groups, _ = shared(panel, table_of(panel, [1, 8, 8, 8, 1, 1]), law)
    assert groups.of[0] == groups.of[1]
    assert groups.of[2] == groups.of[4] == groups.of[5]
    assert groups.of[3] == -1
    assert found.chance[::WEEKS] == pytest.approx([0.105, 0.105, 0.5, 0.9, 0.5, 0.5])


def test_where_all_cells_together_are_too_few_none_speaks() -> None:
    """Two buyers a cell in one region: pools speak for all, counted in units."""
    panel = market(1, 4, [1, 1, 12, 1])
    _, groups, small = shared(panel, table_of(panel, [2] * 4), random_law(4))
    assert small.lone.all()
    assert not small.grouped.any()
    assert (groups.of == -1).all()
    assert small.lot.tolist() == [1, 1, 1, 1]
    # a third region with a buyer lifts them to three
    wider = market(2, 4)
    assert SmallCells.of(wider, table_of(wider, [2] * 4 + [1] * 4), 3).grouped.all()


def test_a_lot_of_few_buyers_is_said_of_nobody() -> None:
    """A dozen that two people order is counted in units; one that many order stays a dozen.

    Its expected units and their variance are kept.
    """
    panel = market(3, 4, [12, 6, 1, 1])
    count = [[1, 1, 1, 9], [1, 1, 1, 9], [0, 1, 1, 9]]
    small = SmallCells.of(panel, table_of(panel, count), 3)
    assert small.lot.reshape(3, 4).tolist() == [[1, 6, 1, 1]] * 3
    law = replace(random_law(12), lot=panel.lot.repeat(WEEKS))
    units = in_units(law, small.lot.repeat(WEEKS))
    dozen = (panel.lot == 12).repeat(WEEKS)
    assert (units.chance * (1 + units.extra) * units.units_of_one()) == pytest.approx(
        law.chance * (1 + law.extra) * law.units_of_one()
    )
    spread = (12 * np.sqrt(law.extra + law.extra**2 / law.dispersion))[dozen]
    now = np.sqrt(units.extra + units.extra**2 / units.dispersion)[dozen]
    tightest = np.sqrt(units.extra + units.extra**2 / DISPERSIONS[1])[dozen]
    assert now == pytest.approx(np.maximum(spread, tightest))
    found, groups, _ = shared(panel, table_of(panel, count), random_law(12))
    assert found.units_of_one()[::WEEKS].tolist() == small.lot.tolist()
    sixes = panel.lot == 6
    assert len(set(groups.of[sixes].tolist())) == 1
    assert set(groups.of[sixes].tolist()).isdisjoint(groups.of[~sixes].tolist())


def test_a_new_cell_tells_the_lot_of_many_buyers_only() -> None:
    """What its item is ordered in is said where three known customers order it."""
    panel = market(3, 2, [12, 12])
    known = panel.known & ~np.isin(np.arange(6), [0, 1])[:, None]
    panel = replace(panel, known=known, units=np.where(known, panel.units, 0))
    table = table_of(panel, [0, 0, 1, 2, 1, 1])
    law, groups, small = shared(panel, table, random_law(6))
    assert small.told.tolist() == [False, True] * 3
    assert law.units_of_one()[::WEEKS].tolist() == [1, 12, 12, 12, 12, 12]
    assert groups.of.tolist() == [-1, -1, 0, 0, 0, 0]
    # pools count in lots of all kinds: what they say is no dozen to be counted over again
    assert law.extra[:WEEKS].tolist() == random_law(6).extra[:WEEKS].tolist()


@pytest.mark.parametrize("least", [1, 3])
def test_where_the_floor_is_off_nothing_is_touched(least: int) -> None:
    """With a floor of one customer, or without any customer known, the law is the same object."""
    panel = market(4, 3)
    table = table_of(panel, [0, 1, 2] * 4)
    law = random_law(12)
    found, groups, small = shared(panel, table if least == 1 else table[:0], law, least)
    assert found is law
    sizes = np.arange(12.0)
    assert groups.mean(sizes).tolist() == sizes.tolist()
    assert small.told.all()


def test_further_values_of_cells_are_shared_alike() -> None:
    """The usual size of an order is its group's mean, one for all its cells."""
    groups = Groups(np.array([0, -1, 1, 0, 1]), WEEKS)
    assert groups.mean(np.array([1.0, 7.0, 2.0, 3.0, 6.0])).tolist() == [2.0, 7.0, 4.0, 2.0, 4.0]


def test_nothing_to_predict_is_no_group() -> None:
    """Where no cell may be stocked there is nobody to describe."""
    panel = replace(market(2, 2), offered=np.zeros(4, dtype=bool))
    law, groups, _ = shared(panel, table_of(panel, [1] * 4), random_law(0))
    assert len(law) == len(groups.of) == 0


def test_groups_of_cells_far_apart_give_way_to_nearer_large_cells() -> None:
    """Forty small cells of one region and one of another would be a single group of all.

    Beside large cells like them each stays near what it said.
    """
    panel = market(2, 81)
    count = np.zeros((2, 81), dtype=np.int64)
    count[0, :40], count[0, 40:80], count[1, 80] = 2, 9, 1
    chance = np.append(np.tile(np.linspace(0.01, 0.8, 40), 2), [0.5])
    law = CountLaw(np.tile(chance, 2).repeat(WEEKS), np.zeros(486), np.ones(486))
    panel = replace(panel, offered=count.ravel() > 0)
    offered = panel.offered.repeat(WEEKS)
    found, groups, _ = shared(panel, table_of(panel, count), law.part(offered))
    assert groups.of[:40].tolist() == groups.of[40:80].tolist()
    assert len(set(groups.of[:40].tolist())) == 40
    assert found.chance == pytest.approx(law.chance[offered], abs=0.02)


def test_a_week_that_stands_out_is_not_thinned() -> None:
    """A promotion known for one item's third week stays with its cells, if they are enough.

    Where three regions do not hold the item it is shared with others, in total unchanged.
    """
    panel = market(6, 4)
    chance = np.random.default_rng(2).uniform(0.05, 0.3, 24).repeat(WEEKS).reshape(24, WEEKS)
    promoted = panel.codes.item == 2
    chance[promoted, 2] *= 2.0
    law = CountLaw(chance.ravel(), np.zeros(72), np.ones(72))
    found, _, _ = shared(panel, table_of(panel, [1] * 24), law)
    lift = found.chance.reshape(24, WEEKS)[:, 2] / found.chance.reshape(24, WEEKS)[:, 0]
    assert lift == pytest.approx(np.where(promoted, 2.0, 1.0))
    few = market(2, 4)
    law = law.part(np.arange(72) < 24)
    thinned, _, _ = shared(few, table_of(few, [2] * 8), law)
    assert thinned.chance.sum() == pytest.approx(law.chance.sum())
