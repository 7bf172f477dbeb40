"""The server's own folder stands as long as the server, and is nobody else's."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from foreship.errors import StorageError
from foreship.workbench.door.scratch import standing


def test_a_folder_that_was_swept_away_is_made_again(tmp_path: Path) -> None:
    """For its user alone; what lies in one that stands stays."""
    folder = tmp_path / "own"
    assert stat.S_IMODE(standing(folder).stat().st_mode) == 0o700
    (folder / "kept").touch()
    assert [each.name for each in standing(folder).iterdir()] == ["kept"]


def test_what_lies_in_its_place_is_not_written_to(tmp_path: Path) -> None:
    """A link that somebody put there, or a file."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "file").touch()
    for name in ("link", "file"):
        with pytest.raises(StorageError, match="start it again"):
            standing(tmp_path / name)


def test_where_none_can_be_made_it_is_said(tmp_path: Path) -> None:
    """With the folder and the system's reason."""
    with pytest.raises(StorageError, match="own: No such file or directory"):
        standing(tmp_path / "away" / "own")
