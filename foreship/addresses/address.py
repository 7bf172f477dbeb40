"""The address of a table: a file, a folder, a table of a database, an object of a store.

An address is its text, without secrets: what manifests, reports and messages show is all there
is. Who may read it is known to the environment or to the client's own settings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple

from foreship.addresses.secrets import SECRET_WORDS, has_secret
from foreship_foundation.telling.near_names import nearest
from foreship_foundation.telling.words import listed

__all__ = [
    "COMPARISONS",
    "STORES",
    "Address",
    "Condition",
    "Misread",
    "StoreParts",
    "address_of",
    "duckdb_file",
    "kind_of",
    "store_parts",
]

Kind = Literal["file", "postgres", "duckdb", "store"]
POSTGRES = ("postgresql", "postgres")
STORES = ("s3", "gs", "gcs", "abfs", "abfss", "az")
"""schemes of object stores: Amazon and whoever speaks like it, Google, Azure"""
COMMON = ("postgresql", "s3", "gs", "abfss")
"""schemes that are offered in the place of an unknown one"""
IN_MEMORY = "duckdb:"
DUCKDB: Final = re.compile(
    r"^(?:duckdb:(?://)?(?P<said>[^#]+)|(?P<file>[^#]*\.(?:duckdb|ddb)))$", re.IGNORECASE
)
"""a database's file, known by its ending or said to be one"""
SCHEME: Final = re.compile(r"^([A-Za-z][\w.+:-]*)://")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "in", "not in")
KEYS = ("from", "table", "query", "where")
FORMS = '"orders.parquet", "postgresql://user@host/db#orders", "shop.duckdb#orders" or "s3://..."'


class Misread(ValueError):
    """An address that is none; carries what would be right, and whether the text may be shown."""

    def __init__(self, problem: str, remedy: str, shown: bool = True) -> None:
        self.problem, self.remedy, self.shown = problem, remedy, shown
        super().__init__(problem)


class Condition(NamedTuple):
    """One condition on the rows that are read: `["year", ">=", 2024]`."""

    column: str
    comparison: str
    """one of `COMPARISONS`"""
    value: Any
    """text, number or bool, a list of them after `in`; a day as its ISO text"""


class StoreParts(NamedTuple):
    """The parts of `s3://bucket/key`."""

    scheme: str
    host: str
    """bucket; container and account, or account, of Azure"""
    inside: str
    """name of an object, or what names begin with, without `/` at its ends"""


class Address(str):
    """Where a table lies; as a text it is what people are shown.

    **Invariants:** no part of it holds what looks like a secret.
    """

    place: str
    """file, folder, server with database, bucket with key"""
    kind: Kind
    table: str
    """table of a database, with its schema if it is given"""
    query: str
    """a question to a database in the place of a table"""
    where: tuple[Condition, ...]
    """conditions that rows of Parquet files must meet to be read"""

    def __new__(
        cls, place: str, table: str = "", query: str = "", where: tuple[Condition, ...] = ()
    ) -> Address:
        """Return the address of these parts."""
        asked = f"#{table}" * bool(table) + " (query)" * bool(query)
        made = super().__new__(cls, place + asked)
        made.place, made.kind = place, kind_of(place)
        made.table, made.query, made.where = table, query, where
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        """Return what another process makes the same address from."""
        return self.parts

    @property
    def parts(self) -> tuple[Any, ...]:
        """All that tells this address from others."""
        return self.place, self.table, self.query, self.where

    def stated(self) -> str | dict[str, Any]:
        """Return the address as `foreship.toml` states it."""
        if not self.query and not self.where:
            return str(self)
        said = {"from": self.place, "table": self.table, "query": self.query}
        shown: dict[str, Any] = {key: value for key, value in said.items() if value}
        return shown | ({"where": [list(each) for each in self.where]} if self.where else {})


def store_parts(place: str) -> StoreParts:
    """Return the parts of a place in a store; names of objects are taken as they are written."""
    scheme, _, rest = place.partition("://")
    host, _, inside = rest.partition("/")
    return StoreParts(scheme, host, inside.strip("/"))


def duckdb_file(place: str) -> str:
    """Return the path of a database's file in the address of one."""
    found = DUCKDB.match(place)
    return (found["said"] or found["file"]) if found else place


def kind_of(place: str) -> Kind:
    """Return what kind of place a text names."""
    scheme = place.partition("://")[0] if "://" in place else ""
    if scheme in POSTGRES:
        return "postgres"
    if scheme in STORES:
        return "store"
    return "duckdb" if place == IN_MEMORY or DUCKDB.match(place) else "file"


