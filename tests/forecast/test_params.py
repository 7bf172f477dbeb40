"""Settings of the forecast room: out of range is refused in words."""

from __future__ import annotations

import math

import pytest

from foreship_forecast.params import ForecastParams, PrivacyParams


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: ForecastParams(horizon_weeks=53),
            "horizon_weeks = 53; must be between 1 and 52 (weeks)",
        ),
        (lambda: ForecastParams(l2=-0.1), "l2 = -0.1; must be between 0 and 1,000,000 (1)"),
        (
            lambda: ForecastParams(learning_rate=math.nan),
            "learning_rate = nan; must be between 0.0001 and 1 (1)",
        ),
        (
            lambda: PrivacyParams(min_customers=0),
            "min_customers = 0; must be between 1 and 1,000,000 (customers)",
        ),
        (
            lambda: ForecastParams(leaves=1, seed=-1),
            "leaves = 1; must be between 2 and 255 (count); "
            "seed = -1; must be between 0 and 2,147,483,647 (1)",
        ),
    ],
)
def test_settings_out_of_range_are_named_with_range_and_unit(make, words: str) -> None:
    """All of them at once."""
    with pytest.raises(ValueError) as caught:
        make()
    assert str(caught.value) == words


def test_what_a_forest_may_have_is_what_a_bundle_may_hold() -> None:
    """The largest settings are sound when read back: the two limits are kept in two places."""
    from foreship_forecast.heads import forest

    ForecastParams(rounds=forest.LARGEST_FOREST, leaves=forest.LARGEST_TREE)
    for more in ({"rounds": forest.LARGEST_FOREST + 1}, {"leaves": forest.LARGEST_TREE + 1}):
        with pytest.raises(ValueError, match="must be between"):
            ForecastParams(**more)
