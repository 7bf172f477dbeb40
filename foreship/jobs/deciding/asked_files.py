"""Add a row to a planner's table, or take one back, in the workspace's own file of it.

`overrides`, `policies` and `adjustments` are tables like others: what is written here is read by
every command. Only a plain CSV file with the contract's headings is written to, or made where
there is none; whatever else lies there (a workbook, a database, headings of one's own) is left to
whoever keeps it, and says so.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from foreship import files
from foreship.addresses.address import Address
from foreship.config import CONFIG_NAME, Config, parse_config
from foreship.errors import Fault, InputError, StorageError, UsageError
from foreship.runs import workspace_lock
from foreship.workspace.checking import inspect
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.telling.words import listed

__all__ = ["ASKED", "SIGNED", "AskedFile", "Changed", "add_row", "asked_file", "take_back"]

ASKED: Final = ("overrides", "policies", "adjustments")
"""tables in which a planner asks for something"""
SIGNED: Final = ("author", "reason", "expires")
"""what every row must say that is written here"""
KNOWN_BY: Final = ("items", "regions", "hubs", "lanes")
"""tables whose ids a row may name"""
LARGEST: Final = 10_000_000
"""bytes beyond which a table of wishes is not written anew for one row"""


class Changed(UsageError):
    """Somebody else has written to a file since it was shown."""


@dataclass(frozen=True)
class AskedFile:
    """A planner's table as its file stands."""

    table: str
    path: Path
    """the file, which need not be there yet"""
    columns: tuple[str, ...]
    """headings as they stand in the file, or would stand"""
    rows: tuple[Mapping[str, str], ...] = ()
    """as text, in the order of the file"""
    sha256: str = ""
    """of the file's bytes, '' where there is none"""
    why_not: str = ""
    """why no row is written here, '' where one can be"""


def asked_file(workspace: Path, table: str) -> AskedFile:
    """Return a planner's table as its file stands.

    Raises
    ------
    UsageError
        If it is no such table, or `foreship.toml` is at fault.
    StorageError
        If the system refuses to read the file.
    """
    config = _config(workspace, table)
    address = config.tables.get(table)
    path = workspace / (f"{table}.csv" if address is None else str(address.place))
    headings = tuple(each.name for each in INPUTS[table].columns)
    refused = _why_not(workspace, config, table, path)
    if refused or not path.exists():
        return AskedFile(table, path, headings, why_not=refused)
    try:
        content = files.read_small(path, LARGEST)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return AskedFile(table, path, headings, why_not=f"{path.name} is not written in UTF-8")
    except ValueError as error:
        return AskedFile(table, path, headings, why_not=f"{path.name}: {error}")
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror or error}") from error
    found, rows, refused = _rows_in(text, path.name, headings)
    if refused:
        return AskedFile(table, path, found, why_not=refused)
    return AskedFile(table, path, found, rows, hashlib.sha256(content).hexdigest())


def add_row(
    workspace: Path, runs_at: Path, table: str, row: Mapping[str, str], sha256: str
) -> AskedFile:
    """Write a row below the others, once the whole table with it is without fault.

    Parameters
    ----------
    runs_at
        The folder of runs, whose lock is held meanwhile.
    row
        Text by column; columns that are left out are blank.
    sha256
        Of the file as the row was asked for; '' where there was none.

    Raises
    ------
    InputError
        With every fault of the row, or of the table with it; nothing is written then.
    UsageError
        If the file is not written here, or is another one by now.
    WorkspaceLocked, StorageError
        As of any command that writes.
    """
    with workspace_lock(runs_at):
        there = _unchanged(workspace, table, sha256)
        _refuse(table, _unsigned(there, row))
        columns = [*there.columns]
        _checked_and_written(workspace, there, _text(columns, [*there.rows, row]))
    return asked_file(workspace, table)


def take_back(workspace: Path, runs_at: Path, table: str, place: int, sha256: str) -> AskedFile:
    """Take a row out of the file.

    Parameters
    ----------
    place
        Of the row among `AskedFile.rows`, from 0.
    runs_at, sha256
        As in `add_row`.

    Raises
    ------
    UsageError
        If there is no such row, or as `add_row`.
    WorkspaceLocked, StorageError
        As of any command that writes.
    """
    with workspace_lock(runs_at):
        there = _unchanged(workspace, table, sha256)
        if not 0 <= place < len(there.rows):
            raise UsageError(f"{there.path.name} has no row {place + 1}; it has {len(there.rows)}")
        left = [each for at, each in enumerate(there.rows) if at != place]
        _written(there, _text(there.columns, left))
    return asked_file(workspace, table)


def _config(workspace: Path, table: str) -> Config:
    if table not in ASKED:
        raise UsageError(f"{table!r} is no table of wishes; these are {listed(ASKED)}")
    config, faults = parse_config(workspace / CONFIG_NAME)
    if faults:
        raise UsageError(f"{CONFIG_NAME} is at fault:", faults)
    return config


