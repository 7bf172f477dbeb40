"""Levels of cells: chances by hand, silence, new cells, and what they never know."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Pools
from foreship_forecast.levels.cell_levels import (
    CHANCES,
    COMES_BACK,
    HAZARD,
    CellLevels,
    Levels,
    _alive,
    _discounted,
    _since_sale,
)
from foreship_forecast.levels.known_effects import KnownAhead
from foreship_forecast.levels.pace import MEMORIES, OWN_WEEKS
from foreship_foundation.arrays import Floats
from tests.forecast.changed_panels import renamed, with_another_future, with_outage
from tests.forecast.levels.small_markets import anything_ahead, market, paces, stated, swept
from tests.forecast.slow_levels import Market, SlowLevels
from tests.forecast.small_market import panel_of_cells, random_panel

MATRICES = tuple(each.name for each in fields(CellLevels) if each.name != "first")


def of_last_week(panel: Panel, levels: CellLevels) -> Levels:
    """Return the levels of all cells for the week after the last one."""
    cells, weeks = panel.shape
    last = np.full(cells, weeks - 1)
    pace = paces(panel).now(panel.codes.item, panel.codes.region)[:, -1]
    return levels.at(np.arange(cells), last, pace)


def test_discounted_sum_by_hand() -> None:
    """Ten, then four kept at a half; the unknown week between them changes nothing."""
    found = _discounted(np.array([[10.0, 99.0, 4.0]]), np.array([[True, False, True]]), 0.5)
    assert found.tolist() == [[10.0, 10.0, 9.0]]


def test_silence_counts_from_the_last_sale() -> None:
    """Sales expected and known weeks since it; from the first week on where there was none."""
    expected = np.array([[0.5, 0.5, 0.0, 0.25], [0.5, 0.5, 0.0, 0.25]])
    sold = np.array([[False, True, False, False], [False, False, False, False]])
    known = np.array([[True, True, False, True]] * 2)
    silence, gap = _since_sale(expected, sold, known)
    assert silence.tolist() == [[0.5, 0.0, 0.0, 0.25], [0.5, 1.0, 1.0, 1.25]]
    assert gap.tolist() == [[1, 0, 0, 1], [1, 2, 2, 3]]


def test_alive_by_hand() -> None:
    """Three silent weeks with .9 sales expected, against a stop in one of them (eq. 62)."""
    stays = (1 - HAZARD) * np.exp(-0.3)
    died = HAZARD * (1 + stays + stays**2)
    found = _alive(np.array([0.9, 0.0]), np.array([3.0, 0.0]))
    assert found == pytest.approx([stays**3 / (stays**3 + died), 1.0])


def test_alive_falls_with_silence() -> None:
    """From near 1 down to the share that may come back, whatever was expected a week."""
    weeks = np.arange(1.0, 121.0)
    for often in (0.02, 0.3, 3.0):
        alive = _alive(often * weeks, weeks)
        assert (np.diff(alive) <= 0).all()
        assert alive[0] > 0.9 and alive[-1] >= COMES_BACK
    assert _alive(np.array([360.0]), np.array([120.0])).tolist() == [COMES_BACK]
    # who hardly sells is not given up after half a year
    assert _alive(np.array([0.02 * 26]), np.array([26.0]))[0] > 0.85


def test_a_slow_cell_by_hand() -> None:
    """One unit in every tenth week, in a market of nothing else: its own chance and its pools'.

    All cells alike, so that paces stand still and the pools say the same; of the longest memory.
    """
    weeks, cells = 80, 40
    cell = np.arange(cells)
    units = (np.arange(weeks)[None, :] % 10 == (cell // 10 * 3 + cell)[:, None] % 10).astype(int)
    panel = panel_of_cells(
        units,
        np.ones(units.shape, dtype=bool),
        np.repeat(np.arange(4), 10),
        np.tile(np.arange(10), 4),
    )
    levels, pools = swept(panel), Pools.of(panel)
    kept = MEMORIES[-1] ** np.arange(weeks)[::-1]
    own = (kept * units[3]).sum()
    chance = (own + OWN_WEEKS * 0.1) / (kept.sum() + OWN_WEEKS)
    found = -np.expm1(-levels.slow_intensity[3, -1] * levels.slow_pace[3, -1])
    assert pools.sales.item[3, -1] == pytest.approx(0.1, rel=0.05)
    assert found == pytest.approx(chance, rel=0.05)
    said = of_last_week(panel, levels)
    assert said.chance.min() > 0.06 and said.chance.max() < 0.16
    assert said.chance.mean() == pytest.approx(0.1, rel=0.1)
    assert said.extra.max() == 0.05  # each sale is of one unit


def test_sizes_by_hand() -> None:
    """Every sale is of three: two beyond the first, as the pools say as well."""
    rng = np.random.default_rng(2)
    units = 3 * (rng.random((32, 60)) < 0.4)
    panel = panel_of_cells(
        units,
        np.ones(units.shape, dtype=bool),
        np.repeat(np.arange(4), 8),
        np.tile(np.arange(8), 4),
    )
    levels = swept(panel)
    assert np.median(levels.extra[:, -1]) == pytest.approx(2.0, rel=0.1)
    said = of_last_week(panel, levels)
    assert said.units == pytest.approx(said.chance * (1.0 + said.extra))
    assert said.units.mean() == pytest.approx(1.2, rel=0.1)


def dead_market(silent: int, weeks: int = 130) -> tuple[float, Floats]:
    """Return p of a cell of six a week silent for some weeks, and of the others, beside it."""
    rate = np.full((4, 5, weeks), 6.0)
    rate[0, 0, weeks - silent :] = 0.0
    panel = market(rate)
    levels = swept(panel)
    assert levels.alive[0, weeks - silent - 1] == 1.0
    said = of_last_week(panel, levels)
    return float(said.chance[0]), said.chance[1:]


@pytest.mark.parametrize(("silent", "most"), [(4, 0.1), (8, 0.02), (110, 0.02)])
def test_a_cell_that_stopped_is_given_up(silent: int, most: float) -> None:
    """Six a week before; the chance of a sale falls within weeks and stays there for years."""
    dead, living = dead_market(silent)
    assert dead <= most
    assert np.median(living) > 0.95 and living.min() > 0.85


def test_a_sale_brings_a_cell_back() -> None:
    """After half a year of silence it sells: alive for certain, and likely to sell again."""
    rate = np.full((4, 5, 80), 2.0)
    rate[0, 0, 40:] = 0.0
    panel = market(rate)
    units = panel.units.copy()
    units[0, -1] = 2
    levels = swept(replace(panel, units=units))
    assert levels.alive[0, -2] < 0.02
    assert levels.alive[0, -1] == 1.0
    assert of_last_week(replace(panel, units=units), levels).chance[0] > 0.2


def test_a_new_cell_takes_its_pools() -> None:
    """Never seen: its item's chance and size in its region, alive as far as anybody knows."""
    rate = np.ones((4, 6, 60)) * np.linspace(0.2, 2.0, 6)[None, :, None]
    known = np.ones(rate.shape, dtype=bool)
    known[0, 3] = False
    panel = market(rate, known)
    entered = np.where(np.arange(24) == 3, 60, 0)
    panel = replace(panel, entered=entered)
    pools, levels = Pools.of(panel), swept(panel)
    assert levels.share[3, -1] == pytest.approx(pools.units.region_ratio[0, -1])
    assert levels.alive[3, -1] == 1.0 and levels.silence[3, -1] == 0.0
    said = of_last_week(panel, levels)
    pooled = pools.sales.item[3, -1] * pools.sales.region_ratio[0, -1]
    assert said.chance[3] == pytest.approx(pooled, rel=0.15)
    assert said.units[3] == pytest.approx(rate[0, 3, 0], rel=0.25)


