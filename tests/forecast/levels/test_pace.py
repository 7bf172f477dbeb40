"""Paces: what they follow, what they hold against an accident, and what they never know."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Pools
from foreship_forecast.levels.known_effects import KnownAhead
from foreship_forecast.levels.pace import (
    AROUND,
    OWN_WEEKS,
    Pace,
    _log_miss,
    _middle,
    pace_of,
    share_of_item,
)
from foreship_foundation.arrays import Floats
from tests.forecast.changed_panels import renamed, with_another_future, with_outage
from tests.forecast.levels.small_markets import anything_ahead, market, paces, stated, swept
from tests.forecast.small_market import panel_of_cells, random_panel

BY_WEEK = {"memories", "effects", "network_miss"}


def upto(pace: Pace, name: str, weeks: int) -> Floats:
    """Return a field as far as it was known when `weeks` weeks were over."""
    values: Floats = getattr(pace, name)
    if name in BY_WEEK:
        return values[:weeks]
    # what came around a week is known a while later
    return values[..., : weeks - AROUND if name == "around" else weeks]


def test_share_of_item_by_hand() -> None:
    """Ten units of 20 due in all, 4 in a week; two such weeks at the pools' 1.5 (eq. 59)."""
    found = share_of_item(np.array([10.0]), np.array([20.0]), np.array([4.0]), np.array([1.5]))
    assert found == pytest.approx([(10 + OWN_WEEKS * 1.5 * 4) / (20 + OWN_WEEKS * 4)])


def test_log_miss_by_hand() -> None:
    """Three usual cells sold where one was said, at a mass of 8 units due; NaN has no miss."""
    came, said = np.array([3.0, np.nan, 3.0]), np.array([1.0, 1.0, 1.0])
    miss, mass = _log_miss(came, said, np.array([8.0, 8.0, 0.0]), np.array([2.0, 2.0, 0.0]))
    assert miss == pytest.approx([np.log((3 * 4 + 1) / (4 + 1)), 0.0, 0.0])
    assert mass.tolist() == [4.0, 4.0, 0.0]


def test_steady_cells_have_their_rates() -> None:
    """Items of 4, 8 and 16 a week in regions of .5 and 1.5: pace times share, at every horizon."""
    rate = np.array([0.5, 1.5])[:, None, None] * np.array([4.0, 8.0, 16.0])[None, :, None]
    rate = np.broadcast_to(rate, (2, 3, 80))
    panel = market(rate)
    pace, share = paces(panel), swept(panel).share[:, -1]
    item, region = panel.codes.item, panel.codes.region
    for level, place in zip(pace.level[:, :, -1], pace.region[:, :, -1], strict=True):
        assert share * level[item] * place[region] == pytest.approx(rate[:, :, 0].ravel(), rel=0.25)
    assert pace.memories.sum(axis=1) == pytest.approx(np.ones(80))


def test_items_follow_the_network() -> None:
    """All sell twice as much for a month: known as much of an item that hardly sells."""
    rate = np.full((4, 8, 60), 8.0)
    rate[:, 5] = 0.2
    rate[:, :, -4:] *= 2.0
    pace = paces(market(rate))
    moved = pace.level[0, :, -1] / pace.level[0, :, -5]
    assert moved == pytest.approx(np.full(8, 2.0), rel=0.25)


@pytest.mark.parametrize("times", [3.0, 1 / 3])
def test_an_item_that_changes_is_followed_alone(times: float) -> None:
    """Three weeks of three times or a third of it: the others stay where they were."""
    rate = np.full((6, 8, 60), 5.0)
    rate[:, 2, -3:] *= times
    pace = paces(market(rate))
    moved = pace.level[0, :, -1] / pace.level[0, :, -4]
    assert moved[2] == pytest.approx(times, rel=0.25)
    assert np.delete(moved, 2) == pytest.approx(np.ones(7), rel=0.12)
    # the cells' own shares of their item stay what they were: the change is the item's
    assert pace.observed[2, -1] == pytest.approx(5.0 * times, rel=0.25)


@pytest.mark.parametrize("weeks_ago", [1, 6])
def test_one_week_of_one_cell_is_no_news_of_others(weeks_ago: int) -> None:
    """Sixty units in a cell of five a week: other items within 1 %, its own below a fifth."""
    panel = market(np.full((6, 8, 60), 5.0))
    units = panel.units.copy()
    units[2, -weeks_ago] = 60
    usual, once = paces(panel), paces(replace(panel, units=units))
    moved = once.level[:, :, -1] / usual.level[:, :, -1]
    assert moved[:, 2] == pytest.approx(np.ones(4), rel=0.2)
    assert np.delete(moved, 2, axis=1) == pytest.approx(np.ones((4, 7)), rel=0.01)


