"""Packed units are the units that were packed, in less memory."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import foreship_foundation.paths.packed as module
from foreship_foundation.paths.packed import PackedUnits
from foreship_foundation.paths.path_units import of_all


@pytest.mark.parametrize("size", [1, 7, 40, 100])
@pytest.mark.parametrize("frame", [1, 900, 10**6])
def test_parts_of_any_size_are_packed(
    size: int, frame: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers of one, two and four bytes, neither frames nor parts show in what is read."""
    monkeypatch.setattr(module, "FRAME_COUNTS", frame)
    units = np.random.default_rng(2).poisson(1.0, (100, 3, 20)).astype(np.int64)
    units[17, 1, 3], units[60, 0, 0] = 60_000, 3_000_000_000
    parts = (units[first : first + size] for first in range(0, 100, size))
    found = PackedUnits.of_parts(parts, units.shape, units.dtype)
    assert (of_all(found) == units).all()
    again = np.random.default_rng(3).integers(0, 100, 300)
    assert (found.of(again, slice(1, 3)) == units[again, 1:3]).all()


def test_few_frames_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays bounded whatever is asked for, and a copy for another process holds no more."""
    monkeypatch.setattr(module, "FRAME_COUNTS", 60)
    monkeypatch.setattr(module, "OPEN_BYTES", 500)
    units = np.random.default_rng(2).poisson(1.0, (100, 3, 20)).astype(np.uint16)
    found = PackedUnits.of_parts([units], units.shape, units.dtype)
    light = len(pickle.dumps(found))
    found.of(np.arange(100))
    assert sum(units.nbytes for units in found._open.values()) <= 500
    assert len(pickle.dumps(found)) == light
    assert (of_all(pickle.loads(pickle.dumps(found))) == units).all()


def test_mostly_nought_takes_little_memory() -> None:
    """A count a cell, week and path in five: an eighth of two bytes each."""
    units = np.random.default_rng(2).poisson(0.22, (500, 8, 200)).astype(np.uint16)
    found = PackedUnits.of_parts([units], units.shape, units.dtype)
    assert found.nbytes < units.nbytes / 8


def test_cells_that_are_missing_are_told() -> None:
    """Fewer units than stated are no units of nought."""
    units = np.zeros((3, 2, 2), dtype=np.uint16)
    with pytest.raises(ValueError, match="units of 2 cells, not of 3"):
        PackedUnits.of_parts([units[:2]], units.shape, units.dtype)


def test_packed_neighbours_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that end with a frame become one; others, or too few cells, are refused."""
    monkeypatch.setattr(module, "FRAME_COUNTS", 240)
    units = np.random.default_rng(2).poisson(1.0, (30, 3, 20)).astype(np.uint16)

    def packed(first: int, last: int) -> PackedUnits:
        some = units[first:last]
        return PackedUnits.of_parts([some], some.shape, some.dtype)

    whole = PackedUnits.joined(
        [packed(0, 12), packed(12, 16), packed(16, 30)], units.shape, units.dtype
    )
    assert (of_all(whole) == units).all()
    with pytest.raises(ValueError, match="ends at cell 13, inside a frame of 4"):
        PackedUnits.joined([packed(0, 13), packed(13, 30)], units.shape, units.dtype)
    with pytest.raises(ValueError, match="units of 16 cells, not of 30"):
        PackedUnits.joined([packed(0, 16)], units.shape, units.dtype)
