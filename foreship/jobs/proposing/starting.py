"""The work behind `foreship init`: look at files, propose, derive what is missing, write."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foreship.config import CONFIG_NAME, parse_config
from foreship.errors import StorageError, UsageError
from foreship.files import write_atomically
from foreship.forms import LEAVE_OUT, LYING, RETURNS, Form
from foreship.ingest.rules.left_out import unknown_items
from foreship.ingest.tables import TableRead, read_table
from foreship.jobs.proposing.deriving import derived_tables, with_more, write_derived
from foreship.jobs.proposing.exports import exports_of
from foreship.jobs.proposing.matching import Match, assigned
from foreship.jobs.proposing.toml_text import settling_lines, toml_text
from foreship_foundation.bounds import range_in_words
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.telling.words import listed, number, plural

__all__ = ["COST_SHARE", "Proposal", "init_workspace"]

COST_SHARE = 0.6
"""what a unit is assumed to cost, as a share of its price, where nobody says it"""


@dataclass(frozen=True)
class Proposal:
    """What was proposed, derived and asked."""

    path: Path
    tables: dict[str, str]
    """table -> path, as it is written down"""
    derived: dict[str, str]
    """table -> how its values came about"""
    found: tuple[str, ...]
    """what was recognised, a line a table"""
    questions: tuple[str, ...]
    """what a planner has to say before `check` passes"""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return {
            "config": str(self.path),
            "tables": dict(self.tables),
            "derived": dict(self.derived),
            "found": list(self.found),
            "questions": list(self.questions),
        }

    def __str__(self) -> str:
        lines = [str(self.path), *(f"  {each}" for each in self.found)]
        lines += [f"? {each}" for each in self.questions]
        return "\n".join(lines)


def init_workspace(
    folder: str | Path,
    files: Sequence[str],
    *,
    returns: bool = False,
    cost_share: float = COST_SHARE,
    force: bool = False,
) -> Proposal:
    """Propose a workspace from raw files and write its `foreship.toml`.

    Parameters
    ----------
    folder
        The workspace; made where it is not there.
    files
        Files, folders of files, or `TABLE=FILE` where a file could hold several tables.
    returns
        Whether orders of a negative quantity are returns.
    cost_share
        What a unit is assumed to cost, as a share of its price, where nobody says it.
    force
        Whether an existing config is replaced. Its answers on files that are still there stay,
        and it is kept as `foreship.toml.old`.

    Raises
    ------
    UsageError
        If there is a config and no `force`, no file, or a file of no kind that is read.
    InputError
        If a file is damaged.
    StorageError
        If the folder cannot be written.
    """
    target = Path(folder)
    config = target / CONFIG_NAME
    if config.exists() and not force:
        raise UsageError(f"{config} is there already; --force replaces it and keeps the old one")
    if not files:
        raise UsageError("give at least the export of orders: foreship init DIR FILE...")
    if not 0 < cost_share <= 1:
        raise UsageError(f"--unit-cost-share {number(cost_share)}; must be {range_in_words(0, 1)}")
    exports = [each for name in files for each in exports_of(name)]
    before = parse_config(config)[0] if config.exists() else None
    answers = before.forms if before else {}
    matches, questions = assigned(exports, before.columns if before else None)
    reads = {each.table: _read(each, answers.get(each.table, Form()), returns) for each in matches}
    given = frozenset(each.table for each in matches)
    supposed, if_so = _as_supposed(matches, reads, answers, returns)
    made = [
        replace(each, words=f"{each.words}{if_so}")
        for each in derived_tables(supposed, given, cost_share)
    ]
    try:
        target.mkdir(parents=True, exist_ok=True)
        tables = {each.table: _relative(each.export.path, target) for each in matches}
        tables |= {each.table: write_derived(target, each) for each in made}
    except OSError as error:
        raise StorageError(f"cannot write {target}: {error.strerror or error}") from error
    tables = {name: tables[name] for name in INPUTS if name in tables}
    notes = {each.table: each.words for each in made}
    for derived in made:
        if derived.table == "items":
            _ask_unknown_items(reads, answers, set(derived.frame["item"]))
    forms = {each.table: _form(each, reads[each.table], returns) for each in matches}
    faults = [fault for read in reads.values() for fault in read.faults]
    text = toml_text(tables, notes, matches, forms, faults)
    if config.exists():
        write_atomically(
            config.with_name(f"{CONFIG_NAME}.old"),
            lambda draft: draft.write_bytes(config.read_bytes()),
        )
    write_atomically(config, lambda draft: draft.write_text(text, "utf-8"))
    found = tuple(_found(matches, reads, notes))
    asked = (*questions, *_asked(matches, reads, tables))
    return Proposal(config, tables, notes, found, asked)


def _as_supposed(
    matches: Sequence[Match],
    reads: dict[str, TableRead],
    answers: Mapping[str, Form],
    returns: bool,
) -> tuple[dict[str, TableRead], str]:
    """Read columns that are asked as the one heading that may name them, and say so.

    What is derived from these holds once a planner has said the same.
    """
    found, said = dict(reads), list[str]()
    for match in matches:
        alone = {ours: each[0] for ours, each in match.likely.items() if len(each) == 1}
        if alone and len(set(alone.values())) == len(alone):
            supposed = replace(match, renames={**match.renames, **alone})
            found[match.table] = _read(supposed, answers.get(match.table, Form()), returns)
            said += [f"{match.table}.{ours} is {theirs!r}" for ours, theirs in alone.items()]
    return found, f"; if {listed(said)}" if said else ""


def _ask_unknown_items(
    reads: dict[str, TableRead], answers: Mapping[str, Form], items: set[str]
) -> None:
    """Ask about stock of items that the orders, from which items are derived, do not have."""
    for name in LYING:
        if name not in reads:
            continue
        read, unknown = reads[name], unknown_items(reads[name], items)
        if unknown and answers.get(name, Form()).unknown_items == LEAVE_OUT:
            read.form = replace(read.form, unknown_items=LEAVE_OUT)
        elif unknown:
            are = plural(len(unknown), "item is", "items are")
            line = f'[columns] {name}.unknown_items = "{LEAVE_OUT}"'
            remedy = f"say {line}, or add them to items with what they cost"
            bad = read.rows_named("item", unknown)
            read.faults.append(read.fault("item", bad, f"{are} in no order", remedy))


def _read(match: Match, answer: Form, returns: bool) -> TableRead:
    """Read an export as its table; what it asks and was answered before is not asked again."""
    table = INPUTS[match.table]
    form = Form(sheet=match.export.sheet)
    if match.table == "orders":
        table, match = with_more(match)
        form = replace(form, negative_quantities=RETURNS if returns else "")
    read = read_table(table, match.export.path, match.renames, form)
    asked = {line.split(" = ")[0].split(".")[1] for f in read.faults for line in settling_lines(f)}
    known = {key: value for key, value in answer.declared().items() if key in asked}
    if known:
        read = read_table(table, match.export.path, match.renames, replace(form, **known))
        read.form = replace(read.form, **known)
    return read


def _form(match: Match, read: TableRead, returns: bool) -> Form:
    """Return what is written down: what was recognised, or answered."""
    known = read.form.declared()
    if match.export.sheet:
        known["sheet"] = match.export.sheet
    if match.table == "orders" and returns:
        known["negative_quantities"] = RETURNS
    return Form(**known)


def _relative(path: Path, folder: Path) -> str:
    """Return a path as it is written down: relative to the workspace where that can be."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return str(path.resolve())


