"""What a frame holds, and whose columns are read."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.errors import InputError, UsageError
from foreship.forecasts.recognising import form_of, read_forecast

KNOWN = {"region": ["N"], "item": ["a", "b"]}
BASE = {"unique_id": ["N/a", "N/b"], "ds": ["2026-11-16", "2026-11-16"]}


@pytest.mark.parametrize(
    ("columns", "form"),
    [
        (["region", "item", "week", "scenario", "units"], "scenarios"),
        (["region", "item", "week", "q05", "q95"], "quantiles"),
        (["unique_id", "ds", "ETS", "ETS-lo-80", "ETS-hi-80"], "quantiles"),
        (["unique_id", "ds", "ETS"], "mean"),
        (["region", "item", "week", "mean"], "mean"),
        (["region", "item", "week"], "scenarios"),
    ],
)
def test_the_form_is_told_by_the_columns(columns: list[str], form: str) -> None:
    """Scenarios, quantiles and means; what looks like nothing is checked as scenarios are."""
    assert form_of(columns) == form


def test_quantiles_are_read_by_level_whatever_their_order() -> None:
    """An interval's ends and the median stand in ascending levels; the mean beside is left."""
    frame = pd.DataFrame(
        BASE | {"E-hi-90": [5.0, 6], "E": [2.0, 2], "E-median": [2, 3], "E-lo-90": [0, 1]}
    )
    read = read_forecast(frame, KNOWN)
    assert read.levels.tolist() == [0.05, 0.5, 0.95]
    assert read.values.tolist() == [[0.0, 2.0, 5.0], [1.0, 3.0, 6.0]]
    assert (read.region.tolist(), read.item.tolist()) == (["N", "N"], ["a", "b"])


def test_of_several_models_one_is_named() -> None:
    """Two models are told apart by name; a misspelt one gets the nearest."""
    frame = pd.DataFrame(BASE | {"ETS": [1.0, 2.0], "ARIMA": [3.0, 4.0]})
    with pytest.raises(UsageError, match="name one, as model='ARIMA'"):
        read_forecast(frame, KNOWN)
    with pytest.raises(UsageError, match="did you mean 'ARIMA'"):
        read_forecast(frame, KNOWN, model="ARIME")
    read = read_forecast(frame, KNOWN, model="ETS")
    assert (read.levels.size, read.values.ravel().tolist()) == (0, [1.0, 2.0])


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"q50": [1.0, 1]}, "one quantile alone"),
        ({"q0": [1.0, 1], "q50": [1.0, 1]}, "between 0 and 100 %"),
        ({"q5": [1.0, 1], "q05": [1.0, 1]}, "there twice"),
    ],
)
def test_levels_that_make_no_sense_are_refused(columns: dict[str, list[float]], words: str) -> None:
    """One level alone, one outside of 0 to 100 %, or one given twice."""
    with pytest.raises(UsageError, match=words):
        read_forecast(pd.DataFrame(BASE | columns), KNOWN)


def test_every_fault_is_named_at_once() -> None:
    """Values, days and ids at fault stand in one error."""
    frame = pd.DataFrame(
        {
            "unique_id": ["N/a", "Q/b", "N/b"],
            "ds": ["2026-11-17", "never", "2026-11-16"],
            "q10": [-1.0, 2.0, float("nan")],
            "q90": [1.0, 1.0, 1e9],
        }
    )
    with pytest.raises(InputError) as error:
        read_forecast(frame, KNOWN)
    said = {(each.column, each.problem, each.rows) for each in error.value.faults}
    assert said == {
        ("region", "not in regions", (2,)),
        ("ds", "is no date", (2,)),
        ("ds", "is no Monday", (1,)),
        ("q10", "is no number", (3,)),
        ("q10", "is below 0", (1,)),
        ("q90", "is more than 65,535 units a week", (3,)),
        ("q90", "is less than the quantile of 10 % in q10", (2,)),
    }


def test_a_column_that_stands_twice_is_refused() -> None:
    """Nobody can say which of two weeks is meant."""
    frame = pd.DataFrame([["N", "a", "2026-11-16", "2026-11-16", 1, 2]])
    frame.columns = ["region", "item", "week", "week", "q05", "q95"]
    with pytest.raises(UsageError, match="column week twice"):
        read_forecast(frame, {"region": ["N"], "item": ["a"]})
