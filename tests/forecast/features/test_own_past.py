"""What a cell's own past says: each pair as a loop over its counted weeks finds it."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_forecast.features.own_past import OwnPast


def some_past(seed: int) -> tuple[OwnPast, list[tuple[np.ndarray, np.ndarray]]]:
    """Return pairs of random cells, and the counted units and lines of each up to its origin."""
    rng = np.random.default_rng(seed)
    units, lines = rng.poisson(0.8, (2, 5, 70))
    counted = rng.random(units.shape) < 0.8
    counted[0, :30] = False
    cell, origin = np.repeat(np.arange(5), 4), np.tile([0, 20, 21, 69], 5)
    pasts = []
    for c, t in zip(cell, origin, strict=True):
        known = np.flatnonzero(counted[c, : t + 1])
        pasts.append((units[c, known].astype(float), lines[c, known].astype(float)))
    return OwnPast.of(units, lines, counted, cell, origin), pasts


@pytest.mark.parametrize("seed", range(3))
def test_pairs_of_one_cell_and_of_none_before_are_read_alike(seed: int) -> None:
    """Sums, maxima, lags and gaps of several origins of each cell, some before every week."""
    past, pasts = some_past(seed)
    found = dict(past.scaled()) | dict(past.plain()) | dict(past.by_line())
    for pair, (units, lines) in enumerate(pasts):
        assert found["lag_0"][pair] == pytest.approx(
            units[-1] if len(units) else np.nan, nan_ok=True
        )
        for window in (4, 52):
            last = units[-window:]
            blank = not len(last)
            mean, highest = (np.nan, np.nan) if blank else (last.mean(), last.max())
            assert found[f"mean_{window}"][pair] == pytest.approx(mean, nan_ok=True)
            assert found[f"max_{window}"][pair] == pytest.approx(highest, nan_ok=True)
            spread = np.nan if blank else last.std()
            assert found[f"sd_{window}"][pair] == pytest.approx(spread, nan_ok=True, abs=1e-7)
        weights = 0.05 * 0.95 ** np.arange(len(lines))[::-1]
        fading = weights @ lines / weights.sum() if len(lines) else np.nan
        assert found["lines_ewm_0.05"][pair] == pytest.approx(fading, nan_ok=True)
        sales = np.flatnonzero(units)
        since = len(units) - 1 - sales[-1] if len(sales) else np.nan
        assert found["weeks_since_sale"][pair] == pytest.approx(since, nan_ok=True)


def test_a_pair_is_read_the_same_in_any_company() -> None:
    """Pairs of one cell alone give the very values that they have among others."""
    past, _ = some_past(5)
    whole = dict(past.scaled()) | dict(past.plain()) | dict(past.by_line())
    own = OwnPast(past.units[2:3], past.lines[2:3], np.zeros(4, dtype=int), past.weeks[8:12])
    alone = dict(own.scaled()) | dict(own.plain()) | dict(own.by_line())
    assert all(np.array_equal(alone[n], whole[n][8:12], equal_nan=True) for n in whole)