def test_levels_stay_in_range() -> None:
    """No pace, and one beyond all reason: chances that histories can tell apart, some units."""
    panel = market(np.full((2, 3, 30), 2.0))
    levels, at = swept(panel), (np.arange(6), np.full(6, 29))
    for pace in (1e-9, 1e9):
        said = levels.at(*at, np.full(6, pace))
        assert ((said.chance >= CHANCES[0]) & (said.chance <= CHANCES[1])).all()
        assert (said.units >= 0.01).all() and (said.extra >= 0.05).all()


def test_a_pace_moves_chance_and_size_together() -> None:
    """Twice the pace: twice the units, by the chance where it has room, else by sizes."""
    rate = np.ones((2, 4, 60)) * np.array([0.3, 0.5, 2.0, 20.0])[None, :, None]
    panel = market(rate)
    levels = swept(panel)
    at = np.arange(8), np.full(8, 59)
    pace = paces(panel).now(panel.codes.item, panel.codes.region)[:, -1]
    one, two = levels.at(*at, pace), levels.at(*at, 2.0 * pace)
    assert two.units == pytest.approx(2.0 * one.units, rel=0.15)
    assert two.chance[0] > 1.4 * one.chance[0]
    assert two.extra[3] == pytest.approx(2.0 * one.extra[3], rel=0.15)


@settings(max_examples=3)
@given(st.integers(0, 2**32 - 1))
def test_levels_are_what_sums_over_weeks_give(seed: int) -> None:
    """With events, promotions, prices and cells known for their first sale, in plain Python."""
    rng = np.random.default_rng(seed)
    panel = random_panel(rng, regions=3, items=4, weeks=45)
    panel = replace(panel, tries_before=rng.integers(-1, 4, 12))
    ahead = anything_ahead(panel, rng, 4)
    pools, pace = Pools.of(panel), paces(panel, ahead)
    levels = CellLevels.of(panel, pools, pace, ahead, slice(0, 12))
    for cell, origin in zip(rng.integers(0, 12, 8), rng.integers(0, 45, 8), strict=True):
        slow = SlowLevels(Market(panel, pools, pace, ahead), int(cell), int(origin))
        for name in MATRICES:
            found = getattr(levels, name)[cell, origin]
            assert found == pytest.approx(getattr(slow, name), rel=1e-9, abs=1e-12), name
        said = levels.at(np.array([cell]), np.array([origin]), np.array([1.7 * slow.now]))
        expected = slow.at(1.7 * slow.now)
        assert (said.units[0], said.chance[0], said.extra[0]) == pytest.approx(expected, rel=1e-9)


