"""Stated forecasts become joint paths from the Monday of the plan on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.forecasts.joint import Asked, joint_paths
from foreship.forecasts.recognising import StatedForecast
from foreship_forecast.counts.dependence import Dependence

AS_OF = pd.Timestamp("2026-11-16")
ALONE = Dependence.of()


def of_quantiles(weeks: list[int], values: list[list[float]]) -> StatedForecast:
    """Return quantiles of 10 and 90 % of one cell, weeks counted from the plan's Monday."""
    names = np.full(len(weeks), "a", dtype=object)
    mondays = np.datetime64("2026-11-16") + 7 * np.array(weeks)
    return StatedForecast(names, names, mondays, np.array([0.1, 0.9]), np.array(values), "")


def test_what_is_left_out_or_absent_is_told() -> None:
    """Weeks before the plan go, a week without a row is 0, a highest quantile of 0 is doubted."""
    stated = of_quantiles([-1, 0, 2, 200], [[1, 2], [1, 2], [0, 0], [1, 2]])
    paths, notes = joint_paths(stated, AS_OF, Asked(ALONE, 10, 1))
    assert paths.weeks.tolist() == [AS_OF.date() + pd.Timedelta(weeks=n) for n in range(104)]
    assert paths.units[:, 0].max() > 0
    assert paths.units[:, 1:].max() == 0
    assert [" ".join(each.split()[1:3]) for each in notes] == [
        "1 row", "1 row", "102 cells", "1 row",
    ]  # fmt: skip
    with pytest.raises(UsageError, match="no week from 2026-11-16 on"):
        joint_paths(of_quantiles([-2], [[1, 2]]), AS_OF, Asked(ALONE, 10, 1))


def test_neither_rows_nor_weeks_gone_by_change_a_path() -> None:
    """Shuffled, and with an earlier week, the paths are the same."""
    rows = of_quantiles([0, 1], [[1, 4], [2, 9]])
    more = of_quantiles([1, -1, 0], [[2, 9], [7, 7], [1, 4]])
    first, second = (joint_paths(each, AS_OF, Asked(ALONE, 50, 3))[0] for each in (rows, more))
    assert (first.units == second.units).all()


@pytest.mark.parametrize(
    ("law", "dispersion", "words"),
    [
        (None, None, "says nothing of what may be ordered"),
        ("poison", None, "no law 'poison'; give law='poisson'"),
        ("empirical", None, "no law 'empirical' of a mean: .* told by quantiles; give"),
        ("poisson", 2.0, "has no dispersion"),
        ("negative_binomial", None, "needs dispersion"),
        ("negative_binomial", 0.0, "above 0"),
    ],
)
def test_a_mean_needs_its_law(law: str | None, dispersion: float | None, words: str) -> None:
    """There is no default, and a dispersion belongs to one law alone."""
    stated = of_quantiles([0], [[1, 2]])
    mean = StatedForecast(
        stated.region, stated.item, stated.week, np.empty(0), np.array([[2.0]]), "mean"
    )
    with pytest.raises(UsageError, match=words):
        joint_paths(mean, AS_OF, Asked(ALONE, 10, 1, law, dispersion))
    with pytest.raises(UsageError, match="for a mean"):
        joint_paths(stated, AS_OF, Asked(ALONE, 10, 1, "poisson"))
