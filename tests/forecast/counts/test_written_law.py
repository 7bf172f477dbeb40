"""A law that is written and read back says of every unit what it said before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.written_law import law_of, purchase_probabilities, written_law
from foreship_forecast.errors import TableFault

ROWS = pd.DataFrame({"region": ["N", "N", "S"], "item": ["a", "b", "a"], "week": "2026-11-16"})
BENT = np.linspace(0.0, 1.0, 201) ** 1.5


def laws(**changes: object) -> CountLaw:
    """Return three laws: a wide one, a narrow one, and one that never sells."""
    parts = {
        "chance": np.array([0.7, 0.2, 0.0]),
        "extra": np.array([2.0, 0.3, 0.1]),
        "dispersion": np.array([1.3, -5.0, 2.0]),
    }
    return CountLaw(**{**parts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "law",
    [
        laws(),
        laws(knots=BENT),
        laws(knots=np.stack([BENT, BENT**2, BENT, np.linspace(0.0, 1.0, 201)])),
        laws(lot=np.array([12, 1, 1])),
    ],
)
def test_p_k_comes_back_to_the_last_digit(law: CountLaw) -> None:
    """One map or one a class, by the unit or by the dozen, through a file's attributes."""
    frame = written_law(law, ROWS)
    found = purchase_probabilities(frame, 30)
    assert (found["p"].to_numpy().reshape(3, 30) == law.survival(30)).all()
    assert found["k"].to_list() == [*range(1, 31)] * 3
    assert found[["region", "item"]].drop_duplicates().to_numpy().tolist() == [
        ["N", "a"], ["N", "b"], ["S", "a"],
    ]  # fmt: skip
    assert (law_of(frame).mean() == law.mean()).all()


def test_a_closed_form_agrees() -> None:
    """Without a map p_k is the chance times the negative binomial's survival, by scipy."""
    from scipy.stats import nbinom

    found = purchase_probabilities(written_law(laws(), ROWS), 6)["p"].to_numpy()[:6]
    wide = nbinom(1.3, 1.3 / 3.3)
    assert found == pytest.approx([0.7 * wide.sf(k - 2) for k in range(1, 7)], abs=1e-12)


@pytest.mark.parametrize("knots", [None, [], [[0.0, 0.5]], [[0.0, 0.7, 0.3, 1.0]], [0.0, 1.0]])
def test_a_frame_without_a_map_is_refused(knots: object) -> None:
    """What is no map from 0 to 1 is none of ours."""
    frame = written_law(laws(), ROWS)
    frame.attrs["knots"] = knots if knots is not None else []
    with pytest.raises(TableFault, match="no map from 0 to 1"):
        law_of(frame)


@pytest.mark.parametrize("largest", [0, -1, 100_001])
def test_the_largest_unit_has_a_range(largest: int) -> None:
    """Rows without end are refused."""
    with pytest.raises(ValueError, match="from 1 to 100,000"):
        purchase_probabilities(written_law(laws(), ROWS), largest)


@pytest.mark.parametrize("largest", [0, 5.0, True, "5", None, 10**6])
def test_the_largest_k_is_a_whole_number(largest: Any) -> None:
    """Anything else is refused in a sentence."""
    with pytest.raises(ValueError, match="whole number from 1 to 100,000"):
        purchase_probabilities(written_law(laws(), ROWS), largest)