def test_silence_in_a_promotion_says_more() -> None:
    """A silent week counts with the effect that was known of it, not of the week before."""
    rate = np.full((3, 4, 40), 3.0)
    rate[:, :, 20:24] = 9.0
    rate[0, 0, 37:] = 0.0
    panel = market(rate)
    promotion = np.zeros((12, 44), dtype=np.float32)
    promotion[:, 20:24] = 1.0
    added = []
    for last in (0.0, 1.0):
        promotion[0, 38] = last
        ahead = KnownAhead((), stated(promotion, 0.0), None, panel.codes.region)
        added.append(np.diff(swept(panel, ahead).silence[0]))
        effect = np.exp(paces(panel, ahead).effects[37, 0])
    assert effect > 2.0
    assert added[1][36] == added[0][36]
    assert added[1][37] == pytest.approx(effect * added[0][37])
    assert added[1][38] < added[0][38] * 1.5


def test_blocks_change_nothing() -> None:
    """Swept in parts or all at once, levels are the same to the bit."""
    rng = np.random.default_rng(3)
    panel = random_panel(rng, regions=3, items=4, weeks=50)
    ahead = anything_ahead(panel, rng, 4)
    whole = swept(panel, ahead)
    for part in (slice(0, 5), slice(5, 12)):
        block = swept(panel, ahead, part)
        for name in MATRICES:
            assert getattr(block, name).tobytes() == getattr(whole, name)[part].tobytes(), name


def test_weeks_that_are_not_asked_for_change_none() -> None:
    """Laid out from the thirtieth week on, levels are those of the whole, also of rows."""
    rng = np.random.default_rng(3)
    panel = random_panel(rng, regions=3, items=4, weeks=50)
    ahead = anything_ahead(panel, rng, 4)
    whole, pools = swept(panel, ahead), Pools.of(panel)
    late = CellLevels.of(panel, pools, paces(panel, ahead), ahead, slice(0, 12), 0, 30)
    for name in MATRICES:
        assert getattr(late, name).tobytes() == getattr(whole, name)[:, 30:].tobytes(), name
    at = np.arange(12), np.repeat([30, 41, 49], 4)
    mine, its = (each.at(*at, np.full(12, 1.3)) for each in (late, whole))
    assert mine.units.tolist() == its.units.tolist()


@settings(max_examples=3)
@given(st.integers(0, 2**32 - 1), st.integers(5, 40))
def test_no_week_knows_a_later_one(seed: int, last: int) -> None:
    """Other sales and other weeks sold out after it: all up to it is the same to the bit."""
    rng = np.random.default_rng(seed)
    panel = random_panel(rng, regions=3, items=4, weeks=44)
    ahead = anything_ahead(panel, rng, 4)
    one, other = swept(panel, ahead), swept(with_another_future(panel, last, rng), ahead)
    for name in MATRICES:
        mine, its = getattr(one, name)[:, : last + 1], getattr(other, name)[:, : last + 1]
        assert mine.tobytes() == its.tobytes(), name


def test_names_change_nothing() -> None:
    """Items and regions in another order of the alphabet: each cell has the levels it had."""
    rng = np.random.default_rng(9)
    panel = random_panel(rng, regions=4, items=5, weeks=60)
    changed, cells = renamed(panel, rng.permutation(4), rng.permutation(5))
    before, after = swept(panel), swept(changed)
    for name in MATRICES:
        values = getattr(before, name)[cells]
        assert getattr(after, name) == pytest.approx(values, rel=1e-9, abs=1e-12), name


def test_an_outage_leaves_all_as_it_was() -> None:
    """Four weeks of which nothing is known: nobody is more silent, and nothing after it differs."""
    panel = random_panel(np.random.default_rng(5), regions=3, items=5, weeks=40)
    panel = replace(
        panel, censored=np.zeros_like(panel.known), units=np.where(panel.known, panel.units, 0)
    )
    before, after = swept(panel), swept(with_outage(panel, 25, 4))
    seen = panel.known[:, :25].any(axis=1)
    for name in MATRICES:
        found, values = getattr(after, name), getattr(before, name)
        assert np.delete(found, slice(25, 29), axis=1).tobytes() == values.tobytes(), name
        # how clumped an item is is read beside all other items, which an outage does not touch
        if name != "clumps":
            assert (found[seen, 25:29] == found[seen, 24:25]).all(), name
