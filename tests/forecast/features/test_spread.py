"""The spread of a cell's own sizes: consecutive weeks with a sale, nothing of the future."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_forecast.features import spread as module
from foreship_forecast.features.rows import Rows
from foreship_forecast.features.spread import own_spread
from foreship_forecast.history.panel import Panel
from tests.forecast.small_market import panel_of_cells


def panel(units, known=None, censored=None) -> Panel:
    """Return cells of one region, each an item of its own."""
    units = np.asarray(units)
    known = np.ones(units.shape, dtype=bool) if known is None else np.asarray(known, bool)
    cells = np.arange(len(units))
    return panel_of_cells(units, known, cells * 0, cells, censored=censored)


def rows(*pairs: tuple[int, int]) -> Rows:
    """Return rows of (cell, origin), a week ahead."""
    cell, origin = np.array(pairs).T
    return Rows(cell, origin, np.ones_like(cell))


def told(found) -> list[list[float]]:
    """Return the three sums of each row."""
    return np.array([found.misses, found.level, found.pairs]).T.tolist()


def test_each_sale_is_held_against_the_one_before() -> None:
    """Sizes 0, 4 and 2 beyond the first, with an idle week between: 16 / 2 and 4 / 2."""
    found = own_spread(panel([[1, 0, 5, 3, 0]]), rows((0, 0), (0, 1), (0, 2), (0, 3), (0, 4)))
    assert told(found) == [[0, 0, 0], [0, 0, 0], [8, 2, 1], [10, 5, 2], [10, 5, 2]]


def test_nothing_of_later_weeks_is_known() -> None:
    """Whatever comes after an origin changes nothing."""
    rng = np.random.default_rng(1)
    units = rng.poisson(2.0, (5, 30))
    at = rows(*((cell, 17) for cell in range(5)))
    before = told(own_spread(panel(units), at))
    units[:, 18:] = rng.poisson(50.0, (5, 12))
    assert told(own_spread(panel(units), at)) == before


def test_bounds_and_unknown_weeks_are_left_out() -> None:
    """Sold out at 9, then unknown, then 4: the pair is that of 2 and 4."""
    known = [[1, 0, 0, 1]]
    censored = np.array([[False, True, False, False]])
    assert told(own_spread(panel([[2, 9, 7, 4]], known, censored), rows((0, 3)))) == [[2, 2, 1]]


def test_growth_does_not_look_wide() -> None:
    """A cell that doubles over a year misses by a hundredth of its variance around its mean."""
    units = np.round(np.linspace(20, 40, 53)).astype(int)[None]
    found = own_spread(panel(units), rows((0, 52)))
    assert found.misses[0] / found.pairs[0] < 0.01 * units.var()


@pytest.mark.parametrize("block", [1, 7, 400_000])
def test_blocks_and_old_weeks(monkeypatch, block: int) -> None:
    """Of 130 weeks the pairs of the latest 104 count; how many cells go at once is no matter."""
    monkeypatch.setattr(module, "BLOCK_VALUES", block)
    units = np.tile(np.arange(130) % 2 * 2 + 1, (3, 1))
    units[1] = 0
    found = own_spread(panel(units), rows((0, 129), (1, 129), (2, 9), (2, 129)))
    assert told(found) == [[208, 104, 104], [0, 0, 0], [18, 9, 9], [208, 104, 104]]


def test_a_single_week_has_no_pair() -> None:
    """Of one week nothing is known."""
    assert told(own_spread(panel([[3]]), rows((0, 0)))) == [[0, 0, 0]]
