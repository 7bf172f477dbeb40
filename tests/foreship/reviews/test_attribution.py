"""What changed from one plan to another, by group of inputs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.reviews.attribution import GROUPS, Figures, attributed


def figures(units: int, gain: float) -> Figures:
    lines = pd.DataFrame({"quantity": [units], "cost": [gain / 3]})
    return Figures.of(lines, gain)


@pytest.mark.parametrize("seed", range(20))
def test_changes_of_the_groups_sum_exactly(seed: int) -> None:
    """Added in any order, to the last bit, whatever the sizes; figures are true to a millionth."""
    draw = np.random.default_rng(seed)
    gains = draw.normal(size=6) * 10.0 ** draw.integers(-4, 7, 6)
    units = draw.integers(0, 1000, 6)
    plans = [figures(*pair) for pair in zip(units.tolist(), gains.tolist(), strict=True)]
    table = attributed(plans[0], plans[1:]).set_index("group")
    changes = table.loc[list(GROUPS), "d_gain"]
    assert sum(changes.sample(frac=1.0, random_state=seed)) == table.loc["now", "d_gain"]
    assert table.loc["now", "d_gain"] == plans[-1].expected_gain - plans[0].expected_gain
    assert table.loc[list(GROUPS), "d_units"].sum() == units[-1] - units[0]
    assert abs(plans[-1].expected_gain - gains[-1]) <= 2.0**-21


def test_rows_are_told_in_sentences() -> None:
    """A group that changed nothing says so."""
    plans = [figures(5, 2.0), *[figures(3, 1.5)] * 4, figures(4, 1.75)]
    words = attributed(plans[0], plans[1:]).set_index("group")["words"]
    assert words["stock"].endswith("units \u22122, expected gain \u22120.50.")
    assert words["demand"] == "Demand is expected otherwise: nothing changed."
    assert words["settings"] == "Settings: units +1, expected gain +0.25."
    assert words["now"] == "This plan has 1 line; in all units \u22121, expected gain \u22120.25."
