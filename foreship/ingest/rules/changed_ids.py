"""Ids that a spreadsheet has changed: long numbers rounded, zeros before them lost.

A rounded id stands for many numbers, so that items may have become one: it is refused wherever it
stands. What only zeros tell apart may be two things: it is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from foreship.errors import Fault
from foreship.ingest.findings import in_short
from foreship.ingest.tables import TableRead
from foreship_foundation.telling.words import listed

__all__ = ["ids_are_as_they_were", "meant_by"]

ROUNDED: Final = re.compile(r"[0-9](?:[.,]([0-9]+))?E\+([0-9]{2})$")
"""how spreadsheets write a long number"""
HOMES: Final = (("items", "item"), ("regions", "region"), ("hubs", "hub"))
AS_TEXT: Final = "export ids as text"


def ids_are_as_they_were(tables: Mapping[str, TableRead]) -> Iterator[Fault]:
    """Refuse rounded ids; warn of two that only zeros before them tell apart."""
    for name, column in HOMES:
        read = tables.get(name)
        if read is None or column not in read.parsed:
            continue
        names = set(read.names_of(column))
        rounded = sorted(filter(_digits_written, names))
        if rounded:
            found = _whole_numbers(rounded, _elsewhere(tables, name, column))
            first = next(iter(found.items()), None)
            remedy = AS_TEXT if first is None else f"{in_short(first[0])} is {first[1]}; {AS_TEXT}"
            bad = read.rows_named(column, set(rounded))
            yield read.fault(column, bad, "ids that a spreadsheet has rounded", remedy)
        bare = {each for each in names if each.isdecimal() and each[0] == "0"}
        twins = {each for each in bare if each.lstrip("0") in names}
        twins |= {each.lstrip("0") for each in twins}
        if twins:
            bad = read.rows_named(column, twins)
            words = "ids that only zeros before them tell apart"
            yield read.fault(column, bad, words, "have some lost their zeros?", "warning")


def meant_by(unknown: Collection[str], known: Collection[str]) -> tuple[str, bool]:
    """Say what one of some unknown ids is most likely meant to be.

    Returns
    -------
    Words, "" where nothing is like any of them; and whether a spreadsheet has changed the id: then
    its rows certainly belong to a known one.
    """
    without = {name.lstrip("0"): name for name in sorted(known) if name.isdecimal()}
    for name in filter(str.isdecimal, unknown):
        other = without.get(name.lstrip("0"))
        if other is not None:
            short, long = sorted((name, other), key=len)
            return f"{in_short(short)} is {in_short(long)} without its zeros; {AS_TEXT}", True
    rounded = _whole_numbers(unknown, known) or _whole_numbers(known, unknown)
    for name, whole in rounded.items():
        return f"{in_short(name)} is {whole}, rounded by a spreadsheet; {AS_TEXT}", True
    alike = {_alike(name): name for name in sorted(known)}
    for name in unknown:
        if _alike(name) in alike:
            return f"{in_short(name)} is almost {in_short(alike[_alike(name)])}", False
    return "", False


def _alike(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _digits_written(name: str) -> int:
    """Digits of a number that a rounded id still has, fewer than all; 0 where it is none."""
    found = ROUNDED.match(name)
    if found is None or len(found[1] or "") >= int(found[2]):
        return 0
    return 1 + len(found[1] or "")


def _whole_numbers(some: Iterable[str], others: Iterable[str]) -> dict[str, str]:
    """Return the rounded ids among some, in order, each with a number that it may stand for.

    Others of which there are several are joined by "or", two at most.
    """
    rounded = {name: digits for name in sorted(some) if (digits := _digits_written(name))}
    if not rounded:
        return {}
    found: dict[str, str] = {}
    for digits in sorted(set(rounded.values())):
        of: dict[tuple[str, int], list[str]] = {}
        for other in sorted(filter(str.isdecimal, others)):
            of.setdefault(_parts(f"{Decimal(other):.{digits - 1}E}"), []).append(in_short(other))
        for name in (each for each, written in rounded.items() if written == digits):
            if _parts(name) in of:
                found[name] = listed(of[_parts(name)][:2], last="or")
    return dict(sorted(found.items()))


def _parts(number: str) -> tuple[str, int]:
    """Mantissa and exponent."""
    mantissa, exponent = number.replace(",", ".").split("E+")
    return mantissa, int(exponent)


def _elsewhere(tables: Mapping[str, TableRead], name: str, column: str) -> set[str]:
    """Ids of one kind as the other tables write them."""
    found: set[str] = set()
    for other in tables.values():
        for each in other.table.columns:
            if f"{name}.{column}" in each.refers and each.name in other.parsed:
                found.update(other.names_of(each.name))
    return found
