"""Quantiles in a file of any kind are the frame they come from; scenarios are left alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.errors import Fault, InputError
from foreship.forecasts.forecast_file import forecast_in

FRAME = pd.DataFrame(
    {
        "unique_id": ["R1/00123", "NA/b"],
        "ds": pd.to_datetime(["2026-11-16", "2026-11-23"]),
        "ETS": [1.5, 2.0],
        "ETS-lo-90": [0.0, 1.25],
        "ETS-hi-90": [3, 4],
    }
)
WRITERS = {
    "plain.csv": lambda frame, path: frame.to_csv(path, index=False),
    "packed.csv.gz": lambda frame, path: frame.to_csv(path, index=False),
    "semicolons.csv": lambda frame, path: frame.to_csv(path, index=False, sep=";"),
    "labels.csv": lambda frame, path: frame.to_csv(path),
    "one.parquet": lambda frame, path: frame.to_parquet(path),
    "book.xlsx": lambda frame, path: frame.to_excel(path, index=False, engine="xlsxwriter"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_is_the_frame_it_was_written_from(name: str, tmp_path: Path) -> None:
    """Ids stay text, a region NA too; days and numbers are what they were."""
    WRITERS[name](FRAME, tmp_path / name)
    found = forecast_in(tmp_path / name)
    assert found is not None
    frame = found.frame[list(FRAME.columns)]
    assert frame["unique_id"].to_list() == FRAME["unique_id"].to_list()
    assert pd.to_datetime(frame["ds"]).to_list() == FRAME["ds"].to_list()
    numbers = list(FRAME.columns[2:])
    assert (frame[numbers].to_numpy() == FRAME[numbers].to_numpy()).all()


def test_what_is_no_number_stays_as_it_stands(tmp_path: Path) -> None:
    """A decimal comma is never taken for thousands; a blank is none."""
    path = tmp_path / "a.csv"
    path.write_text("region;item;week;q10;q90\nR1;a;2026-11-16;1,5;\nR1;b;2026-11-16;2;7\n")
    found = forecast_in(path)
    assert found is not None
    assert found.frame["q10"].to_list() == ["1,5", "2"]
    assert found.frame["q90"].isna().to_list() == [True, False]


def test_faults_are_told_by_the_lines_of_the_file(tmp_path: Path) -> None:
    """The second row of data is line 3; the words begin with the file."""
    FRAME.to_csv(tmp_path / "a.csv", index=False)
    found = forecast_in(tmp_path / "a.csv")
    assert found is not None
    fault = Fault("demand", "is below 0", column="ETS", rows=(2,), values=("-1",), count=1)
    with pytest.raises(InputError, match=r"a\.csv: it has 1 fault") as told, found.naming_lines():
        raise InputError("it has 1 fault:", [fault])
    assert "line 3 (value -1)" in str(told.value)


@pytest.mark.parametrize(
    "text",
    ["region,item,week,scenario,units\nR1,a,2026-11-16,0,1\n", "", "a,b\n1\n2,3,4\n", "PK\x03\x04"],
)
def test_anything_else_is_for_the_reader_of_scenarios(text: str, tmp_path: Path) -> None:
    """Scenarios, and what cannot be read at all."""
    (tmp_path / "a.csv").write_text(text)
    assert forecast_in(tmp_path / "a.csv") is None