def address_of(value: Any) -> Address:
    """Return the address that a value of `[tables]` states.

    Raises
    ------
    Misread
        If it is none, or holds a secret; says what would be right.
    """
    if isinstance(value, str):
        value = {"from": value}
    if not isinstance(value, Mapping):
        raise Misread("not a path", f"write it as {FORMS}")
    unknown = [key for key in value if key not in KEYS]
    if unknown:
        raise Misread(f"unknown key {unknown[0]!r}", nearest(unknown[0], KEYS), shown=False)
    if has_secret(value):
        raise Misread(*SECRET_WORDS, shown=False)
    for key in ("from", "table", "query"):
        text = value.get(key, "x" if key != "from" else "")
        if not isinstance(text, str) or not text.strip() or "\0" in text:
            raise Misread("not a path", f"write it as {FORMS}")
    place, table = _parted(value["from"], value.get("table", ""))
    made = Address(place, table, value.get("query", ""), _conditions(value.get("where", [])))
    _refuse_mixtures(made)
    return made


def _parted(text: str, table: str) -> tuple[str, str]:
    """Return the place of a text and the table it names behind `#`.

    Raises
    ------
    Misread
        For a scheme nobody reads, and a table named twice.
    """
    scheme = SCHEME.match(text)
    if scheme and scheme[1] not in (*POSTGRES, *STORES, "duckdb"):
        problem = f"nothing is read through {scheme[1]}://"
        raise Misread(problem, f"a file, or {listed([f'{each}://' for each in COMMON])}")
    before, mark, behind = text.partition("#")
    if not mark or kind_of(before) not in ("postgres", "duckdb"):
        return text, table
    if table:
        raise Misread("names a table behind # and as `table`", "say it once")
    return before, behind


def _refuse_mixtures(address: Address) -> None:
    """Raise Misread where the parts of an address do not go together."""
    if address.kind in ("postgres", "duckdb"):
        if bool(address.table) == bool(address.query):
            asked = "either a table or a query" if address.query else "which table of the database?"
            raise Misread(asked, f'write it as "{address.place}#orders", or give one query')
        if address.where:
            raise Misread("`where` is for Parquet files", "say it in the query")
        if address.place == IN_MEMORY and address.table:
            raise Misread("duckdb: alone holds no table", 'write it as "shop.duckdb#orders"')
    elif address.table or address.query:
        raise Misread("only a database has tables and queries", f"write it as {FORMS}")
    if address.kind == "store":
        _refuse_odd_store(address.place)
    elif address.kind == "postgres" and not address.place.partition("://")[2].partition("/")[2]:
        raise Misread("names no database", 'write it as "postgresql://user@host/db#orders"')


def _refuse_odd_store(place: str) -> None:
    parts = store_parts(place)
    if not parts.host or not parts.inside:
        raise Misread("names no object", 'write it as "s3://bucket/orders.parquet"')
    if "?" in place:
        remedy = "endpoint, region and profile stand in the environment (AWS_ENDPOINT_URL, ...)"
        raise Misread("settings behind ? are not read", remedy)


def _conditions(stated: Any) -> tuple[Condition, ...]:
    """Return the conditions that a list of three-part lists states.

    Raises
    ------
    Misread
        If it states none.
    """
    remedy = 'write it as where = [["year", ">=", 2024], ["region", "in", ["Lyon", "Nice"]]]'
    if not isinstance(stated, list | tuple):
        raise Misread("`where` is a list of conditions", remedy, shown=False)
    found = []
    for each in stated:
        if not isinstance(each, list | tuple) or len(each) != 3 or not isinstance(each[0], str):
            raise Misread("a condition has a column, a comparison and a value", remedy, shown=False)
        column, comparison, value = each
        comparison = "=" if comparison == "==" else comparison
        if comparison not in COMPARISONS:
            raise Misread(f"no comparison: {comparison!r}", f"one of {listed(COMPARISONS)}", False)
        several = comparison in ("in", "not in")
        plain = [_plain(one) for one in (value if isinstance(value, list | tuple) else [value])]
        if several != isinstance(value, list | tuple) or None in plain or not plain:
            raise Misread(f"not what {comparison!r} is asked with", remedy, shown=False)
        found.append(Condition(column, comparison, tuple(plain) if several else plain[0]))
    return tuple(found)


def _plain(value: Any) -> Any:
    """Return text, numbers and bools as they are, days as text, None for all else."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float) else None
