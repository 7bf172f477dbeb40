"""What a draft says beside what was signed of it."""

from __future__ import annotations

from pathlib import Path

from foreship.approval.edits import Edit
from foreship.workbench.drafts.log import Draft, read_draft
from foreship.workbench.drafts.unsigned import as_signed, left_out, signed_at
from tests.foreship.workbench.drafted import action

RUN = "2026-11-16-0123456789"


def draft_of(folder: Path, *actions: object) -> Draft:
    """Return a draft with these actions, one after the other, each having seen the one before."""
    draft = read_draft(folder, RUN)
    for number, each in enumerate(actions):
        found = draft.append(action(*each, base=number))  # type: ignore[misc]
        assert isinstance(found, Draft)
        draft = found
    return draft


def test_what_was_decided_after_the_signed_version_is_left_out(tmp_path: Path) -> None:
    """Added, changed, taken back; not a comment alone, nor what was said again, nor a keep."""
    draft = draft_of(
        tmp_path, (1, "drop", 0), (2, "change", 5), (3, "drop", 0), (4, "freeze", 7),
        (5, "drop", 0), (1, "drop", 0, "why"), (2, "change", 6), (3, "", None),
        (6, "keep", None), (7, "drop", 0), (5, "", None), (5, "drop", 0),
    )  # fmt: skip
    signed = signed_at(draft, 5)
    assert sorted(signed) == [1, 2, 3, 4, 5]
    assert [(each.line, each.decision) for each in left_out(draft, signed)] == [
        (2, "change"), (3, ""), (7, "drop"),
    ]  # fmt: skip
    assert left_out(draft, signed_at(draft, draft.version)) == []


def test_withdrawn_it_says_what_was_signed(tmp_path: Path) -> None:
    """By further actions, each of whoever withdraws: the log keeps all."""
    draft = draft_of(tmp_path, (1, "drop", 0), (1, "change", 2), (2, "drop", 0), (3, "", None))
    signed = {1: Edit(1, "drop", 0, "no need"), 3: Edit(3, "change", 4)}
    back = as_signed(draft, signed, "Ben", "2026-11-16T09:00:00Z")
    assert {each.author for each in back} == {"Ben"} and {each.base for each in back} == {4}
    after = draft.append_all(back)
    assert isinstance(after, Draft) and after.version == 7
    assert left_out(after, signed) == []
    assert after.edits() == [Edit(1, "drop", 0, "no need"), Edit(3, "change", 4)]
