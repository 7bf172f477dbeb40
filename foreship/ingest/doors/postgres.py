"""PostgreSQL: all tables of one server in one transaction that can only read.

So all of them are of one moment, whatever is written meanwhile. Who we are, libpq knows: from
PGUSER, PGPASSWORD, ~/.pgpass or its service file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from foreship.addresses.address import Address
from foreship.addresses.secrets import without_secrets
from foreship.errors import InputError, StoreUnreachable
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
from foreship_foundation.telling.near_names import nearest, nearest_of

__all__ = ["PostgresDoor"]

CONNECT_SECONDS = 5
STATEMENT_SECONDS = 3600
GRANT = "grant select on .. to .."
AT_ONE_MOMENT = "set transaction isolation level repeatable read read only"
TABLES = """
    select n.nspname::text as schema, c.relname::text as name, c.oid::int8 as number,
           pg_catalog.pg_table_is_visible(c.oid) as seen
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'v', 'm', 'f', 'p')
      and n.nspname not in ('pg_catalog', 'information_schema')
      and n.nspname not like 'pg\\_toast%'
    order by n.nspname, c.relname
"""


class PostgresDoor:
    """A connection to one database, opened by the first table that is asked for."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._connection: Any = None

    def read(self, address: Address, table: str, sought: Sought) -> Source:
        """Read a table or the answer to a query.

        Raises
        ------
        InputError
            If there is no such table, or the server refuses the query.
        StoreUnreachable
            If the server does not answer, knows nobody of our name, or breaks off.
        DoorMissing
            If the library is not installed.
        """
        with self._cursor(table) as cursor:
            relation = f"({address.query.strip().rstrip(';')}\n) as asked"
            if not address.query:
                relation = self._relation(cursor, address.table, table)
            header = self._answer(cursor, f"select * from {relation} limit 0", table).schema
            refuse_header(table, header.names)
            asked = [header.field(each) for each in sought_of(header.names, sought)]
            columns = ", ".join(map(_in_sql, asked)) or "1"
            read = self._answer(cursor, f"select {columns} from {relation}", table)
            return source_of(header.names, read, table, sought)

    def close(self) -> None:
        """End the transaction and the connection."""
        if self._connection is not None:
            with contextlib.suppress(Exception):  # one that broke off ends with any error
                self._connection.close()

    @contextlib.contextmanager
    def _cursor(self, table: str) -> Iterator[Any]:
        if self._connection is None:
            self._connection = _connected(self.place)
            with self._connection.cursor() as first:
                self._run(first, AT_ONE_MOMENT, table)
                self._run(first, f"set local statement_timeout = '{STATEMENT_SECONDS}s'", table)
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            with contextlib.suppress(Exception):
                cursor.close()

    def _relation(self, cursor: Any, named: str, table: str) -> str:
        """Return a table as SQL names it.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        there = self._answer(cursor, TABLES, table).to_pylist()
        names = {f"{each['schema']}.{each['name']}": each for each in there}
        names |= {each["name"]: each for each in there if each["seen"]}
        if named in names:
            return f"{quoted(names[named]['schema'])}.{quoted(names[named]['name'])}"
        shown = dict.fromkeys(each["name"] if each["seen"] else key for key, each in names.items())
        hint = nearest(named, names if nearest_of(named, names) else shown)
        hint = hint if names else "it has no tables that this user sees"
        raise refuse(table, f"no table {named!r} in {self.place}", hint)

    def _answer(self, cursor: Any, question: str, table: str) -> pa.Table:
        self._run(cursor, question, table)
        try:
            reader = cursor.fetch_record_batch()
            return bounded(reader.schema, reader, table)
        except (OSError, pa.ArrowException) as error:
            raise self._refused(error, table) from None

    def _run(self, cursor: Any, statement: str, table: str) -> None:
        from adbc_driver_manager import Error

        try:
            cursor.execute(statement)
        except (Error, OSError) as error:
            raise self._refused(error, table) from None

    def _refused(self, error: Exception, table: str) -> InputError | StoreUnreachable:
        """Return whose fault it is: the question's while the server still answers, else its own."""
        words = _in_short(error)
        if "timeout" not in words and self._answers():
            hint = f"ask for the right to read it, {GRANT}" if "permission denied" in words else ""
            return refuse(table, f"{self.place} refuses what is asked: {words}", hint)
        return StoreUnreachable(f"{self.place} broke off while {table} was read: {words}")

    def _answers(self) -> bool:
        """Whether the server still answers; the transaction that failed is over in any case.

        The next table begins another one: a plan is not made of them, only its faults are found.
        """
        from adbc_driver_manager import Error

        connection, self._connection = self._connection, None
        try:
            connection.rollback()
            with connection.cursor() as cursor:
                cursor.execute("select 1")
        except (Error, OSError):
            return False
        finally:
            with contextlib.suppress(Exception):
                connection.close()
        return True


def _connected(place: str) -> Any:
    try:
        import adbc_driver_postgresql.dbapi as adbc
        from adbc_driver_manager import Error
    except ImportError:
        raise library_missing(place) from None
    mark = "&" if "?" in place else "?"
    try:
        return adbc.connect(f"{place}{mark}connect_timeout={CONNECT_SECONDS}")
    except Error as error:
        words = f"cannot open {place}: {_in_short(error)}"
        if "password" in words or "authentication" in words:
            words += "; the password stands in PGPASSWORD or ~/.pgpass"
        raise StoreUnreachable(without_secrets(words)) from None


def _in_sql(column: pa.Field) -> str:
    """Return a column as it is asked for.

    What has no plain Arrow type as text; text as text, which takes the padding of `char(n)` away.
    """
    kind = column.type
    odd = pa.types.is_binary(kind) or pa.types.is_interval(kind) or pa.types.is_string(kind)
    name = quoted(column.name)
    as_text = odd or isinstance(kind, pa.BaseExtensionType)
    return f"cast({name} as text) as {name}" if as_text else name


def _in_short(error: Exception) -> str:
    """Return the server's own words in one line, without what the libraries put around them."""
    words = " ".join(str(error).split("Query was:")[0].split("SQLSTATE")[0].split())
    for before in ("Failed to connect:", "ERROR:", "FATAL:"):
        words = words.rpartition(before)[2].strip() if before in words else words
    return one_line(words.rstrip(". "))
