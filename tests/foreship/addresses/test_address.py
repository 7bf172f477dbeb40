"""What `[tables]` may say of where a table lies, and what is refused in plain words."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from foreship.addresses.address import Address, Misread, address_of, duckdb_file, kind_of
from tests.servers.planted import PLANTED


@pytest.mark.parametrize(
    ("stated", "kind", "place", "table"),
    [
        ("orders.csv.gz", "file", "orders.csv.gz", ""),
        ("sales/", "file", "sales/", ""),
        ("a#b.csv", "file", "a#b.csv", ""),
        ("postgresql://me@h:5432/d#s.orders", "postgres", "postgresql://me@h:5432/d", "s.orders"),
        ("shop.duckdb#orders", "duckdb", "shop.duckdb", "orders"),
        ("duckdb:in/shop.duckdb#o", "duckdb", "duckdb:in/shop.duckdb", "o"),
        ("duckdb:shop.db#o", "duckdb", "duckdb:shop.db", "o"),
        ("duckdb:///in/shop.db#o", "duckdb", "duckdb:///in/shop.db", "o"),
        ("s3://bucket/a/b.parquet", "store", "s3://bucket/a/b.parquet", ""),
        ("gs://bucket/a", "store", "gs://bucket/a", ""),
        ("abfss://c@a.dfs.core.windows.net/o", "store", "abfss://c@a.dfs.core.windows.net/o", ""),
        ("az://acc/c/a", "store", "az://acc/c/a", ""),
    ],
)  # fmt: skip
def test_a_text_says_what_kind_of_place_it_is(
    stated: str, kind: str, place: str, table: str
) -> None:
    """The address is shown as it was written."""
    found = address_of(stated)
    assert (found.kind, found.place, found.table) == (kind, place, table)
    assert (str(found), found.stated()) == (stated, stated)
    assert kind_of(place) == kind


def test_the_file_of_a_database_is_what_follows_its_scheme() -> None:
    """With any ending where it is said to be one."""
    for place in ("duckdb:a/shop.db", "duckdb://a/shop.db"):
        assert duckdb_file(place) == "a/shop.db"
    assert duckdb_file("shop.duckdb") == "shop.duckdb"


def test_a_question_and_conditions_stand_beside_the_place() -> None:
    """They are stated again as they were, days as text; another process gets the same."""
    query = {"from": "duckdb:", "query": "select 1"}
    where = {"from": "sales", "where": [["year", ">=", 2024], ["region", "in", ["a", "b"]]]}
    assert address_of(query).stated() == query
    assert str(address_of(query)) == "duckdb: (query)"
    assert address_of(where).where[1].value == ("a", "b")
    for each in (query, where):
        again = pickle.loads(pickle.dumps(address_of(each)))
        assert isinstance(again, Address)
        assert again.parts == address_of(each).parts
        assert address_of(address_of(each).stated()).parts == again.parts


@pytest.mark.parametrize(
    ("stated", "problem", "remedy"),
    [
        (7, "not a path", "orders.parquet"),
        ("  ", "not a path", "orders.parquet"),
        ({"table": "orders"}, "not a path", "orders.parquet"),
        ({"from": "o.duckdb", "tabel": "x"}, "unknown key 'tabel'", "did you mean 'table'"),
        ("https://example.org/o.csv", "nothing is read through https://", "s3://"),
        ("simplecache::s3://b/o.csv", "nothing is read through", "s3://"),
        ("postgresql://host/db", "which table", "#orders"),
        ("postgresql://host#orders", "names no database", "host/db#orders"),
        ("postgresql://[::1#orders", "names no database", "host/db#orders"),
        ("S3://bucket/o.csv", "nothing is read through S3://", "s3://"),
        ("shop.duckdb", "which table", "shop.duckdb#orders"),
        ({"from": "a.duckdb#t", "query": "select 1"}, "either a table or a query", "one query"),
        ({"from": "a.duckdb#t", "table": "t"}, "behind #", "once"),
        ("duckdb:", "which table", "one query"),
        ("duckdb:shop.db", "which table", "duckdb:shop.db#orders"),
        ({"from": "o.csv", "query": "select 1"}, "only a database", "orders.parquet"),
        ({"from": "a.duckdb#t", "where": [["a", "=", 1]]}, "for Parquet", "in the query"),
        ("s3://bucket", "names no object", "s3://bucket/"),
        ("s3://bucket/o?region=x", "settings behind ?", "environment"),
        ({"from": "s", "where": [["a", "=="]]}, "a column, a comparison and a value", "where ="),
        ({"from": "s", "where": [["a", "~", 1]]}, "no comparison: '~'", "not in"),
        ({"from": "s", "where": [["a", "in", 1]]}, "not what 'in'", "where ="),
        ({"from": "s", "where": [["a", "=", None]]}, "not what '='", "where ="),
        ({"from": "s", "where": "a = 1"}, "a list of conditions", "where ="),
    ],
)
def test_what_is_no_address_is_refused(stated: Any, problem: str, remedy: str) -> None:
    """With what would be right."""
    with pytest.raises(Misread) as refused:
        address_of(stated)
    assert problem in refused.value.problem
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(("text", "secret"), PLANTED)
def test_a_secret_in_an_address_is_refused_and_never_shown(text: str, secret: str) -> None:
    """As the place, the question or a value that is asked for."""
    stated: Any
    for stated in (
        text,
        {"from": "shop.duckdb", "query": text},
        {"from": "sales", "where": [["a", "=", text]]},
    ):
        with pytest.raises(Misread) as refused:
            address_of(stated)
        assert "holds a password, key or token" in refused.value.problem
        assert "PGPASSWORD" in refused.value.remedy
        assert not refused.value.shown
        assert secret not in f"{refused.value.problem} {refused.value.remedy}"
