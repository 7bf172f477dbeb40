"""The same tables by every door hold the same, and are shut when they were read."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq
import pytest

from foreship.addresses.address import address_of
from foreship.config import config_of, load_config
from foreship.errors import UsageError
from foreship.ingest.doors.opening import Doors
from foreship.params import StoreParams
from foreship.workspace.checking import check
from foreship.workspace.opening import open_workspace
from tests.foreship.ingest.doors.shop_tables import (
    NAMES,
    arrow_tables,
    as_text,
    fill_duckdb,
    put_tables,
    write_config,
)
from tests.servers.planted import PLANTED
from tests.servers.postgres import Postgres
from tests.servers.store import BUCKET, store_server

Way = Callable[[Path, Mapping[str, pa.Table]], dict[str, str]]


def by_csv(folder: Path, tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """Files as they stand."""
    for name, table in tables.items():
        (folder / f"{name}.csv").write_bytes(as_text(table))
    return {name: f'"{name}.csv"' for name in tables}


def by_gzip(folder: Path, tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """Packed files."""
    for name, table in tables.items():
        (folder / f"{name}.csv.gz").write_bytes(gzip.compress(as_text(table)))
    return {name: f'"{name}.csv.gz"' for name in tables}


def by_parquet(folder: Path, tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """One file a table, the orders in partitions by region."""
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    orders = tables["orders"]
    for region in orders["region"].unique().to_pylist():
        inside = folder / "orders" / f"region={region}"
        inside.mkdir(parents=True)
        part = orders.filter(pa.compute.equal(orders["region"], region)).drop_columns("region")
        pq.write_table(part, inside / "part.parquet")
    return {name: f'"{name}.parquet"' for name in tables} | {"orders": '"orders"'}


def by_duckdb(folder: Path, tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """Tables of a database, one of them asked for with a query, one over a file beside it."""
    duckdb = pytest.importorskip("duckdb")
    fill_duckdb(duckdb, folder / "shop.duckdb", tables)
    pq.write_table(tables["stock"], folder / "counted.parquet")
    places = {name: f'"shop.duckdb#{name}"' for name in tables}
    places["lanes"] = '{from = "shop.duckdb", query = "select * from lanes"}'
    places["stock"] = '{from = "duckdb:", query = "select * from \'counted.parquet\'"}'
    return places


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return what the tables hold when they are read from CSV files."""
    folder = tmp_path_factory.mktemp("plain")
    yield dict(open_workspace(write_config(folder, **by_csv(folder, arrow_tables()))).contents)


@pytest.mark.parametrize("way", [by_gzip, by_parquet, by_duckdb])
def test_files_and_databases_hold_the_same(way: Way, plain: dict[str, str], tmp_path: Path) -> None:
    """To the last value of every table, whatever order the rows came in."""
    found = open_workspace(write_config(tmp_path, **way(tmp_path, arrow_tables())))
    assert dict(found.contents) == plain


@pytest.mark.sweep
def test_a_store_and_a_server_hold_the_same(
    plain: dict[str, str], tmp_path: Path, postgres: Postgres
) -> None:
    """Some tables from each in one workspace; the manifest's paths are the addresses."""
    with store_server():
        places = put_tables(f"s3://{BUCKET}/tables", arrow_tables())
        places |= {name: f'"{postgres.address}#{name}"' for name in NAMES[:3]}
        found = open_workspace(write_config(tmp_path, **places))
    assert dict(found.contents) == plain
    told = json.dumps([found.read, found.config.to_dict()])
    assert f"{postgres.address}#orders" in told
    assert postgres.password not in told


def test_one_door_is_opened_for_all_tables_of_a_database(tmp_path: Path) -> None:
    """And shut at the end, so that others may write."""
    duckdb = pytest.importorskip("duckdb")
    by_duckdb(tmp_path, arrow_tables())
    from foreship.forms import Form
    from foreship.ingest.raw import Sought

    with Doors(tmp_path, StoreParams()) as doors:
        for name in ("items", "hubs"):
            read = doors.reader(address_of(f"shop.duckdb#{name}"))
            assert read(name, Sought(frozenset({"item", "hub"})), Form()).pieces[0].rows
    duckdb.connect(str(tmp_path / "shop.duckdb")).close()


@pytest.mark.parametrize(("text", "secret"), PLANTED)
def test_a_secret_in_the_settings_is_refused_by_its_key(
    tmp_path: Path, text: str, secret: str
) -> None:
    """As an address, in a query, in a free word; never shown, by `check` neither."""
    told = json.dumps(text)
    folder = write_config(tmp_path, orders=told, items=f'{{from = "a.duckdb", query = {told}}}')
    with (folder / "foreship.toml").open("a", encoding="utf-8") as file:
        file.write(f"[assumptions]\nnote = {told}\n[exits]\nallowed = {told}\n")
    with pytest.raises(UsageError) as refused:
        load_config(folder / "foreship.toml")
    said = str(refused.value)
    for key in ("tables.orders", "tables.items", "assumptions.note", "exits.allowed"):
        assert key in said
    report = check(folder)
    for shown in (said, str(report), json.dumps(report.to_dict())):
        assert secret not in shown


def test_the_examples_of_the_page_are_addresses() -> None:
    """Every line of its `[tables]` is read without a fault."""
    page = (Path(__file__).parents[4] / "docs" / "how-to" / "doors.md").read_text("utf-8")
    document = tomllib.loads(page.split("```toml")[1].split("```")[0])
    config, faults = config_of(document)
    assert not faults
    assert {each.kind for each in config.tables.values()} == {"file", "duckdb", "postgres", "store"}
    assert len(config.tables) == len(document["tables"]) == 8