def _why_not(workspace: Path, config: Config, table: str, path: Path) -> str:
    """Return why a table's file is not ours to write, '' where it is."""
    address = config.tables.get(table)
    own = address is None or (address.kind == "file" and not address.where)
    if not own or path.suffix.lower() != ".csv" or path.is_dir():
        return f"{table} is read from {address}: add the row there"
    if config.columns.get(table) or config.forms.get(table):
        return f"{CONFIG_NAME} says how {path.name} is written: add the row there"
    if path.is_symlink() or not path.resolve().is_relative_to(workspace.resolve()):
        return f"{path.name} lies outside of the workspace: add the row there"
    if address is None and path.exists():
        return f'{path.name} is there, but not read: write {table} = "{path.name}" under [tables]'
    return ""


def _rows_in(
    text: str, name: str, headings: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[Mapping[str, str], ...], str]:
    """Return the headings of a file, its rows, and why they are not ours to write, '' if they are.

    Parameters
    ----------
    headings
        Those that a file may have, and that one without a line is given.
    """
    try:
        lines = [each for each in csv.reader(io.StringIO(text, newline="")) if any(each)]
    except csv.Error as error:
        return headings, (), f"{name} is no plain CSV: {error}"
    found = tuple(lines[0]) if lines else headings
    odd = [each for each in found if each not in headings]
    if odd or "kind" not in found or len(set(found)) < len(found):
        return found, (), f"{name} has headings of its own: {listed(found)}"
    if any(len(each) > len(found) for each in lines):
        return found, (), f"{name} has a row that is longer than its headings"
    return found, tuple(dict(zip(found, each, strict=False)) for each in lines[1:]), ""


def _unchanged(workspace: Path, table: str, sha256: str) -> AskedFile:
    there = asked_file(workspace, table)
    if there.why_not:
        raise UsageError(there.why_not)
    if there.sha256 != sha256:
        raise Changed(f"{there.path.name} has changed since it was shown: look at it again")
    return there


def _unsigned(there: AskedFile, row: Mapping[str, str]) -> list[Fault]:
    """Return what a row lacks, and values for which the file has no column."""
    missing = [name for name in SIGNED if not row.get(name, "").strip()]
    found = [Fault(there.table, "is blank", "say it", column=name) for name in missing]
    lost = [name for name, value in row.items() if value and name not in there.columns]
    remedy = f"add the heading to {there.path.name}"
    return found + [Fault(there.table, "has no such column", remedy, column=name) for name in lost]


def _refuse(table: str, faults: Sequence[Fault]) -> None:
    if faults:
        raise InputError(f"this row of {table} cannot stand:", list(faults))


def _text(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    written = io.StringIO(newline="")
    # a lone carriage return ends a row unless it stands in quotes
    is_broken = any("\r" in value for row in rows for value in row.values())
    lines = csv.DictWriter(
        written,
        columns,
        restval="",
        lineterminator="\n",
        quoting=csv.QUOTE_ALL if is_broken else csv.QUOTE_MINIMAL,
    )
    lines.writeheader()
    lines.writerows(rows)
    return written.getvalue()


def _checked_and_written(workspace: Path, there: AskedFile, text: str) -> None:
    """Read the new file with every rule that a command has for it, then put it in place."""
    config = _config(workspace, there.table)
    with tempfile.TemporaryDirectory(prefix="foreship-asked-") as place:
        tried = Path(place) / there.path.name
        tried.write_text(text, encoding="utf-8", newline="\n")
        known = {name: config.tables[name] for name in KNOWN_BY if name in config.tables}
        only = dataclasses.replace(
            config, tables={**known, there.table: Address(str(tried.resolve()))}
        )
        found = inspect(workspace, history=False, config=only).findings
    ours = [each for each in found if each.table == there.table and each.severity == "fault"]
    _refuse(there.table, ours)
    _written(there, text)
    if there.table not in config.tables:
        _named_in_config(workspace, there)


def _written(there: AskedFile, text: str) -> None:
    files.write_atomically(
        there.path, lambda draft: draft.write_text(text, encoding="utf-8", newline="\n")
    )


def _named_in_config(workspace: Path, there: AskedFile) -> None:
    """Name a new file under `[tables]`: one line more, all others as they are."""
    path = workspace / CONFIG_NAME
    before = path.read_bytes().decode("utf-8")
    lines = before.splitlines(keepends=True)
    heads = [at for at, line in enumerate(lines) if line.split("#")[0].strip() == "[tables]"]
    line = f'{there.table} = "{there.path.name}"'
    if len(heads) != 1:
        there.path.unlink()
        raise UsageError(f"{CONFIG_NAME} has no section [tables]: write {line} there")
    end = "\r\n" if lines[heads[0]].endswith("\r\n") else "\n"
    if not lines[heads[0]].endswith("\n"):
        lines[heads[0]] += end
    after = "".join([*lines[: heads[0] + 1], line + end, *lines[heads[0] + 1 :]])
    try:
        files.write_atomically(path, lambda draft: draft.write_bytes(after.encode("utf-8")))
    except StorageError:
        there.path.unlink()
        raise
