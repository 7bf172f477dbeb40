"""Tables and queries of a real PostgreSQL server, read as files are read."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from foreship.addresses.address import Address
from foreship.errors import DoorMissing, InputError, StoreUnreachable, UsageError
from foreship.ingest.doors import postgres as door
from foreship.ingest.doors.postgres import PostgresDoor
from foreship.ingest.files.sources import Source
from foreship.ingest.raw import Sought
from foreship.ingest.tables import TableRead, read_table
from foreship.workspace.opening import open_workspace
from foreship_foundation.tables.input_tables import INPUTS
from tests.foreship.ingest.doors.shop_tables import NAMES, write_config
from tests.servers.postgres import Postgres, postgres_server

pytest.importorskip("adbc_driver_postgresql")

SOUGHT = Sought(frozenset({"item", "name"}))


def read(server: Postgres, name: str, table: str = "", query: str = "") -> TableRead:
    """Read one table of the contract through a door of its own."""
    address = Address(server.address, table, query)
    opened = PostgresDoor(address.place)

    def reader(of: str, sought: Sought, form: object) -> Source:
        return opened.read(address, of, sought)

    try:
        return read_table(INPUTS[name], Path(), reader=reader)
    finally:
        opened.close()


def test_a_workspace_of_tables_holds_what_files_hold(postgres: Postgres, tmp_path: Path) -> None:
    """Whatever order its rows are in: the same contents, the same hash of what was read."""
    places = {name: f'"{postgres.address}#{name}"' for name in NAMES}
    first = open_workspace(write_config(tmp_path / "one", **places))
    postgres.ask("create schema if not exists other")
    postgres.ask("create table other.orders as select * from orders order by quantity, date desc")
    places["orders"] = f'"{postgres.address}#other.orders"'
    second = open_workspace(write_config(tmp_path / "two", **places))
    assert first.contents == second.contents
    assert [each["sha256"] for each in first.read] == [each["sha256"] for each in second.read]
    assert "00123" in set(first.tables["items"]["item"])
    assert first.read[0]["path"] == f"{postgres.address}#orders"


def test_values_of_a_server_keep_their_meaning(postgres: Postgres) -> None:
    """Exact decimals, days, moments; ids as text; only what is sought is fetched."""
    postgres.ask(
        "create table odd (location varchar(9), item text, quantity numeric(12,2),"
        " date timestamptz, spare jsonb, u uuid, b bytea, i interval, a int[])",
        "insert into odd values ('NA', '00123', 5, '2026-01-05 00:00+00', '{}', gen_random_uuid(),"
        " 'x', '1 day', array[1])",
    )
    found = read(postgres, "stock", "odd")
    assert found.is_sound, found.faults
    row = found.frame.iloc[0]
    assert (row["location"], row["item"], row["quantity"]) == ("NA", "00123", 5)
    assert str(row["date"])[:10] == "2026-01-05"
    assert "columns not used: 'spare', 'u', 'b', 'i', 'a'" in str(found.faults[0])


@pytest.mark.parametrize(
    "value",
    ["gen_random_uuid()", "'x'::bytea", "interval '1 day'", "true", "time '10:00'", "array[1]",
     "'[1]'::jsonb", "point(1, 2)", "'NaN'::numeric", "'infinity'::float8", "1.5"],
)  # fmt: skip
def test_values_of_no_meaning_here_are_faults(postgres: Postgres, value: str) -> None:
    """A quantity of an odd type is named, never read as something else."""
    found = read(
        postgres, "stock", query=f"select 'H' as location, 'a' as item, {value} as quantity"
    )
    faults = [str(each) for each in found.faults if each.severity == "fault"]
    assert len(faults) == 1, faults
    assert "quantity" in faults[0]


def test_padding_and_comments_are_no_content(postgres: Postgres) -> None:
    """`char(5)` is filled with blanks that mean nothing; a query may end in a comment."""
    question = "select 'H'::char(5) as location, 'a'::name as item, 1::oid as quantity -- now"
    found = read(postgres, "stock", query=question)
    assert found.is_sound, found.faults
    assert found.frame["location"].tolist() == ["H"]


def test_a_fault_is_said_as_of_a_file(postgres: Postgres) -> None:
    """The row, the column, the value; a missing column with the one that was meant."""
    wrong = read(postgres, "stock", query="select 'H' as location, 'a' as item, -3 as quantity")
    assert "stock.quantity" in str(wrong.faults[0])
    assert "row 1 (value -3)" in str(wrong.faults[0])
    missing = read(postgres, "stock", query="select 'H' as location, 'a' as item, 3 as quantiti;")
    assert any('[columns] stock.quantity = "quantiti"' in str(each) for each in missing.faults)


@pytest.mark.parametrize(
    ("table", "query", "words"),
    [
        ("stok", "", "no table 'stok' in postgresql://.*did you mean 'stock'"),
        ("nowhere", "", r"known: orders, stock|known: .*orders(?!.*public.orders)"),
        ("", "select * from nowhere", 'relation "nowhere" does not exist'),
        ("", "selec 1", "syntax error"),
        ("", "select 1 as item) x; delete from orders; select (1", "syntax error|cannot insert"),
        ("", "select set_config('transaction_read_only', 'off', false) as item", "must be set"),
        ("", "select 1 as item, 2 as item", "column 'item' appears twice"),
        ("", "select 1 / (quantity - quantity) as item from orders", "division by zero"),
        ("", "with gone as (delete from orders returning 1) select * from gone", "WITH clause"),
    ],
)
def test_what_cannot_be_asked_is_a_fault_of_the_table(
    postgres: Postgres, table: str, query: str, words: str
) -> None:
    """With the server's own words; nothing is ever written."""
    found = read(postgres, "stock", table, query)
    text = " ".join(map(str, found.faults))
    assert re.search(words, text), text


