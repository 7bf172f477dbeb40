"""A draft lies beside the runs, has one writer at a time, and what was written stays."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import pytest

from foreship.errors import StorageError
from foreship.runs import draft_folder
from foreship.workbench.drafts.lasting import (
    LOG,
    add_lines,
    held_alone,
    whole_lines,
)


def test_lines_are_added_after_what_is_whole(tmp_path: Path) -> None:
    """What was not written to its end is told, and cut off before the next line."""
    folder = draft_folder(tmp_path, "2026-11-16-0123456789")
    assert folder == tmp_path / ".foreship" / "drafts" / "2026-11-16-0123456789"
    assert whole_lines(folder) == ([], False)
    with held_alone(folder):
        add_lines(folder, ["one", "zwölf"])
    with (folder / LOG).open("ab") as stream:
        stream.write(b"half")
    assert whole_lines(folder) == ([b"one", "zwölf".encode()], True)
    with held_alone(folder):
        add_lines(folder, ["three"])
    assert whole_lines(folder) == ([b"one", "zwölf".encode(), b"three"], False)


def test_a_disk_that_fills_up_leaves_no_part_of_an_upload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three lines it takes one and a half: the log is as it was, and nothing lies about."""
    folder = draft_folder(tmp_path, "run")
    with held_alone(folder):
        add_lines(folder, ["one"])
    there = sorted(each.name for each in folder.iterdir())

    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as stream:
            stream.write(data[: len("one\ntwo\nth")])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageError, match="No space left on device"), held_alone(folder):
        add_lines(folder, ["two", "three", "four"])
    assert whole_lines(folder) == ([b"one"], False)
    assert sorted(each.name for each in folder.iterdir()) == there


def test_one_writer_waits_for_the_other(tmp_path: Path) -> None:
    """While one holds a draft, another comes in only after it."""
    folder, order = draft_folder(tmp_path, "run"), []
    began = threading.Event()

    def second() -> None:
        began.set()
        with held_alone(folder):
            order.append("second")

    with held_alone(folder):
        other = threading.Thread(target=second)
        other.start()
        began.wait()
        order.append("first")
    other.join()
    assert order == ["first", "second"]


@pytest.mark.parametrize("part", [".foreship", ".foreship/drafts", ".foreship/drafts/run",
                                  ".foreship/drafts/run/log.jsonl"])  # fmt: skip
def test_what_is_a_link_is_neither_written_nor_read(tmp_path: Path, part: str) -> None:
    """A folder or a log that leads elsewhere is refused: nothing of it counts, none is written."""
    elsewhere = tmp_path / "elsewhere"
    if part.endswith("jsonl"):
        elsewhere.write_text("")
    else:
        elsewhere.mkdir()
    (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / part).symlink_to(elsewhere)
    with pytest.raises(StorageError, match="is a link"), held_alone(draft_folder(tmp_path, "run")):
        raise AssertionError("it was let in")
    with pytest.raises(StorageError, match="is a link"):
        whole_lines(draft_folder(tmp_path, "run"))
    assert elsewhere.is_dir() == (not part.endswith("jsonl"))
    assert not elsewhere.is_dir() or list(elsewhere.iterdir()) == []
