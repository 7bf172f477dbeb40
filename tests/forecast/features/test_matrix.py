"""Features: every column recomputed by loops over one cell's own weeks, masked ones included."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.features import matrix as module
from foreship_forecast.features.matrix import (
    MOST_SKIPPED,
    RHYTHMS,
    YEAR_LAGS,
    Features,
)
from foreship_forecast.features.own_past import LAGS, SHARE_WINDOWS, WINDOWS
from foreship_forecast.features.rows import Rows
from foreship_forecast.history.panel import Panel, panel_of
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.history.sweeps import ratio
from foreship_forecast.levels.cell_levels import CHANCES, CellLevels
from foreship_forecast.levels.rhythm import with_rhythm
from tests.forecast.slow_levels import Market, SlowLevels, within
from tests.forecast.small_market import (
    AS_OF,
    panel_of_cells,
    plain_features,
    random_panel,
    shop,
)

NAN = float("nan")


def some_rows(rng: np.random.Generator, panel: Panel, count: int, horizon: int = 8) -> Rows:
    """Return rows in canonical order, first and last origins included."""
    cells, weeks = panel.shape
    origin = rng.integers(0, weeks, count)
    origin[:2] = 0, weeks - 1
    drawn = np.stack([rng.integers(0, cells, count), origin, rng.integers(1, horizon + 1, count)])
    cell, origin, ahead = drawn[:, np.lexsort(drawn[::-1])]
    return Rows(cell, origin, ahead)


class Cell:
    """One cell's past at one origin, a week at a time."""

    def __init__(self, features: Features, cell: int, origin: int) -> None:
        panel, pools, codes = features.panel, features.pools, features.panel.codes
        self.origin = origin
        self.units = [float(each) for each in panel.wanted[cell]]
        self.known = [bool(each) for each in panel.counted(cell)]
        self.lines = [float(each) for each in panel.lines[cell]]
        self.counted = [week for week in range(origin + 1) if self.known[week]]
        """counted weeks up to the origin, the only ones that own columns know"""
        self.slow = SlowLevels(Market(panel, pools, features.pace, features.ahead), cell, origin)
        one = slice(cell, cell + 1)
        self.pooled = float(pools.units.of_cells(panel, one)[0, origin])
        self.pooled_sales = float(pools.sales.of_cells(panel, one)[0, origin])
        self.at = {
            "item": (pools.item, int(codes.item[cell])),
            "region": (pools.region, int(codes.region[cell])),
            "category": (pools.category, int(codes.category[cell])),
        }
        self.item_share = last_of(pools.item.share(13)[codes.item[cell], : origin + 1])

    def levels(self, horizon: int) -> tuple[dict[str, float], tuple[float, float, float]]:
        """Return the level columns, and the levels with the echo of last year."""
        slow, pace = self.slow, self.slow.market.pace
        item, region = self.at["item"][1], self.at["region"][1]
        row = (np.array([each]) for each in (item, region, self.origin, horizon))
        coming = float(pace.ahead(*row)[0])
        level, chance, extra = slow.at(slow.now)
        columns = {
            "log_level": math.log(level),
            "chance_level": chance,
            "extra_level": math.log(extra),
            "alive": slow.alive,
            "silence": slow.silence,
            "coming": math.log(coming / slow.now),
        }
        _, chance, extra = slow.at(coming)
        panel, at = slow.market.panel, (np.array([0]), np.array([self.origin]))
        sold, known = panel.units[[slow.cell]] > 0, panel.counted([slow.cell])
        beat = with_rhythm(np.array([chance]), sold, known, at, np.array([horizon]))
        chance = within(float(beat[0]), *CHANCES)
        return columns, (chance * (1.0 + extra), chance, extra)

    def own_columns(self, level: float) -> dict[str, float]:
        """Return the columns that read the cell's own counted weeks."""
        found = {}
        for lag in range(LAGS):
            seen = lag < len(self.counted)
            units = self.units[self.counted[-1 - lag]] if seen else NAN
            found[f"lag_{lag}"], found[f"log_lag_{lag}"] = units / level, math.log1p(units)
        for window in WINDOWS:
            past = [self.units[week] for week in self.counted[-window:]]
            found[f"mean_{window}"] = float(np.mean(past)) / level if past else NAN
            found[f"sd_{window}"] = float(np.std(past)) / level if past else NAN
            found[f"max_{window}"] = max(past) / level if past else NAN
        for window in SHARE_WINDOWS:
            found[f"sale_share_{window}"] = self.share(self.counted[-window:])
        sold = [float(each > 0) for each in self.units]
        for name, share, values, scale in (
            ("ewm_0.1", 0.1, self.units, level),
            ("ewm_0.3", 0.3, self.units, level),
            ("sale_share_ewm", 0.1, sold, 1.0),
        ):
            found[name] = self.recent(share, values) / scale
        return found | self._counts() | self._line_columns()

    def share(self, weeks: list[int]) -> float:
        """Return the share of weeks with a sale, blank without any."""
        return over(sum(self.units[week] > 0 for week in weeks), len(weeks))

    def recent(self, share: float, values: list[float]) -> float:
        """Return the exponentially weighted mean of values over counted weeks."""
        weights = [share * (1 - share) ** back for back in range(len(self.counted))]
        weighted = [w * values[at] for w, at in zip(weights, self.counted[::-1], strict=True)]
        return over(sum(weighted), sum(weights))

    def _line_columns(self) -> dict[str, float]:
        found = {"lines_last": self.lines[self.counted[-1]] if self.counted else NAN}
        for window in (4, 13, 52):
            seen = [self.lines[week] for week in self.counted[-window:]]
            found[f"lines_{window}"] = float(np.mean(seen)) if seen else NAN
        for share in (0.05, 0.1, 0.3):
            found[f"lines_ewm_{share}"] = self.recent(share, self.lines)
        return found

    def _counts(self) -> dict[str, float]:
        sold = [self.units[week] > 0 for week in self.counted]
        sales = [self.units[week] for week in self.counted[-52:] if self.units[week] > 0]
        return {
            "weeks_since_sale": float(sold[::-1].index(True)) if any(sold) else NAN,
            "units_a_sale_week": sum(sales) / len(sales) if sales else NAN,
        }

    def row_columns(self, horizon: int, level: float) -> dict[str, float]:
        """Return the columns that read around the target week, or the cell's groups."""
        target, found = self.origin + horizon, {}
        for lag in YEAR_LAGS:
            week = target - lag
            seen = 0 <= week <= self.origin and self.known[week]
            found[f"year_ago_{lag}"] = self.units[week] / level if seen else NAN
        past = set(self.counted)
        for period, most in RHYTHMS.items():
            steps = range(1, most + MOST_SKIPPED // period + 1)
            weeks = [target - period * step for step in steps if target - period * step in past]
            found[f"every_{period}_weeks"] = self.share(weeks[:most])
        for years in (1, 2):
            around = [target - 52 * years + lag for lag in (-1, 0, 1)]
            share = self.share([week for week in around if week in past])
            found[f"sale_share_{years}_years_ago"] = share
        for name, (group, code) in self.at.items():
            year = group.rate(52)[code]
            for label, window in (("last_1", 1), ("last_4", 4), ("last_13", 13)):
                rate = group.rate(window)[code]
                if name == "item":
                    found[f"{name}_{label}"] = last_of(ratio(rate, year)[: self.origin + 1])
            # the three weeks around the target's own, a year before
            week = target - 51
            there = 2 <= week <= self.origin
            found[f"{name}_season"] = over(group.rate(3)[code, week], year[week]) if there else NAN
        found["pool_level"] = self.pooled / level
        found["pool_chance"] = self.pooled_sales
        found["item_sale_share_13"] = self.item_share
        return found


def over(above: float, below: float) -> float:
    """Return a ratio, blank where there is none."""
    return above / below if below > 0 else NAN


def last_of(values: np.ndarray) -> float:
    """Return the last value that is there, blank without any."""
    there = values[~np.isnan(values)]
    return float(there[-1]) if len(there) else NAN


@pytest.mark.sweep
@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.integers(5, 70) | st.just(115))
def test_every_column_is_what_a_loop_over_weeks_gives(seed: int, weeks: int) -> None:
    """On panels with closed, sold-out, censored and unborn weeks, all columns and no others."""
    rng = np.random.default_rng(seed)
    panel = random_panel(rng, regions=3, items=4, weeks=weeks)
    # some cells are known for their first sale alone
    panel = replace(panel, tries_before=rng.integers(-1, 4, len(panel.entered)))
    features = plain_features(panel, 4)
    rows = some_rows(rng, panel, 10)
    table = features.table(rows)
    for place in range(len(rows)):
        horizon = int(rows.horizon[place])
        cell = Cell(features, int(rows.cell[place]), int(rows.origin[place]))
        columns, levels = cell.levels(horizon)
        level = math.exp(columns["log_level"])
        expected = {"horizon": float(horizon)} | columns
        expected |= cell.own_columns(level) | cell.row_columns(horizon, level)
        found = dict(zip(table.names, table.matrix[place].tolist(), strict=True))
        assert found == pytest.approx(expected, rel=1e-5, abs=1e-6, nan_ok=True)
        said = (table.levels.units[place], table.levels.chance[place], table.levels.extra[place])
        assert said == pytest.approx(levels, rel=1e-9)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Swept a cell at a time or all at once, the table is the same to the bit."""
    rng = np.random.default_rng(4)
    features = plain_features(random_panel(rng, regions=3, items=5, weeks=60))
    rows = some_rows(rng, features.panel, 80)
    whole = features.table(rows)
    monkeypatch.setattr(module, "BLOCK_VALUES", 60)
    parts = features.table(rows)
    assert parts.matrix.tobytes() == whole.matrix.tobytes()
    assert features.levels(rows).units.tobytes() == whole.levels.units.tobytes()


@settings(max_examples=6)
@given(st.integers(0, 2**32 - 1), st.integers(6, 58))
def test_weeks_after_the_origin_change_nothing(seed: int, cut: int) -> None:
    """A panel that ends at the origin gives the rows of that origin what the longer one gives."""
    rng = np.random.default_rng(seed)
    whole = random_panel(rng, regions=3, items=4, weeks=60)
    ended = panel_of_cells(
        units=whole.units[:, : cut + 1],
        known=whole.known[:, : cut + 1],
        region=whole.codes.region,
        item=whole.codes.item,
        entered=np.minimum(whole.entered, cut + 1),
        category_of=np.arange(4) % 2,
        censored=whole.censored[:, : cut + 1],
    )
    rows = some_rows(rng, whole, 30)
    rows = Rows(rows.cell, np.full(30, cut), rows.horizon)
    longer, shorter = plain_features(whole).table(rows), plain_features(ended).table(rows)
    assert np.allclose(longer.matrix, shorter.matrix, rtol=1e-6, equal_nan=True)


def test_weeks_sold_out_leave_a_cell_as_it_was() -> None:
    """After four weeks sold out in all regions of an item, its columns are those of before them."""
    rng = np.random.default_rng(5)
    known = np.ones((12, 40), dtype=bool)
    region, item = np.repeat(np.arange(3), 4), np.tile(np.arange(4), 3)
    units = rng.poisson(2.0, known.shape)
    before = plain_features(panel_of_cells(units[:, :36], known[:, :36], region, item))
    known[item == 1, 36:] = False
    after = plain_features(panel_of_cells(units, known, region, item))
    out = np.flatnonzero(item == 1)
    rows = [Rows(out, np.full(3, origin), np.ones(3, dtype=np.int64)) for origin in (35, 39)]
    was, now = before.table(rows[0]), after.table(rows[1])
    level = was.names.index("log_level")
    for name in was.names:
        if name.split("_")[0] in {"lines", "sale", "weeks", "units"}:
            place = was.names.index(name)
            assert now.matrix[:, place] == pytest.approx(was.matrix[:, place], nan_ok=True)
    scaled = [was.names.index(name) for name in was.names if name.split("_")[0] in {"lag", "mean"}]
    units_of = [np.exp(each.matrix[:, [level]]) * each.matrix[:, scaled] for each in (was, now)]
    assert units_of[0] == pytest.approx(units_of[1], rel=1e-5)
    assert not np.isnan(now.matrix[:, [now.names.index("item_last_4")]]).any()


def test_only_the_cells_of_the_rows_are_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of two cells in forty: the same table and levels, and two cells are looked at."""
    rng = np.random.default_rng(8)
    features = plain_features(random_panel(rng, regions=8, items=5, weeks=30))
    rows = some_rows(rng, features.panel, 60)
    few = rows.part(np.isin(rows.cell, rows.cell[[5, 40]]))
    whole, levels = features.table(rows), features.levels(rows)
    swept: list[int] = []
    real = module.CellLevels.of

    def counted(panel: Panel, *others: object) -> CellLevels:
        swept.append(panel.shape[0])
        return real(panel, *others)

    monkeypatch.setattr(module.CellLevels, "of", counted)
    own, bare = features.table(few), features.levels(few)
    chosen = np.isin(rows.cell, few.cell)
    assert swept == [2, 2]
    assert np.array_equal(own.matrix, whole.matrix[chosen], equal_nan=True)
    assert (own.levels.chance == whole.levels.chance[chosen]).all()
    assert (bare.units == levels.units[chosen]).all()


def test_no_rows_are_refused() -> None:
    """A table of nothing has no columns, so it is not asked for."""
    features = plain_features(random_panel(np.random.default_rng(0), 2, 2, 10))
    with pytest.raises(ValueError, match="no rows"):
        features.table(some_rows(np.random.default_rng(0), features.panel, 2).part(slice(0, 0)))


def test_snapshot_to_table_has_no_infinite_figure() -> None:
    """From orders to a table: finite or blank everywhere, whatever the shop sold."""
    snapshot = Snapshot(shop(regions=3, items=4, weeks=30), AS_OF)
    panel = panel_of(snapshot, 104)
    table = Features.of(snapshot, panel, 8).table(some_rows(np.random.default_rng(1), panel, 60))
    assert not np.isinf(table.matrix).any()
    assert np.isfinite(table.levels.chance).all()