def test_who_may_not_come_in_hears_why(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 8 with a remedy; the wrong password stands in no message."""
    monkeypatch.setenv("PGPASSWORD", "a-wrong-one")
    with pytest.raises(StoreUnreachable, match=r"PGPASSWORD or ~/.pgpass") as refused:
        read(server, "stock", "stock")
    assert "a-wrong-one" not in str(refused.value)
    assert refused.value.exit_code == 8


def test_who_may_not_read_a_table_hears_so(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user without the right to read it."""
    postgres.ask("create user guest password 'guest-pass'", "grant usage on schema public to guest")
    monkeypatch.setenv("PGPASSWORD", "guest-pass")
    address = postgres.address.replace("planner@", "guest@")
    opened = PostgresDoor(address)
    with pytest.raises(InputError, match="permission denied for table stock"):
        opened.read(Address(address, "stock"), "stock", Sought(frozenset({"item"})))
    opened.close()


def test_a_server_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed port."""
    monkeypatch.setenv("PGPASSWORD", "some-secret-word")
    place = "postgresql://anna@127.0.0.1:1/shop"
    with pytest.raises(StoreUnreachable, match="refused") as refused:
        PostgresDoor(place).read(Address(place, "orders"), "orders", Sought(frozenset()))
    assert "some-secret-word" not in str(refused.value)


@pytest.mark.sweep
def test_a_server_stopped_while_it_answers_is_no_short_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What came so far is thrown away: exit 8, not a table of some rows."""
    with postgres_server() as server:
        monkeypatch.setenv("PGPASSWORD", server.password)
        whole = door.bounded

        def cut(schema: pa.Schema, batches: pa.RecordBatchReader, table: str) -> pa.Table:
            if next(iter(batches), []):
                server.stop()
            return whole(schema, batches, table)

        opened = PostgresDoor(server.address)
        opened.read(Address(server.address, query="select 1 as item"), "items", SOUGHT)
        monkeypatch.setattr(door, "bounded", cut)
        many = "select repeat('x', 200) as item from generate_series(1, 600000) g"
        with pytest.raises(StoreUnreachable, match="broke off while items was read"):
            opened.read(Address(server.address, query=many), "items", SOUGHT)
        opened.close()


def test_all_tables_are_of_one_moment(postgres: Postgres) -> None:
    """What another writes between two tables is not seen by the second."""
    postgres.ask("create table moment as select 'H' as location, 'a' as item, 1 as quantity")
    opened, address = PostgresDoor(postgres.address), Address(postgres.address, "moment")
    sought = Sought(frozenset({"location", "item", "quantity"}))
    first = opened.read(address, "stock", sought)
    postgres.ask("insert into moment values ('H', 'b', 2)")
    second = opened.read(address, "stock", sought)
    opened.close()
    assert first.pieces[0].rows == second.pieces[0].rows == 1
    assert first.sha256 == second.sha256


def test_many_rows_come_whole(postgres: Postgres) -> None:
    """A hundred thousand rows, each with its id as it stands there."""
    question = (
        "select 'H' as location, lpad(g::text, 6, '0') as item, g as quantity "
        "from generate_series(1, 100000) g"
    )
    found = read(postgres, "stock", query=question)
    assert found.is_sound, found.faults
    assert found.rows == 100_000
    assert found.frame["quantity"].sum() == 100_000 * 100_001 // 2
    assert found.frame["item"].iloc[41] == "000042"


def test_without_its_library_the_door_says_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 2, with the extra to install."""
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql", None)
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql.dbapi", None)
    place = "postgresql://anna@host/shop"
    with pytest.raises(DoorMissing, match=r"pip install 'foreship\[databases\]'") as missing:
        PostgresDoor(place).read(Address(place, "orders"), "orders", SOUGHT)
    assert issubclass(DoorMissing, UsageError)
    assert missing.value.exit_code == 2
