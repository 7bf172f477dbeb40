"""However units are kept, they are asked for in one way and are the same."""

from __future__ import annotations

import numpy as np
import pytest

import foreship_foundation.paths.path_units as module
from foreship_foundation.paths.packed import PackedUnits
from foreship_foundation.paths.path_units import HeldUnits, LaidUnits, changed, of_all, path_units

UNITS = np.random.default_rng(1).poisson(0.6, (30, 4, 25)).astype(np.uint16)


def packed(units: np.ndarray) -> PackedUnits:
    """Pack units that come in three parts."""
    return PackedUnits.of_parts(np.array_split(units, 3), units.shape, units.dtype)


@pytest.fixture(params=["held", "packed"])
def kept(request: pytest.FixtureRequest) -> HeldUnits | PackedUnits:
    """Return the units, kept in one way or the other."""
    return HeldUnits(UNITS) if request.param == "held" else packed(UNITS)


def test_cells_and_weeks_are_given_as_asked(kept: HeldUnits | PackedUnits) -> None:
    """In the asked order, again and again, with the type of all; none where none is asked for."""
    cells = np.array([7, 0, 29, 7])
    assert (kept.of(cells, slice(1, 3)) == UNITS[cells, 1:3]).all()
    assert kept.of(cells).dtype == kept.dtype == np.uint16
    assert kept.of(cells[:0], slice(2)).shape == (0, 2, 25)


def test_pieces_hold_each_cell_once(
    kept: HeldUnits | PackedUnits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the size of a piece."""
    monkeypatch.setattr(module, "PIECE_COUNTS", 700)
    cells = np.concatenate([some for some, _ in kept.pieces()])
    assert cells.tolist() == list(range(30))
    assert all((units == UNITS[some]).all() for some, units in kept.pieces())


def test_laid_out_for_other_cells_nothing_else_changes(kept: HeldUnits | PackedUnits) -> None:
    """Cells without paths want nothing, and weeks left out are left out."""
    rows = np.array([3, -1, 29, 3])
    laid = LaidUnits(kept, rows, skip=1)
    wanted = np.where(rows[:, None, None] >= 0, UNITS[rows, 1:], 0)
    assert laid.shape == (4, 3, 25)
    assert (of_all(laid) == wanted).all()
    assert (laid.of(np.array([2, 0]), slice(1, None)) == wanted[[2, 0], 1:]).all()


def test_what_is_worked_out_is_kept_alike(kept: HeldUnits | PackedUnits) -> None:
    """Piece by piece from units and their cells, also of what is laid out for other cells."""
    twice = changed(kept, lambda cells, units: 2 * units + (cells % 2)[:, None, None])
    assert type(twice) is type(kept)
    assert (of_all(twice) == 2 * UNITS + (np.arange(30) % 2)[:, None, None]).all()
    laid = changed(LaidUnits(kept, np.array([5, -1])), lambda _, units: units + 1)
    assert type(laid) is type(kept)
    assert (of_all(laid)[0] == UNITS[5] + 1).all() and (of_all(laid)[1] == 1).all()


def test_an_array_is_asked_in_the_same_way() -> None:
    """What is no array already stays what it is."""
    assert of_all(path_units(UNITS)) is UNITS
    laid = LaidUnits(HeldUnits(UNITS), np.array([1]))
    assert path_units(laid) is laid
