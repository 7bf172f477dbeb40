"""Which files of a folder are the data of a table, on a disk or in a store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import PurePath

from foreship.errors import Fault
from foreship.ingest.files.packed import ending_of
from foreship.ingest.raw import refuse

__all__ = [
    "CSV_ENDINGS",
    "PARQUET_ENDINGS",
    "WORKBOOK_ENDINGS",
    "data_files",
    "is_hidden",
    "not_of_a_table",
]

CSV_ENDINGS = (".csv", ".txt", ".tsv")
PARQUET_ENDINGS = (".parquet", ".pq")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
HIDDEN = ("_", ".", "~$")
LOGS = {"_delta_log": "Delta", ".hoodie": "Hudi"}
"""what marks a folder whose older files are data no more -> whose format it is"""


def data_files(
    lying: Collection[PurePath], place: str, table: str, notes: list[Fault]
) -> list[PurePath]:
    """Return the files that hold data; hidden ones, as writers leave them behind, are none.

    Parameters
    ----------
    lying
        All files by their names inside the folder, in the order in which rows are counted.
    place
        The folder as messages name it.
    notes
        Is told what an unfinished write left.

    Raises
    ------
    InputError
        If there is none, or they are not all of one sort.
    """
    _refuse_formats(lying, place, table)
    unfinished = sorted({top for inner in lying if (top := _hidden_folder(inner))})
    if unfinished:
        problem = f"the folder {place} holds {unfinished[0]!r}, what an unfinished write leaves"
        remedy = "not read; is the table whole? then take it away"
        notes.append(Fault(table, problem, remedy, severity="warning"))
    inside = [each for each in lying if not is_hidden(each)]
    if not inside:
        problem = f"{place} is a folder without Parquet files, CSV or Excel"
        raise refuse(table, problem, "give a file")
    endings = {ending_of(each.name) for each in inside}
    admitted: tuple[str, ...] = PARQUET_ENDINGS
    if not endings & set(PARQUET_ENDINGS):
        admitted = (*CSV_ENDINGS, *WORKBOOK_ENDINGS)
    for each in inside:
        if ending_of(each.name) not in admitted:
            raise not_of_a_table(each, place, table)
    return inside


def not_of_a_table(inner: PurePath, place: str, table: str) -> Exception:
    """Return the error for a file that no folder of a table may hold."""
    remedy = "a folder is a table when all its files are .parquet, or all .csv and .xlsx"
    return refuse(table, f"the folder {place} holds {inner.name!r}", remedy)


def is_hidden(inner: PurePath) -> bool:
    """Whether a file is hidden, or lies in a hidden folder; `_column=value` holds data."""
    return bool(_hidden_folder(inner)) or inner.name.startswith(HIDDEN)


def _hidden_folder(inner: PurePath) -> str:
    """Return the outermost hidden folder a file lies in, '' if there is none."""
    hidden = [part for part in inner.parts[:-1] if part.startswith(HIDDEN) and "=" not in part]
    return hidden[0] if hidden else ""


def _refuse_formats(inside: Iterable[PurePath], place: str, table: str) -> None:
    """Refuse folders whose Parquet files are not all data: a log beside them says which are."""
    parts = {part for inner in inside for part in inner.parts}
    for mark, kind in LOGS.items():
        if mark in parts:
            problem = f"the folder {place} is a {kind} table: which files count stands in its log"
            raise refuse(table, problem, "write it out as plain Parquet")
