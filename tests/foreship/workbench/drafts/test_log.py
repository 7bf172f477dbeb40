"""A draft is a numbered log: nothing is lost, nothing is overwritten, clashes are shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from foreship.approval.edits import Edit
from foreship.errors import Tampered
from foreship.workbench.drafts.clash import Clash
from foreship.workbench.drafts.lasting import LOG
from foreship.workbench.drafts.log import Draft, read_draft
from tests.foreship.workbench.drafted import action

RUN = "2026-11-16-0123456789"


def added(draft: Draft, *args: object, **more: object) -> Draft:
    """Return the draft with one more action, which nothing stands against."""
    found = draft.append(action(*args, **more))  # type: ignore[arg-type]
    assert isinstance(found, Draft)
    return found


def test_the_last_word_about_a_line_counts_and_all_words_are_kept(tmp_path: Path) -> None:
    """Changed, changed again, kept, taken back: the log has them all, an approval what counts."""
    draft = added(read_draft(tmp_path, RUN), 5, "change", 1)
    draft = added(draft, 5, "change", 2, base=1)
    draft = added(draft, 3, "drop", 0)
    draft = added(draft, 9, "keep", None)
    draft = added(draft, 7, "freeze", 4)
    draft = added(draft, 7, "", None, base=5)
    assert draft == read_draft(tmp_path, RUN)
    assert [each.version for each in draft.entries] == [1, 2, 3, 4, 5, 6]
    assert draft.edits() == [Edit(3, "drop", 0), Edit(5, "change", 2)]
    assert [each.line for each in draft.since(4)] == [7, 7]


def test_a_clash_leaves_the_log_as_it_was_and_shows_both(tmp_path: Path) -> None:
    """Two saw version 0; the second is told of the first, and is kept once it was seen."""
    draft = read_draft(tmp_path, RUN)
    theirs = added(draft, 5, "change", 1, author="Ben").entries[0]
    clash = draft.append(action(5, "change", 2))
    assert isinstance(clash, Clash)
    assert clash.theirs == theirs
    assert read_draft(tmp_path, RUN).version == 1
    assert added(draft, 5, "change", 2, base=clash.version).version == 2


def test_actions_of_an_upload_are_kept_all_or_none(tmp_path: Path) -> None:
    """One clash among three, and none is written; without it those that are new are."""
    draft = added(read_draft(tmp_path, RUN), 1, "change", 1)
    many = [action(0), action(1, "change", 2), action(2)]
    clashes = draft.append_all(many)
    assert isinstance(clashes, tuple)
    assert [each.mine.line for each in clashes] == [1]
    assert read_draft(tmp_path, RUN).version == 1
    kept = draft.append_all([action(0), action(1, "change", 1, base=1), action(2)])
    assert isinstance(kept, Draft)
    assert [(each.version, each.line) for each in kept.entries] == [(1, 1), (2, 0), (3, 2)]


def test_saying_the_same_again_writes_nothing(tmp_path: Path) -> None:
    """A form sent twice is one action."""
    draft = added(read_draft(tmp_path, RUN))
    assert added(draft).version == 1


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    """Twelve writers on twelve lines: twelve entries, numbered without a gap."""
    draft = read_draft(tmp_path, RUN)
    with ThreadPoolExecutor(6) as workers:
        list(workers.map(lambda line: draft.append(action(line)), range(12)))
    found = read_draft(tmp_path, RUN)
    assert [each.version for each in found.entries] == list(range(1, 13))
    assert {each.line for each in found.entries} == set(range(12))


def test_an_action_cut_short_is_told_and_does_not_count(tmp_path: Path) -> None:
    """Power was lost in the middle of a line: the one before counts, the next takes its number."""
    draft = added(read_draft(tmp_path, RUN))
    with (draft.folder / LOG).open("ab") as stream:
        stream.write(b'{"line": 3, "deci')
    torn = read_draft(tmp_path, RUN)
    assert torn.version == 1
    assert "not written to its end" in torn.notes[0]
    mended = added(torn, 8)
    assert (mended.version, mended.notes) == (2, ())
    assert mended == read_draft(tmp_path, RUN)


@pytest.mark.parametrize("text", ["{}\n", "nonsense\n", "[]\n", "\n", "\xff\n"])
def test_a_damaged_line_is_refused(tmp_path: Path, text: str) -> None:
    """Whole lines that are none of ours are not read over."""
    draft = added(read_draft(tmp_path, RUN))
    (draft.folder / LOG).write_bytes(text.encode("latin-1"))
    with pytest.raises(Tampered, match="line 1 is damaged"):
        read_draft(tmp_path, RUN)


def test_a_line_taken_out_is_seen(tmp_path: Path) -> None:
    """Versions are numbers of lines."""
    draft = added(added(read_draft(tmp_path, RUN), 1), 2)
    path = draft.folder / LOG
    path.write_bytes(path.read_bytes().split(b"\n", 1)[1])
    with pytest.raises(Tampered, match="line 1 says version 2"):
        read_draft(tmp_path, RUN)
