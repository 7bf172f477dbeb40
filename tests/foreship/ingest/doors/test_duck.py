"""Tables of a DuckDB file and queries over files of the workspace; nothing beyond them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from foreship.addresses.address import address_of
from foreship.errors import DoorMissing, StorageError
from foreship.ingest.doors.duck import DuckDoor
from foreship.ingest.files.sources import Source
from foreship.ingest.raw import Sought
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS

duckdb = pytest.importorskip("duckdb")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a database and a file; a file of somebody else lies beside it."""
    inside = tmp_path / "it's a shop"
    inside.mkdir()
    with duckdb.connect(str(inside / "shop.duckdb")) as made:
        made.execute(
            "create table stock as select 'NA' as location, '00123' as item, 5::hugeint as quantity"
        )
        made.execute("create view often as select * from stock")
        made.execute("create schema other")
        made.execute("create table other.stock as select * from stock limit 0")
    (inside / "a.csv").write_text("location,item,quantity\nH,a,3\n", "utf-8")
    (inside / "b.csv").write_text("location,item,quantity\nH,b,4\n", "utf-8")
    (tmp_path / "private.csv").write_text("location,item,quantity\nX,x,9\n", "utf-8")
    return inside


def read(folder: Path, stated: Any) -> TableRead:
    """Read a stock table through a door of its own."""
    address = address_of(stated)
    door = DuckDoor(address.place, folder)

    def reader(table: str, sought: Sought, form: object) -> Source:
        return door.read(address, table, sought)

    try:
        return read_table(INPUTS["stock"], Path(), reader=reader)
    finally:
        door.close()


@pytest.mark.parametrize(
    "stated",
    ["shop.duckdb#stock", "shop.duckdb#main.stock", "shop.duckdb#often", "duckdb:shop.duckdb#stock",
     "duckdb://shop.duckdb#stock", {"from": "shop.duckdb", "query": "from stock -- all"},
     {"from": "shop.duckdb", "query": "select * from stock where quantity > 1;"}],
    ids=str,
)  # fmt: skip
def test_a_table_of_a_database_is_read(folder: Path, stated: Any) -> None:
    """A table, one of a schema, a view, a query; ids stay text, whole numbers of any width."""
    found = read(folder, stated)
    assert found.is_sound, found.faults
    assert found.frame[["location", "item", "quantity"]].values.tolist() == [["NA", "00123", 5]]
    assert found.sha256 == read(folder, "shop.duckdb#stock").sha256


@pytest.mark.parametrize(
    "query",
    [
        "select * from 'a.csv' union all select * from read_csv('b.csv')",
        "select * from read_csv(['a.csv', 'b.csv']) order by item desc",
        "select * from '?.csv'",
        "select x.* from (select * from './a.csv' union all from 'b.csv') x",
    ],
)
def test_a_query_reads_files_of_the_workspace(folder: Path, query: str) -> None:
    """By names that begin there, wherever the program was started; one hash for any order."""
    found = read(folder, {"from": "duckdb:", "query": query})
    assert found.is_sound, found.faults
    assert sorted(found.frame["quantity"]) == [3, 4]
    other = "select * from 'b.csv' union all select * from 'a.csv'"
    assert found.sha256 == read(folder, {"from": "duckdb:", "query": other}).sha256


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("shop.duckdb#stok", "no table 'stok' in shop.duckdb; did you mean 'stock'?"),
        ("none.duckdb#stock", "no file at"),
        ({"from": "duckdb:", "query": "select * from '../private.csv'"}, "only files of the work"),
        (
            {"from": "duckdb:", "query": "select * from read_text('/etc/passwd')"},
            "only files of the workspace",
        ),
        ({"from": "shop.duckdb", "query": "select * from 'a.csv'"}, "only files of the workspace"),
        ({"from": "duckdb:", "query": "select * from folder"}, "Table with name folder"),
        ({"from": "duckdb:", "query": "selec 1"}, "the query is refused"),
        ({"from": "duckdb:", "query": "copy (select 1) to 'x.csv'"}, "the query is refused"),
        ({"from": "duckdb:", "query": "select 1) ; select (2"}, "not one question"),
        ({"from": "duckdb:", "query": "select 1 as item, 2 as item"}, "item"),
        ({"from": "shop.duckdb", "query": "select error('no') as item"}, "no"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_a_fault_of_the_table(
    folder: Path, stated: Any, words: str
) -> None:
    """Nothing outside is read, nothing is written, nothing of this process is a table."""
    before = sorted(each.name for each in folder.rglob("*"))
    text = " ".join(map(str, read(folder, stated).faults))
    assert words in text, text
    assert sorted(each.name for each in folder.rglob("*")) == before


def test_a_file_held_by_a_writer_is_said_so(folder: Path) -> None:
    """Exit 8, not a half-written table; one that is no database, too."""
    held = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    writer = subprocess.Popen(
        [sys.executable, "-c", held, str(folder / "shop.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with writer:
        assert writer.stdout and writer.stdin
        writer.stdout.readline()
        with pytest.raises(StorageError, match="another program holds it open"):
            read(folder, "shop.duckdb#stock")
        writer.stdin.close()
    (folder / "odd.duckdb").write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="cannot open"):
        read(folder, "odd.duckdb#stock")


def test_without_its_library_the_door_says_what_brings_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, with the extra to install."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(DoorMissing, match=r"pip install 'foreship\[databases\]'"):
        read(folder, "shop.duckdb#stock")
