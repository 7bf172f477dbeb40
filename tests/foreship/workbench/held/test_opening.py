"""A run is opened for its first page at once; large frames come behind, their hashes checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foreship.errors import Tampered, UsageError
from foreship.reading.parts import BY_CELL
from foreship.workbench.held.columns import Arrays, Unwanted
from foreship.workbench.held.opening import LARGE, CellFrames, Reading, ids_of, left_out, opened
from tests.foreship.run_views import empty_view
from tests.foreship.workbench.made_runs import told_view, write_view

VIEW = told_view()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run folder of its own."""
    return write_view(VIEW, tmp_path)


def test_every_frame_that_is_held_is_one_that_parts_are_cut_from() -> None:
    """So that nothing is read that nobody asks for, and nothing is missing."""
    assert set(LARGE) == set(BY_CELL) - {"exceptions.parquet"}


def test_all_large_frames_are_read_behind(folder: Path) -> None:
    """Those that the run has, with how many are read."""
    cells = CellFrames(opened(folder), Arrays(64, folder.parent))
    cells.start()
    frames = cells.frames()
    assert cells.ready and cells.reading == Reading(len(frames), len(frames))
    wanted = {"units", "orders", "reasons", "forecast", "projected.parquet", "stock", "inbound"}
    assert set(frames) == wanted and len(frames["units"]) == len(VIEW.units)
    cells.close()


@pytest.mark.parametrize("name", ["units.parquet", "forecast.parquet", "inputs/stock.parquet"])
def test_a_damaged_large_frame_is_told_to_who_needs_it(folder: Path, name: str) -> None:
    """What the first page reads is checked first; the rest before anybody reads it."""
    with (folder / name).open("ab") as stream:
        stream.write(b"more")
    if name.startswith("inputs/"):
        with pytest.raises(Tampered, match=name):
            opened(folder)
        return
    cells = CellFrames(opened(folder), Arrays(64, folder.parent))
    cells.start()
    with pytest.raises(Tampered, match=name) as first:
        cells.frames()
    with pytest.raises(Tampered, match=name) as second:
        cells.frames()
    assert len(first.traceback) == len(second.traceback)


def test_what_nobody_wants_is_not_read_on(folder: Path) -> None:
    """Closed before it began, it reads nothing."""
    cells = CellFrames(opened(folder), Arrays(0, folder.parent))
    cells.close()
    cells.start()
    # an interpreter that ends while Arrow works for a daemon would wait for ever
    assert not cells._thread.daemon
    assert cells.wait(20) and cells.reading.done == 0
    assert not list(folder.parent.glob("cells-*"))
    with pytest.raises(Unwanted, match="ask for it once more"):
        cells.frames()


def test_a_plan_without_lines_keeps_its_ledger_at_hand(tmp_path: Path) -> None:
    """Its first page says what stops the units."""
    full, empty = (write_view(each, tmp_path / name) for each, name in
                   ((VIEW, "full"), (replace(empty_view(), extras={}), "empty")))  # fmt: skip
    assert {"units", "reasons"} <= left_out(opened(full))
    assert not {"units", "reasons"} & left_out(opened(empty))


def test_ids_are_those_of_tables_and_lines() -> None:
    """Named as the tables name them; without tables the lines tell what there is."""
    ids = ids_of(VIEW)
    assert set(ids.region.ids) == set(VIEW.tables["regions"]["region"])
    assert ids.item.name("00101") == "Tea 00101" and "Metz" in ids.hub.code
    bare = ids_of(replace(VIEW, tables={}))
    assert set(bare.item.ids) == set(VIEW.lines["item"]) and "Lyon" in bare.region.code


def test_no_run_is_no_run(tmp_path: Path) -> None:
    """A folder without a manifest."""
    with pytest.raises(UsageError, match="not a run"):
        opened(tmp_path)