def test_a_promotion_teaches_items_that_never_had_one() -> None:
    """Half of the items are promoted to twice their sales: the effect is one for all cells."""
    shape = (4, 8, 64)
    rng = np.random.default_rng(4)
    promotion = (rng.random(shape) < 0.15) & (np.arange(8) < 4)[None, :, None]
    promotion[:, :, 60:] = False
    panel = market(5.0 * np.where(promotion, 2.0, 1.0)[:, :, :60])
    plan = stated(promotion.reshape(32, 64).astype(np.float32), 0.0)
    ahead = KnownAhead((), plan, None, panel.codes.region)
    pace = paces(panel, ahead)
    assert pace.effects[-1] == pytest.approx([np.log(2.0)], abs=0.15)
    # and no pace takes promotions for its own
    blind = paces(panel)
    assert pace.level[0, :4, 20:].mean() == pytest.approx(5.0, rel=0.06)
    assert blind.level[0, :4, 20:].mean() > 5.0 * 1.1


def yearly_peak(weeks: int) -> Floats:
    """Return rates of 6 items, of which one sells six times as much in a week of each year."""
    rate = np.full((5, 6, weeks), 3.0)
    rate[:, 2, 30::52] *= 6.0
    return rate


def test_a_peak_of_last_year_is_expected_again() -> None:
    """Most of it after one year, nearly all after two; other weeks and items expect nothing."""
    pace = paces(market(yearly_peak(134)))
    at = np.arange(6), np.full(6, 81), np.ones(6, dtype=np.int64)
    echo = pace.echo(*at)
    assert 0.5 * np.log(6) < echo[2] < np.log(6)
    assert np.delete(echo, 2) == pytest.approx(np.zeros(5), abs=0.1)
    assert abs(pace.echo(at[0], at[1] + 2, at[2])[2]) < 0.15
    again = pace.echo(at[0], at[1] + 52, at[2])
    assert again[2] > echo[2] and again[2] > 0.8 * np.log(6)
    # the week is seen three weeks ahead, too
    ahead = pace.ahead(np.array([2]), np.array([0]), np.array([79]), np.array([3]))
    assert ahead[0] > 2.5 * pace.level[2, 2, 79] * pace.region[2, 0, 79]


def test_a_year_without_the_week_of_the_peak_says_nothing_against_it() -> None:
    """Sold out everywhere in the week of last year's peak: it may still come again."""
    rate = yearly_peak(84)
    rate[:, 2, 82] = 3.0
    there = np.ones(rate.shape, dtype=bool)
    sold_out = there.copy()
    sold_out[:, 2, 82] = False
    again = [paces(market(rate, known)).again[2] for known in (there, sold_out)]
    assert again[0][82] < again[0][81] - 0.2
    assert again[1][82] == pytest.approx(again[1][81], abs=1e-3)


def test_strangeness_is_of_what_moved_and_of_what_was_missed() -> None:
    """Both next to nothing in a steady market, and large in the last week of a change."""
    rate = np.full((6, 8, 60), 5.0)
    rate[:, 2, -1] *= 4.0
    pace = paces(market(rate))
    found = pace.strangeness(np.arange(8), np.full(8, 59), np.ones(8, dtype=np.int64))
    assert found.shape == (3, 8)
    assert found[1, 2] > 1.0
    assert np.delete(found[:2], 2, axis=1).max() < 0.2


@settings(max_examples=3)
@given(st.integers(0, 2**32 - 1), st.integers(14, 70))
def test_no_week_knows_a_later_one(seed: int, last: int) -> None:
    """Other sales and other weeks sold out after it: all up to it is the same to the bit."""
    rng = np.random.default_rng(seed)
    panel = random_panel(rng, regions=3, items=4, weeks=74)
    ahead = anything_ahead(panel, rng, 4)
    one, other = (paces(each, ahead) for each in (panel, with_another_future(panel, last, rng)))
    for name in vars(one):
        mine, its = (upto(each, name, last + 1) for each in (one, other))
        assert mine.tobytes() == its.tobytes(), name
    assert one.level[:, :, last + 1 :].tolist() != other.level[:, :, last + 1 :].tolist()


