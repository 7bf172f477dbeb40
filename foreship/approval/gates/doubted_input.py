"""Doubts of the input: warnings of `check`, and stock that may be of another day."""

from __future__ import annotations

from collections.abc import Iterator

from foreship.approval.gates.seen import Seen
from foreship.quality.checks import ANY

__all__ = ["doubted_input", "stale_input"]


def doubted_input(seen: Seen) -> Iterator[str]:
    """Say which warnings hold: those named, or of a kind that the last plan did not have."""
    named = seen.settings.inputs
    known = seen.past[0].warnings if seen.past else None
    for each in seen.warnings:
        if named:
            holds = ANY in named or each.check in named
        else:
            holds = known is not None and each.check not in known
        if holds and each.check:
            since = "" if named else f", which run {seen.past[0].name} did not have"
            yield f"check `{each.check}` doubts the input{since}: {each}"


def stale_input(seen: Seen) -> Iterator[str]:
    """Say why the stock may not be what lies there on the Monday of the plan."""
    yield from seen.stale
