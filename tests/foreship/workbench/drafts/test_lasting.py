"""A draft lies beside the runs, has one writer at a time, and what was written stays."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from foreship.errors import StorageError
from foreship.runs import draft_folder
from foreship.workbench.drafts.lasting import (
    LOG,
    add_line,
    held_alone,
    whole_lines,
)


def test_lines_are_added_after_what_is_whole(tmp_path: Path) -> None:
    """What was not written to its end is told, and cut off before the next line."""
    folder = draft_folder(tmp_path, "2026-11-16-0123456789")
    assert folder == tmp_path / ".foreship" / "drafts" / "2026-11-16-0123456789"
    assert whole_lines(folder) == ([], False)
    with held_alone(folder):
        add_line(folder, ["one", "zwölf"])
    with (folder / LOG).open("ab") as stream:
        stream.write(b"half")
    assert whole_lines(folder) == ([b"one", "zwölf".encode()], True)
    with held_alone(folder):
        add_line(folder, ["three"])
    assert whole_lines(folder) == ([b"one", "zwölf".encode(), b"three"], False)


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
