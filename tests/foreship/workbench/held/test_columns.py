"""Columns as arrays: the values of their file, wherever they are kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from foreship.errors import Tampered
from foreship.files import write_parquet
from foreship.workbench.held import columns
from foreship.workbench.held.columns import Arrays, Unwanted, read_columns
from foreship_foundation.tables.output_files import FORECAST


def forecast(rows: int = 50) -> pd.DataFrame:
    """Make up rows of a forecast, cells in no order."""
    frame = pd.DataFrame({
        "region": [f"R{n * 7 % 5}" for n in range(rows)],
        "item": [f"<{n * 3 % 4}>" for n in range(rows)],
        "week": pd.Timestamp("2026-11-16"),
    })  # fmt: skip
    for name in FORECAST.names[3:]:
        frame[name] = np.arange(rows) / 64
    return frame.assign(purchase_probability=0.5)


@pytest.mark.parametrize("megabytes", [0, 64])
def test_values_come_back_in_their_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, megabytes: int
) -> None:
    """Read by pieces, from memory or from files, whole or some rows."""
    monkeypatch.setattr(columns, "BATCH", 7)
    path, frame = tmp_path / FORECAST.name, forecast()
    write_parquet(frame, path)
    arrays = Arrays(megabytes, tmp_path)
    held = read_columns(path, arrays)
    rows = np.array([3, 3, 49, 0])
    whole = pd.read_parquet(path)
    for part in (slice(5, 9), rows, slice(0, 0)):
        found = pd.DataFrame({name: each.take(part) for name, each in held.items()})
        pd.testing.assert_frame_equal(found, whole.iloc[part].reset_index(drop=True))
    files = list(tmp_path.glob("cells-*/*.npy"))
    assert bool(files) == (megabytes == 0)
    assert all(each.parent.stat().st_mode & 0o77 == 0 for each in files)
    arrays.close()
    assert not list(tmp_path.glob("cells-*"))


@pytest.mark.parametrize("harm", [{"mean": -1.0}, {"item": None}, {"mean": "many"}, {"week": 3}])
def test_a_column_of_another_kind_is_refused(tmp_path: Path, harm: dict[str, object]) -> None:
    """As `read_frame` refuses it: a hash says nothing of what was written."""
    path, name = tmp_path / FORECAST.name, next(iter(harm))
    write_parquet(forecast().assign(**harm), path)
    with pytest.raises(Tampered, match=f"is damaged \\({name}\\)"):
        read_columns(path, Arrays(64, tmp_path))
    path.write_bytes(b"PAR1")
    with pytest.raises(Tampered, match="cannot be read"):
        read_columns(path, Arrays(64, tmp_path))


def test_reading_stops_when_nobody_wants_it(tmp_path: Path) -> None:
    """Between two pieces."""
    path = tmp_path / FORECAST.name
    write_parquet(forecast(), path)
    with pytest.raises(Unwanted):
        read_columns(path, Arrays(64, tmp_path), lambda: True)
