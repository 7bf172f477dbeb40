"""The items and regions that a run knows, and which one was meant by another name."""

from __future__ import annotations

from collections.abc import Collection
from difflib import SequenceMatcher
from typing import Any

from foreship.errors import UsageError
from foreship.reading.views import RunView
from foreship_foundation.telling.words import plural

__all__ = ["refuse_unknown", "unknown_words"]

NEAREST, ALIKE = 3, 0.5
WEIGHED, LETTERS = 3_000, 100  # keeps the search for near names short


def refuse_unknown(view: RunView, kind: str, name: str) -> None:
    """Raise UsageError where the run knows no such `item` or `region`; names the nearest ones."""
    names = _names(view, f"{kind}s", kind)
    given: Any = name
    if not isinstance(given, str):
        raise UsageError(f"{unknown_words(kind, str(given), names)}; ids are text")
    if name not in names:
        raise UsageError(unknown_words(kind, name, names))


def unknown_words(kind: str, name: str, known: Collection[str]) -> str:
    """Say that none of the `known` ids is called so, and which are nearest."""
    names = set(known)
    near = _without_zeros(name, names) or _nearest(name, names)
    hint = f"; nearest: {', '.join(near)}" if near else f"; it knows {plural(len(names), kind)}"
    return f"this run knows no {kind} `{name}`{hint}"


def _names(view: RunView, table: str, column: str) -> set[str]:
    """Return every name that the run knows."""
    frames = [view.table(table), view.units, view.forecast]
    return {
        str(name)
        for frame in frames
        if frame is not None and column in frame
        for name in frame[column].unique()
    }


def _without_zeros(name: str, names: set[str]) -> list[str]:
    """Return the ids that a spreadsheet would have turned into this number: `00002` for `2`."""
    number = name.strip().lstrip("0")
    if not number.isdecimal():
        return []
    return sorted(each for each in names if each.lstrip("0") == number)[:NEAREST]


def _nearest(name: str, names: set[str]) -> list[str]:
    """Return the most similar names; among very many, only those with the same beginning."""
    wanted = name.casefold()[:LETTERS]
    letters = 0
    while len(names) > WEIGHED and letters < len(wanted):
        letters += 1
        names = {each for each in names if each.casefold()[:letters] == wanted[:letters]}
    scored = [
        (-SequenceMatcher(None, wanted, each.casefold()[:LETTERS]).ratio(), each)
        for each in sorted(names)[:WEIGHED]
    ]
    return [each for score, each in sorted(scored)[:NEAREST] if score <= -ALIKE]
