"""What a draft says, and what somebody has signed of it: others go on deciding meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from foreship.approval.edits import Edit
from foreship.workbench.drafts.clash import newest_by_line
from foreship.workbench.drafts.entry import DECIDED, TAKEN_BACK, Entry
from foreship.workbench.drafts.log import Draft

__all__ = ["Signed", "as_signed", "left_out", "signed_at"]

Signed = Mapping[int, Edit]
"""line -> what was signed about it"""


def signed_at(draft: Draft, version: int) -> Signed:
    """Return what a signature under a version of a draft signs."""
    then = newest_by_line(draft.entries[:version])
    return {line: each.edit for line, each in then.items() if each.decision in DECIDED}


def left_out(draft: Draft, signed: Signed) -> list[Entry]:
    """Return what the draft says last of lines about which something else was signed, or nothing.

    A comment alone makes no other plan, so it is not looked at.
    """
    found = (each for each in draft.newest.values() if _said(each) != _meant(signed, each.line))
    return sorted(found, key=lambda each: each.line)


def as_signed(draft: Draft, signed: Signed, who: str, at: str) -> list[Entry]:
    """Return the actions after which the draft says what was signed, on the version it has."""
    return [_again(signed, each.line, who, at, draft.version) for each in left_out(draft, signed)]


def _again(signed: Signed, line: int, who: str, at: str, base: int) -> Entry:
    edit = signed.get(line)
    if edit is None:
        return Entry(line, TAKEN_BACK, None, "", who, at, base)
    return Entry(line, edit.decision, edit.quantity, edit.comment, who, at, base)


def _said(entry: Entry) -> tuple[str, int] | None:
    return (entry.decision, entry.quantity or 0) if entry.decision in DECIDED else None


def _meant(signed: Signed, line: int) -> tuple[str, int] | None:
    edit = signed.get(line)
    return None if edit is None else (edit.decision, edit.quantity)