def _found(
    matches: Sequence[Match], reads: dict[str, TableRead], notes: dict[str, str]
) -> Iterator[str]:
    for match in matches:
        pairs = [f"{ours} = {theirs}" for ours, theirs in match.renames.items() if ours != theirs]
        rows = reads[match.table].rows
        words = f"{match.table}: {match.export}, {plural(rows, 'row')}"
        yield f"{words}{': ' if pairs else ''}{', '.join(pairs)}"
    for name, words in notes.items():
        yield f"{name}: derived, assumed: {words}"


def _asked(
    matches: Sequence[Match], reads: dict[str, TableRead], tables: dict[str, str]
) -> Iterator[str]:
    for match in matches:
        for column, headings in match.doubles.items():
            words = listed(map(repr, headings), last="or")
            yield f"{match.table}.{column}: is it {words}?"
        for column in match.missing:
            likely = match.likely.get(column, ())
            words = listed(map(repr, likely), last="or")
            yield f"{match.table}.{column}: {f'is it {words}?' if words else 'which column is it?'}"
        for fault in reads[match.table].faults:
            lines = settling_lines(fault)
            if fault.severity == "fault" and not fault.column and not fault.count and not lines:
                yield str(fault)  # the file cannot be read at all
            if lines:
                more = "" if lines[0] in fault.remedy else f"; are they returns? then {lines[0]}"
                yield f"{str(fault).removesuffix('.') if more else fault}{more}"
    for name, table in INPUTS.items():
        if table.required and name not in tables:
            yield f"{name}: no file holds it{_derivable(name)}."


def _derivable(table: str) -> str:
    """Say from what a table is derived, and when."""
    sources = {"items": "orders", "regions": "orders", "hubs": "stock and lanes"}
    if table not in sources:
        return ", and it cannot be derived"
    return f" yet; once {sources[table]} can be read it is derived by this command with --force"
