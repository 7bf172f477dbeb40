"""Which quantile a column holds, by its name."""

from __future__ import annotations

import pytest

from foreship.forecasts.column_levels import stated


@pytest.mark.parametrize(
    ("column", "model", "level"),
    [
        ("q05", "", 0.05),
        ("q5", "", 0.05),
        ("q0.05", "", 0.05),
        ("q97.5", "", 0.975),
        ("AutoETS-lo-90", "AutoETS", 0.05),
        ("AutoETS-hi-90.0", "AutoETS", 0.95),
        ("TimeGPT-q-10", "TimeGPT", 0.1),
        ("NHITS_ql0.05", "NHITS", 0.05),
        ("my-model-median", "my-model", 0.5),
    ],
)
def test_the_level_of_a_column(column: str, model: str, level: float) -> None:
    """The ways in which tools name a quantile all come to a model and a share."""
    (found,) = stated([column])
    assert (found.column, found.model, found.level) == (column, model, level)


def test_other_columns_hold_no_quantile() -> None:
    """Names, means and flags are left alone."""
    assert stated(["unique_id", "ds", "AutoETS", "q", "quarter", "a-lo-", "lo-90"]) == []
