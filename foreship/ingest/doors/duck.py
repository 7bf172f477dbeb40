"""DuckDB: tables of a database file, or a query over files of the workspace.

A database is opened for reading only. No query reaches beyond its own file; one without a file,
`duckdb:`, reads files of the workspace and no others.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from foreship.addresses.address import IN_MEMORY, Address, duckdb_file
from foreship.errors import StorageError
from foreship.ingest.doors.arriving import (
    bounded,
    library_missing,
    one_line,
    quoted,
    sought_of,
    source_of,
)
from foreship.ingest.files.sources import Source
from foreship.ingest.raw import Sought, refuse, refuse_header
from foreship_foundation.telling.near_names import nearest

__all__ = ["DuckDoor"]

BATCH = 2**18  # rows at once
SHUT = {
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""no variable of this process is a table, nothing is loaded from elsewhere"""
TABLES = "select schema_name, table_name from duckdb_tables() where not internal union all "
VIEWS = "select schema_name, view_name from duckdb_views() where not internal order by all"
BEFORE_A_FILE = r"\b(?:from|join)\s+|\b(?:read_\w+|\w+_scan|glob)\s*\(\s*\[?\s*(?:'[^']*'\s*,\s*)*"
FILE: Final = re.compile(rf"(?P<before>{BEFORE_A_FILE})'(?P<file>[^'/~][^':]*)'", re.IGNORECASE)
"""a file in a query, by a name that does not begin at the root"""


class DuckDoor:
    """One database file, or none; opened by the first table that is asked for."""

    def __init__(self, place: str, folder: Path) -> None:
        self.place, self.folder = place, folder.resolve()
        self._connection: Any = None

    def read(self, address: Address, table: str, sought: Sought) -> Source:
        """Read a table or the answer to a query.

        Raises
        ------
        InputError
            If there is no such table, or DuckDB refuses the query.
        StorageError
            If the file cannot be opened, or another program writes to it.
        DoorMissing
            If the library is not installed.
        """
        if self._connection is None:
            self._connection = self._opened(table)
        if address.query:
            relation = f"({self._query(address.query, table)}\n)"
        else:
            relation = self._relation(address.table, table)
        header = self._asked(f"select * from {relation} as asked limit 0", table).columns
        refuse_header(table, header)
        columns = ", ".join(map(quoted, sought_of(header, sought)))
        question = f"select {columns} from {relation} as asked"
        return source_of(header, self._answer(question, table), table, sought)

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()

    def _opened(self, table: str) -> Any:
        try:
            import duckdb
        except ImportError:
            raise library_missing(self.place) from None
        if self.place == IN_MEMORY:
            found = duckdb.connect(":memory:", config=SHUT)
            inside = str(self.folder).replace("'", "''")
            found.execute(f"set allowed_directories = ['{inside}/']")
        else:
            path = self.folder / duckdb_file(self.place)
            if not path.is_file():
                raise refuse(table, f"no file at {path}", "write it there")
            try:
                found = duckdb.connect(str(path), read_only=True, config=SHUT)
            except duckdb.Error as error:
                words = _in_short(error)
                if "lock" in words:
                    words = "another program holds it open for writing"
                raise StorageError(f"cannot open {path}: {words}") from None
        for each in ("enable_progress_bar = false", "enable_external_access = false"):
            found.execute(f"set {each}")
        found.execute("set lock_configuration = true")
        return found

    def _query(self, query: str, table: str) -> str:
        """Return one question; names of files are those of the workspace.

        Raises
        ------
        InputError
            If it is not one `select`.
        """
        import duckdb

        query = query.strip().rstrip(";")
        try:
            statements = self._connection.extract_statements(f"select * from ({query}\n)")
        except duckdb.Error as error:
            raise refuse(table, f"the query is refused: {_in_short(error)}") from None
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise refuse(table, "the query is not one question", "write one `select`")
        return self._in_workspace(query) if self.place == IN_MEMORY else query

    def _in_workspace(self, query: str) -> str:
        """Return a query whose files lie in the workspace; one at a time, as they follow commas."""
        inside = str(self.folder).replace("'", "''")

        def placed(found: re.Match[str]) -> str:
            return f"{found['before']}'{inside}/{found['file']}'"

        whole = FILE.sub(placed, query)
        return whole if whole == query else self._in_workspace(whole)

    def _relation(self, named: str, table: str) -> str:
        there = self._connection.execute(TABLES + VIEWS).fetchall()
        for schema, name in there:
            if named == f"{schema}.{name}" or (named == name and schema == "main"):
                return f"{quoted(schema)}.{quoted(name)}"
        known = [name if schema == "main" else f"{schema}.{name}" for schema, name in there]
        hint = nearest(named, known) if known else "it holds none"
        raise refuse(table, f"no table {named!r} in {self.place}", hint)

    def _asked(self, question: str, table: str) -> Any:
        import duckdb

        try:
            return self._connection.sql(question)
        except duckdb.Error as error:
            raise self._refused(error, table) from None

    def _answer(self, question: str, table: str) -> Any:
        import duckdb

        try:
            reader = self._asked(question, table).to_arrow_reader(BATCH)
            return bounded(reader.schema, reader, table)
        except (duckdb.Error, OSError, pa.ArrowException) as error:
            raise self._refused(error, table) from None

    def _refused(self, error: Exception, table: str) -> Exception:
        words = _in_short(error)
        hint = "only files of the workspace are read" if "Cannot access" in words else ""
        return refuse(table, f"{self.place} refuses what is asked: {words}", hint)


def _in_short(error: Exception) -> str:
    return one_line(str(error).split("\n\nLINE ")[0])
