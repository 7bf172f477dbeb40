"""Days as they stand in a file: the same in every form, none invented."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship.ingest.values.days import parse_days
from tests.foreship.table_files import DATE, findings, texts


@settings(max_examples=100)
@given(
    days=st.lists(st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2199-12-31").date()))
)
def test_every_day_of_the_calendar(days: list[Any]) -> None:
    """Dates as text, as dates, as timestamps and in a stated format agree."""
    column, expected = DATE, np.array(days, dtype="datetime64[D]")
    forms = {
        "": pa.array([each.isoformat() for each in days], pa.string()),
        "%d/%m/%Y": pa.array([each.strftime("%d/%m/%Y") for each in days], pa.string()),
        "date": pa.array(days, pa.date32()),
        "stamp": pa.array(expected.astype("datetime64[us]"), pa.timestamp("us")),
    }
    for name, array in forms.items():
        found = findings(column)
        date_format = name if "%" in name else ""
        read = parse_days(column, pa.chunked_array([array]), found, date_format)
        assert not found.faults
        assert read.tolist() == expected.tolist()


def test_the_local_day_of_an_order_counts() -> None:
    """Timestamps with a zone keep the day of that zone, and a note says so."""
    late = pd.DatetimeIndex(["2026-10-25 23:30"], tz="Europe/Berlin")
    found = findings(DATE)
    read = parse_days(DATE, pa.chunked_array([pa.array(late)]), found)
    assert read.tolist() == [np.datetime64("2026-10-25").item()]
    assert [(each.severity, "Europe/Berlin" in each.problem) for each in found.faults] == [
        ("note", True)
    ]


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31"])
def test_a_day_that_does_not_exist(text: str) -> None:
    """30 February is a fault, never 2 March."""
    found = findings(DATE)
    read = parse_days(DATE, texts(text, "2024-02-29"), found)
    assert [each.problem for each in found.faults] == ["no such day"]
    assert np.isnat(read).tolist() == [True, False]


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("us"), pa.timestamp("s")])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_day_without_end_is_told_as_that(kind: pa.DataType, sign: int) -> None:
    """Databases keep infinity as the last number there is; no year of six digits is shown."""
    last = sign * (2 ** (kind.bit_width - 1) - 1)
    numbers = pa.array([last], pa.int32() if kind.bit_width == 32 else pa.int64())
    found = findings(DATE)
    parse_days(DATE, pa.chunked_array([numbers.cast(kind)]), found)
    (fault,) = found.faults
    assert fault.values == ("'±infinity'",)
    assert "after 2199" in fault.problem
