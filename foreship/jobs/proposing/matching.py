"""Headings -> columns of the contract: certain, or a question with the lines that settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from foreship.jobs.proposing.exports import Export
from foreship.jobs.proposing.headings import (
    bare,
    counts_units,
    headings_of,
    may_name,
    names_table,
)
from foreship_foundation.tables.declaration import Table
from foreship_foundation.tables.input_tables import INPUTS

__all__ = ["Match", "assigned", "matched"]

PREFERRED = ("orders", "stock", "lanes", "items", "regions", "hubs", "inbound")
"""tables in the order in which they are thought of, where a file may be several"""


@dataclass(frozen=True)
class Match:
    """One export as one table."""

    table: str
    export: Export
    renames: dict[str, str] = field(default_factory=dict)
    """column -> heading"""
    doubles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """column -> headings any of which it may be"""
    missing: tuple[str, ...] = ()
    """required columns that no heading names"""
    likely: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """of these -> headings that may name them: asked, never taken"""

    @property
    def spare(self) -> list[str]:
        """Headings that nothing reads."""
        used = {*self.renames.values(), *(h for each in self.doubles.values() for h in each)}
        return [each for each in self.export.header if each and each not in used]


def matched(table: Table, export: Export, answers: Mapping[str, str] | None = None) -> Match:
    """Name the heading of every column, as far as that is certain or was answered before.

    Parameters
    ----------
    answers
        Column -> the heading that a planner has named; those that the export lacks are not heeded.
    """
    stated = {ours: theirs for ours, theirs in (answers or {}).items() if theirs in export.header}
    renames, taken = dict(stated), set(stated.values())
    doubles: dict[str, tuple[str, ...]] = {}
    for column in sorted(table.columns, key=lambda each: not each.required):
        if column.name in stated:
            continue
        found = _found(table.name, column.name, [h for h in export.header if h not in taken])
        if len(found) == 1:
            renames[column.name] = found[0]
            taken.add(found[0])
        elif found:
            doubles[column.name] = tuple(found)
    missing = tuple(
        each.name
        for each in table.columns
        if each.required and each.name not in renames and each.name not in doubles
    )
    match = Match(table.name, export, renames, doubles, missing)
    return replace(match, likely=_likely(match))


def _likely(match: Match) -> dict[str, tuple[str, ...]]:
    """Name by missing column the headings that have words of its own among others."""
    found = {
        column: tuple(each for each in match.spare if may_name(match.table, column, each))
        for column in match.missing
    }
    return {column: headings for column, headings in found.items() if headings}


def _found(table: str, column: str, header: Sequence[str]) -> list[str]:
    exact = [each for each in header if each == column]
    if exact:
        return exact
    for weak in (False, True):
        words = headings_of(table, column, weak=weak)
        found = [each for each in header if bare(each) in words]
        if found:
            return found
    return []


def assigned(
    exports: Sequence[Export], answers: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[list[Match], list[str]]:
    """Say which table each export is, and ask where that is not certain.

    Parameters
    ----------
    answers
        Table -> column -> the heading that a planner has named.
    """
    questions: list[str] = []
    found: dict[str, Match] = {}
    for export in exports:
        match = _table_of(export)
        if match is None:
            tables = ", ".join(INPUTS)
            questions.append(f"What does {export} hold? Say TABLE={export.path}, one of: {tables}.")
        elif match.table in found:
            other = found[match.table].export
            questions.append(
                f"{other} and {export} both look like {match.table}: say TABLE=FILE of one, or put "
                "files of one table into a folder."
            )
        else:
            said = (answers or {}).get(match.table)
            found[match.table] = matched(INPUTS[match.table], export, said) if said else match
            questions += _unread_counts(match)
    return [found[name] for name in INPUTS if name in found], questions


def _unread_counts(match: Match) -> list[str]:
    """Ask about a number of units in a table that has none: the export may hold something else."""
    if match.export.table or "quantity" in {each.name for each in INPUTS[match.table].columns}:
        return []
    return [
        f"{match.export} looks like {match.table}, but nothing there reads its column {each!r}. "
        f"Say TABLE={match.export.path}, one of: {', '.join(INPUTS)}."
        for each in match.spare
        if counts_units(each)
    ]


def _table_of(export: Export) -> Match | None:
    if export.table:
        return matched(INPUTS[export.table], export) if export.table in INPUTS else None
    every = [matched(INPUTS[name], export) for name in _in_order()]
    words = f"{export.path.stem} {export.path.parent.name * export.path.is_dir()} {export.sheet}"
    named = [each for each in every if names_table(words, each.table)]
    whole = _widest([each for each in every if not each.missing])
    nearly = [each for each in named if len(each.missing) == 1 and _required(each) > 1]
    for group in ([each for each in named if each in whole], nearly, whole, named):
        if group:
            most = max(_required(each) for each in group)
            return next(each for each in group if _required(each) == most)
    return None


def _widest(whole: Sequence[Match]) -> list[Match]:
    """Leave out a table where another needs more columns and reads all of its headings too.

    A list of places, items and units is stock, also where its file is named after a warehouse.
    """
    return [
        each
        for each in whole
        if not any(
            _required(other) > _required(each) and set(other.spare) < set(each.spare)
            for other in whole
        )
    ]


def _in_order() -> list[str]:
    return [*PREFERRED, *(name for name in INPUTS if name not in PREFERRED)]


def _required(match: Match) -> int:
    """Count the required columns that were found."""
    required = [each.name for each in INPUTS[match.table].columns if each.required]
    return sum(each in match.renames or each in match.doubles for each in required)
