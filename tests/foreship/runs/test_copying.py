"""A run is copied whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.errors import StorageError, Tampered, UsageError
from foreship.runs import Run, load_run, workspace_lock, write_run


def made(folder: Path) -> Run:
    """Write a run of one file."""
    folder.mkdir()
    with workspace_lock(folder):
        writers = {"a/b.txt": lambda path: path.write_text("words")}
        return write_run(folder, "2026-11-16", "aaaaaaaaaa", writers, {"notes": []})


def test_a_copy_is_a_run_of_its_own(tmp_path: Path) -> None:
    """It passes every check, and what lies there already is not written over."""
    run = made(tmp_path / "shop")
    copy = run.save(tmp_path / "far" / "away")
    assert load_run(copy.path).id == run.id and copy.path.parent == tmp_path / "far" / "away"
    with pytest.raises(UsageError, match="there already"):
        run.save(tmp_path / "far" / "away")


def test_a_run_that_was_changed_is_not_copied(tmp_path: Path) -> None:
    """Nothing is left where it would have been."""
    run = made(tmp_path / "shop")
    (run.path / "a" / "b.txt").write_text("other")
    with pytest.raises(Tampered, match="sha256"):
        run.save(tmp_path / "far")
    assert list((tmp_path / "far").iterdir()) == []


def test_a_place_that_is_none_is_a_fault_of_storage(tmp_path: Path) -> None:
    """A file where the folder should be: exit code 8."""
    run = made(tmp_path / "shop")
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot copy"):
        run.save(tmp_path / "file" / "in")
