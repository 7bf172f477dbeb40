"""One change that is tried, in the words of a planner: `lanes.capacity*0.8 where origin=HUB-A`.

Four kinds of sentences are read, each with conditions behind `where`:

    lanes.cost_per_unit*1.2 where origin=HUB-A       numbers of a table
    promotion price*0.8 where week=2026-11-23 and item=00005,00006
    event "black friday" where date=2026-11-27 and region=R001
    demand*1.3 where week=2026-11-23 and category=toys
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from foreship.errors import Fault, UsageError

__all__ = [
    "DEMAND",
    "EVENT",
    "KINDS",
    "PROMOTION",
    "Change",
    "change_of",
    "plain",
    "quoted",
    "sentence_of",
]

PROMOTION: Final = "promotion"
EVENT: Final = "event"
DEMAND: Final = "demand"
KINDS: Final = (PROMOTION, EVENT, DEMAND)
"""what a change is about where it is no table"""
WORD: Final = r'"(?:[^"\\]|\\.)*"|[^\s",]+'
HEADS: Final = tuple(
    re.compile(each)
    for each in (
        rf"(?P<about>{PROMOTION})\b(?:\s+(?P<column>price)\s*(?P<how>[=*])\s*(?P<value>{WORD}))?",
        rf"(?P<about>{EVENT})\s+(?P<value>{WORD})",
        rf"(?P<about>{DEMAND})\s*(?P<how>[*+-])\s*(?P<value>{WORD})",
        rf"(?P<about>\w+)\.(?P<column>\w+)\s*(?P<how>[=*+-])\s*(?P<value>{WORD})",
    )
)
CONDITION: Final = re.compile(
    rf"(?P<column>\w+)\s*=\s*(?P<values>(?:{WORD})(?:\s*,\s*(?:{WORD}))*)"
)
WHERE: Final = re.compile(r"\s+where\s+")
AND: Final = re.compile(r"\s+and\s+")
BETWEEN: Final = " and "
"""between two conditions, whatever the language of lists"""
REMEDY: Final = (
    "write TABLE.COLUMN*1.2 where COLUMN=VALUE and ..., promotion price*0.8 where week=MONDAY, "
    'event "NAME" where date=DAY, or demand*1.3 where week=MONDAY; names with blanks or commas '
    "stand in quotes"
)


@dataclass(frozen=True)
class Change:
    """One change, taken apart."""

    about: str
    """name of a table, or one of `KINDS`"""
    column: str = ""
    """column of the table; `price` of a promotion that has one"""
    how: str = ""
    """`=`, `*`, `+` or `-`; '' where there is no number"""
    value: str = ""
    """number or word, or the name of an event"""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """values by column, one of which a row must have; none: every row"""

    def __str__(self) -> str:
        return sentence_of(self)


def change_of(text: str) -> Change:
    """Read a change.

    Raises
    ------
    UsageError
        With the fault, if it is not one of the four sentences.
    """
    said = text.strip()
    for head in HEADS:
        found = head.match(said)
        if found is None:
            continue
        told = {name: word or "" for name, word in found.groupdict().items()}
        told["value"] = plain(told["value"])
        return Change(**told, where=dict(_conditions(said, found.end(), text)))
    raise _unread(text, "is no change that is understood")


def _conditions(said: str, at: int, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what stands behind `where`, column by column."""
    names: set[str] = set()
    between = WHERE
    while at < len(said):
        joined = between.match(said, at)
        found = CONDITION.match(said, joined.end()) if joined else None
        if found is None:
            raise _unread(text, f"is not understood from {said[at:].strip()!r} on")
        if found["column"] in names:
            values = f"{found['column']}=VALUE,VALUE"
            raise _unread(text, f"names {found['column']} twice", f"write {values}")
        names.add(found["column"])
        yield found["column"], tuple(map(plain, re.findall(WORD, found["values"])))
        at, between = found.end(), AND


def plain(word: str) -> str:
    """Return a word as it is meant: without the quotes that it may stand in."""
    if not word.startswith('"'):
        return word
    try:
        return str(json.loads(word, strict=False))
    except ValueError:
        return word[1:-1]


def _unread(text: str, problem: str, remedy: str = REMEDY) -> UsageError:
    return UsageError("", [Fault("", problem, remedy, values=(text,))])


def quoted(word: str) -> str:
    """Write a word so that it is read as it is."""
    bare = re.fullmatch(WORD, word) and not word.startswith('"')
    return word if bare else json.dumps(word, ensure_ascii=False)


def sentence_of(change: Change) -> str:
    """Write a change in the one way that stands in manifests."""
    value = quoted(change.value) if change.value or change.about == EVENT else ""
    head = {
        PROMOTION: f"{PROMOTION} {change.column}{change.how}{value}".strip(),
        EVENT: f"{EVENT} {value}",
        DEMAND: f"{DEMAND}{change.how}{value}",
    }.get(change.about, f"{change.about}.{change.column}{change.how}{value}")
    said = [f"{name}={','.join(map(quoted, values))}" for name, values in change.where.items()]
    return f"{head} where {BETWEEN.join(said)}" if said else head
