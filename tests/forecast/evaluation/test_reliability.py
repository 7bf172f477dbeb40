"""Reliability curves and PIT histograms: by hand, and true for a true law."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.scores import FullAnswer, answer_of_law
from foreship_forecast.evaluation.reliability import pit_histograms, reliability_curves


def of_tails(tails: list[list[float]]) -> FullAnswer:
    """Return an answer of which only p_1, p_2 and p_5 matter."""
    tail = np.array(tails)
    blank = np.zeros(len(tail))
    return FullAnswer(tail[:, 0], blank, blank, blank, blank, tail, np.zeros((len(tail), 4)))


def drawn(count: int, seed: int) -> tuple[dict[str, FullAnswer], np.ndarray]:
    """Return what random laws say of counts drawn from themselves, and those counts."""
    rng = np.random.default_rng(seed)
    chance = np.clip(rng.beta(1.0, 1.5, count), 1e-6, 1.0)
    extra = np.maximum(rng.gamma(1.0, 3.0, count), 1e-4)
    size = 1 + rng.negative_binomial(1.5, 1.5 / (1.5 + extra))
    units = np.where(rng.random(count) < chance, size, 0).astype(float)
    law = CountLaw(chance, extra, np.full(count, 1.5))
    return {"true": answer_of_law(law, units)}, units


def test_curve_by_hand() -> None:
    """Four rows: p_1 in two bins, p_5 in one; a certainty falls in the last tenth."""
    said = of_tails([[0.12, 0.0, 0.0], [0.18, 0.0, 0.0], [1.0, 0.5, 0.0], [0.95, 0.5, 0.05]])
    curves = reliability_curves({"m": said}, np.array([0.0, 1.0, 2.0, 6.0]))
    first = curves[curves["k"] == 1]
    assert first["bin"].tolist() == [1, 9]
    assert first["rows"].tolist() == [2, 2]
    assert first["said"].tolist() == pytest.approx([0.15, 0.975])
    assert first["came"].tolist() == pytest.approx([0.5, 1.0])
    second = curves[curves["k"] == 2]
    assert second["bin"].tolist() == [0, 5]
    assert second["came"].tolist() == pytest.approx([0.0, 1.0])
    assert curves[curves["k"] == 5]["came"].tolist() == pytest.approx([0.25])


def test_band_is_binomial() -> None:
    """100 rows at .3: the band holds 95 % of what 100 such trials bring."""
    curves = reliability_curves({"m": of_tails([[0.3, 0.3, 0.3]] * 100)}, np.zeros(100))
    low, high = curves[["low", "high"]].iloc[0]
    law = stats.binom(100, 0.3)
    assert law.cdf(round(100 * high)) - law.cdf(round(100 * low) - 1) >= 0.95
    assert law.cdf(round(100 * high) - 1) - law.cdf(round(100 * low)) < 0.95


def test_a_true_law_stays_in_its_bands() -> None:
    """Outcomes drawn from the laws themselves: about 95 % of all bins hold what they should."""
    inside = []
    for seed in range(20):
        said, units = drawn(4_000, seed)
        curves, bars = reliability_curves(said, units), pit_histograms(said, 1)
        for share, table in (("came", curves), ("share", bars)):
            inside.append((table[share] >= table["low"]) & (table[share] <= table["high"]))
        assert bars["share"].sum() == pytest.approx(1.0)
        assert bars["rows"].sum() == len(units)
        assert curves.groupby("k")["rows"].sum().tolist() == [len(units)] * 3
    held = np.concatenate(inside)
    assert held.mean() == pytest.approx(0.95, abs=0.03)


def test_a_false_law_leaves_them() -> None:
    """What is said to come nine times in ten and comes five: below its band."""
    off = reliability_curves({"off": of_tails([[0.9, 0.9, 0.9]] * 500)}, np.arange(500) % 2 * 1.0)
    assert (off["came"] < off["low"]).all()
