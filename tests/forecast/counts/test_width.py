"""How wide sizes spread: by the mean, and by the cell's own past."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foreship_forecast.counts import width as module
from foreship_forecast.counts.law import dispersion_of
from foreship_forecast.counts.width import Sizes, Spread, Width, fit_own_width, fit_width


def sizes(extra, mean, spread: Spread | None = None, censored=False) -> Sizes:
    """Return sales of those sizes beside their means, nothing known of their pasts by default."""
    extra = np.asarray(extra, dtype=float)
    bounds = np.broadcast_to(np.asarray(censored), extra.shape)
    return Sizes(extra, bounds, np.broadcast_to(np.asarray(mean, float), extra.shape),
                 spread or Spread.unknown(len(extra)))  # fmt: skip


def test_the_ratio_of_a_mean_by_hand() -> None:
    """Eq. 35: log r = 1 + .5 log m; r at m = 4 is 2 e, below .05 that of .05; r in range."""
    width = Width(level=1.0, slope=0.5)
    found = width.of_mean(np.array([4.0, 0.01]))
    assert found == pytest.approx([1 + 4 / (2 * np.e), 1 + 0.01 / (np.e * np.sqrt(0.05))])
    assert Width(level=10.0, slope=10.0).of_mean(np.array([100.0])) == pytest.approx([1.0001])


def test_a_cells_own_width_is_shrunk_to_what_its_mean_lets_expect() -> None:
    """Eq. 36 at r = 1: pairs of mean 3 are expected to miss by 12 each; 2 of certainty.

    Without a pair, 1; four that missed by nothing, 2 / 6; four that missed by 24 each, 10 / 6. A
    mean of 0 counts as .05.
    """
    spread = Spread(
        np.array([0.0, 0.0, 96.0, 0.0]), np.array([0.0, 12.0, 12.0, 0.0]), np.array([0, 4, 4, 4.0])
    )
    found = Width(power=1.0, prior=2.0).of_cell(spread)
    assert found == pytest.approx([1.0, 1 / 3, 10 / 6, 1 / 3])


def test_both_make_the_dispersion() -> None:
    """Eq. 37 at m = 3, r = 1: e^.1 x 4 x (1/3)^.5; a power of 0 leaves the past out."""
    spread = Spread(np.array([0.0]), np.array([12.0]), np.array([4.0]))
    mean = np.array([3.0])
    own = Width(shift=0.1, power=0.5, prior=2.0).dispersion(mean, spread)
    assert own == pytest.approx(dispersion_of(mean, np.exp([0.1]) * 4 / np.sqrt(3.0)))
    assert Width().dispersion(mean, spread) == pytest.approx([1.0])


def test_pasts_can_be_left_out() -> None:
    """Of some rows the spread is taken, of the others it is unknown; parts are cut alike."""
    spread = Spread(*np.arange(1.0, 7.0).reshape(3, 2))
    hidden = spread.where(np.array([False, True]))
    assert [hidden.misses.tolist(), hidden.level.tolist(), hidden.pairs.tolist()] == [
        [0.0, 2.0], [0.0, 4.0], [0.0, 6.0]
    ]  # fmt: skip
    assert spread[1:].pairs.tolist() == [6.0]
    assert Spread.unknown(3).pairs.tolist() == [0.0] * 3


def test_the_loss_is_scipys_and_bounds_count_as_tails() -> None:
    """Sizes 0 and 3, and at least 2, around 1.5 at r = 1; what cannot be costs -log 1e-6."""
    law = stats.nbinom(1.0, 1 / 2.5)
    found = sizes([0.0, 3.0, 2.0], 1.5, censored=[False, False, True]).loss(Width())
    assert found == pytest.approx(-law.logpmf(0) - law.logpmf(3) - law.logsf(1))
    assert sizes([4000.0], 1.5).loss(Width()) == pytest.approx(-np.log(1e-6))


def test_a_width_by_the_mean_is_found() -> None:
    """Negative binomials of r = 2 / sqrt(m), from means of .2 to 40."""
    rng = np.random.default_rng(1)
    mean = np.exp(rng.uniform(np.log(0.2), np.log(40), 6000))
    r = 2.0 / np.sqrt(mean)
    fitted = fit_width(sizes(rng.negative_binomial(r, r / (r + mean)), mean))
    assert (fitted.level, fitted.slope) == pytest.approx((np.log(2.0), -0.5), abs=0.12)
    assert (fitted.shift, fitted.power) == (0.0, 0.0)


@pytest.mark.parametrize("mean", [2.0, 12.0])
def test_poisson_sizes_get_a_poisson_width(mean: float) -> None:
    """Variance over mean within 8 % of 1."""
    drawn = np.random.default_rng(2).poisson(mean, 4000)
    found = fit_width(sizes(drawn, mean)).of_mean(np.array([mean]))
    assert found[0] == pytest.approx(1.0, abs=0.08)


def test_a_power_is_found_where_pasts_tell_and_not_elsewhere() -> None:
    """Half of the cells Poisson, half geometric around 6: their pasts of 30 pairs tell them apart.

    With pasts of other cells the power is small.
    """
    rng = np.random.default_rng(3)
    wide, pairs = np.arange(4000) % 2 == 0, np.full(4000, 30.0)
    drawn = np.where(wide, rng.negative_binomial(1, 1 / 7.0, 4000), rng.poisson(6.0, 4000))
    misses = np.where(wide, 42.0, 6.0) * rng.gamma(15.0, 1 / 15.0, 4000) * pairs
    spread = Spread(misses, 6.0 * pairs, pairs)
    told = sizes(drawn, 6.0, spread)
    fitted = fit_own_width(told, fit_width(told))
    assert fitted.power > 0.6
    ratio = 1 + 6.0 / fitted.dispersion(told.mean, spread)
    assert np.median(ratio[wide]) == pytest.approx(7.0, rel=0.25)
    assert np.median(ratio[~wide]) == pytest.approx(1.0, abs=0.25)
    other = sizes(drawn, 6.0, spread[rng.permutation(4000)])
    assert fit_own_width(other, fit_width(other)).power < 0.2


def test_few_sales_and_many() -> None:
    """One sale fits nothing; of more than can be afforded evenly spread ones are taken."""
    assert fit_width(sizes([3.0], 1.0)) == Width()
    assert fit_own_width(sizes([3.0], 1.0), Width(level=0.4)) == Width(level=0.4)
    assert len(sizes(np.arange(12_000), 1.0).thinned().extra) == 6000
    thinned = sizes(np.arange(12_001), 1.0).thinned().extra
    assert thinned.tolist() == np.arange(0, 12_001, 3).tolist()
    assert module.FIT_ROWS == 6000