@settings(max_examples=2)
@given(st.integers(0, 2**32 - 1))
def test_names_change_nothing(seed: int) -> None:
    """Items and regions in another order of the alphabet have the paces they had."""
    rng = np.random.default_rng(seed)
    panel = random_panel(rng, regions=3, items=5, weeks=70)
    ahead = anything_ahead(panel, rng, 4)
    region, item = rng.permutation(3), rng.permutation(5)
    changed, cells = renamed(panel, region, item)
    assert ahead.promotion is not None and ahead.price is not None
    moved = KnownAhead(
        tuple(each[np.argsort(region)] for each in ahead.event),
        ahead.promotion.part(cells),
        ahead.price.part(cells),
        changed.codes.region,
    )
    before, after = paces(panel, ahead), paces(changed, moved)
    for name, values in vars(before).items():
        found = getattr(after, name)
        if name not in BY_WEEK:
            found = np.take(found, region if "region" in name else item, axis=-2)
        assert found == pytest.approx(values, rel=1e-9, abs=1e-12, nan_ok=True), name


def test_an_outage_leaves_all_as_it_was() -> None:
    """Four weeks of which nothing is known: the weeks after them go on to the bit."""
    panel = random_panel(np.random.default_rng(5), regions=3, items=5, weeks=40)
    panel = replace(
        panel, censored=np.zeros_like(panel.known), units=np.where(panel.known, panel.units, 0)
    )
    out = slice(25, 29)
    before, after = paces(panel), paces(with_outage(panel, 25, 4))
    for name in sorted(set(vars(before)) - {"around", "effects"}):
        axis = 0 if name in BY_WEEK else -1
        found = np.delete(getattr(after, name), out, axis=axis)
        assert found.tobytes() == getattr(before, name).tobytes(), name
    for name in ("level", "slow", "region"):
        still = getattr(after, name)[..., out]
        assert (still == getattr(after, name)[..., [24]])[..., _seen(panel, name), :].all(), name


def _seen(panel: Panel, name: str) -> np.ndarray:
    """Return the items that were seen before the outage, or all regions."""
    if name == "region":
        return np.ones(len(panel.codes.regions), dtype=bool)
    sold = (panel.known & (panel.entered[:, None] < np.arange(40)))[:, :25].any(axis=1)
    return np.bincount(panel.codes.item, sold, len(panel.codes.items)) > 0


def test_one_item_sold_out_keeps_its_pace_beside_the_others() -> None:
    """Out for six weeks in all regions, while the others go on: as much against them as before."""
    known = np.ones((5, 6, 60), dtype=bool)
    known[:, 2, 50:56] = False
    panel = market(np.full(known.shape, 4.0), known)
    pace = paces(panel)
    own = pace.level[0, 2] / pace.level[0, :2].mean(axis=0)
    assert own[55] == pytest.approx(own[49], rel=0.1)
    assert np.isnan(pace.came[2, 50:56]).all()
    assert (pace.mass[2, 50:56] == 0).all()


def test_swings_of_single_weeks_do_not_pull_paces_away() -> None:
    """Cells of hundreds of units that swing tenfold from week to week: what is due stays near."""
    rng = np.random.default_rng(3)
    regions, items, weeks = 12, 6, 96
    usual = (
        rng.gamma(2.0, 60.0, items)[None, :, None] * rng.gamma(4.0, 0.25, regions)[:, None, None]
    )
    swing = np.exp(rng.normal(0.0, 1.2, (1, items, weeks)) - 0.72)
    units = rng.poisson(usual * swing).reshape(regions * items, weeks).astype(np.int32)
    panel = panel_of_cells(
        units,
        np.ones(units.shape, dtype=bool),
        np.repeat(np.arange(regions), items),
        np.tile(np.arange(items), regions),
        entered=np.zeros(regions * items, dtype=np.int64),
    )
    ahead = KnownAhead((), None, None, panel.codes.region)
    pace = pace_of(panel, Pools.of(panel), ahead, 1)
    assert abs(pace.network_miss[-40:].mean()) < 1.0
    assert (np.abs(np.log(pace.region[0, :, -1])) < 0.5).all()


def test_the_middle_leaves_out_what_is_unknown() -> None:
    """Odd and even numbers of known values, a single one, and none: then 1."""
    nan = np.nan
    values = [[5.0, nan, 1.0, 2.0], [nan, 4.0, nan, 3.0], [nan, nan, 7.0, nan], [nan] * 4]
    assert _middle(np.array(values)).tolist() == [2.0, 3.5, 7.0, 1.0]
