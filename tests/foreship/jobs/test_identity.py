"""A run is called by what its tables hold and what is asked of them, not by how they came."""

from __future__ import annotations

import gzip
import tomllib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq
import pytest

from foreship import Workspace, from_frames
from foreship.jobs.finished import changed_inputs
from foreship.jobs.identity import identity_of
from foreship.workspace.opening import open_workspace
from tests.foreship.ingest.doors.shop_tables import (
    arrow_tables,
    as_text,
    fill_duckdb,
    put_tables,
    write_config,
)
from tests.foreship.small_variants import AS_OF, SETTINGS

Tables = dict[str, pa.Table]


def csv(folder: Path, tables: Tables) -> Workspace:
    """Files of text."""
    for name, table in tables.items():
        (folder / f"{name}.csv").write_bytes(as_text(table))
    return opened(folder, {name: f'"{name}.csv"' for name in tables})


def other_headings(folder: Path, tables: Tables) -> Workspace:
    """Files of text whose headings are the company's own."""
    orders = tables["orders"]
    names = ["menge" if each == "quantity" else each for each in orders.column_names]
    for name, table in (tables | {"orders": orders.rename_columns(names)}).items():
        (folder / f"{name}.csv").write_bytes(as_text(table))
    write_config(folder, **{name: f'"{name}.csv"' for name in tables})
    with (folder / "foreship.toml").open("a", encoding="utf-8") as file:
        file.write('\n[columns.orders]\nquantity = "menge"\n')
    return open_workspace(folder, AS_OF)


def packed(folder: Path, tables: Tables) -> Workspace:
    """The same packed."""
    for name, table in tables.items():
        (folder / f"{name}.csv.gz").write_bytes(gzip.compress(as_text(table)))
    return opened(folder, {name: f'"{name}.csv.gz"' for name in tables})


def parquet(folder: Path, tables: Tables) -> Workspace:
    """Parquet, the orders in a folder of two files, the later one first."""
    places, orders = put_tables(folder, tables), tables["orders"]
    (folder / "months").mkdir()
    for name, rows in (("a", orders.slice(100)), ("b", orders.slice(0, 100))):
        pq.write_table(rows, folder / "months" / f"{name}.parquet")
    return opened(folder, places | {"orders": '"months"'})


def pandas_frames(folder: Path, tables: Tables) -> Workspace:
    """Frames of pandas."""
    return framed({name: table.to_pandas() for name, table in tables.items()})


def polars_frames(folder: Path, tables: Tables) -> Workspace:
    """Frames of polars."""
    polars = pytest.importorskip("polars")
    return framed({name: polars.from_arrow(table) for name, table in tables.items()})


def duckdb(folder: Path, tables: Tables) -> Workspace:
    """A database, rows in any order."""
    module = pytest.importorskip("duckdb")
    fill_duckdb(module, folder / "shop.duckdb", tables)
    return opened(folder, {name: f'"shop.duckdb#{name}"' for name in tables})


DOORS: tuple[Callable[[Path, Tables], Workspace], ...] = (
    csv, other_headings, packed, parquet, pandas_frames, polars_frames, duckdb,
)  # fmt: skip


def opened(folder: Path, places: dict[str, str]) -> Workspace:
    """Open the workspace of these places."""
    return open_workspace(write_config(folder, **places), AS_OF)


def framed(frames: dict[str, object]) -> Workspace:
    """Open a workspace of frames with the settings of the files."""
    return from_frames(frames, AS_OF, tomllib.loads(SETTINGS))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Return the tables of a shop whose orders were loaded twice, which is doubted."""
    found = arrow_tables()
    orders = found["orders"]
    return found | {"orders": pa.concat_tables([orders, orders])}


@pytest.fixture(scope="module")
def plain(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Open the shop from Parquet files."""
    folder = tmp_path_factory.mktemp("plain")
    return opened(folder, put_tables(folder, tables))


@pytest.mark.sweep
@pytest.mark.parametrize("door", DOORS, ids=lambda each: each.__name__)
def test_the_same_contents_are_the_same_run_by_every_door(
    door: Callable[[Path, Tables], Workspace], tables: Tables, plain: Workspace, tmp_path: Path
) -> None:
    """Whatever the types, the headings, the order of rows; no input is said to have changed."""
    found = door(tmp_path, tables)
    assert any(each.check for each in found.warnings)
    assert identity_of(found, "run")[0] == identity_of(plain, "run")[0]
    assert changed_inputs(plain.inputs, found.inputs) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda orders: orders.slice(1),
        lambda orders: pa.concat_tables([orders, orders.slice(0, 1)]),
        lambda orders: orders.set_column(
            orders.column_names.index("region"),
            "region",
            pa.compute.replace_substring(orders["region"], "R1", "R2"),
        ),
    ],
)
def test_other_contents_are_another_run(
    change: Callable[[pa.Table], pa.Table], tables: Tables, plain: Workspace, tmp_path: Path
) -> None:
    """A line less, a line more, a line elsewhere; the table that changed is named."""
    other = csv(tmp_path, tables | {"orders": change(tables["orders"])})
    assert identity_of(other, "run")[0] != identity_of(plain, "run")[0]
    assert changed_inputs(plain.inputs, other.inputs) == ["orders"]


def test_lines_that_stand_twice_are_not_their_sum(tmp_path: Path) -> None:
    """They come to the same orders, but a gate may hold what is doubted: another run."""
    tables = arrow_tables()
    orders = tables["orders"]
    orders = orders.append_column("order_id", pa.array([f"O{i}" for i in range(len(orders))]))
    more = pa.compute.multiply(orders["quantity"], 2)
    summed = orders.set_column(orders.column_names.index("quantity"), "quantity", more)
    found = []
    for name, lines in (("twice", pa.concat_tables([orders, orders])), ("sums", summed)):
        (tmp_path / name).mkdir()
        found.append(csv(tmp_path / name, tables | {"orders": lines}))
    twice, sums = found
    assert twice.tables["orders"].equals(sums.tables["orders"])
    assert dict(twice.contents) == dict(sums.contents)
    assert identity_of(twice, "run")[0] != identity_of(sums, "run")[0]


def test_settings_and_the_monday_are_in_the_name(plain: Workspace) -> None:
    """What is asked of the same tables makes another run."""
    others = [plain.with_settings(risk__budget=7), plain.at(str(AS_OF + pd.Timedelta(weeks=1)))]
    ids = [identity_of(each, "run")[0] for each in (plain, *others)]
    ids.append(identity_of(plain, "plan")[0])
    assert len({*ids}) == 4


def test_inputs_of_an_older_run_are_told_apart_by_their_files() -> None:
    """It knows no content; a table that came or went has changed."""
    old, new = {"name": "orders", "sha256": "a"}, {"name": "orders", "sha256": "a", "content": "c"}
    assert changed_inputs([old], [new]) == []
    assert changed_inputs([old], [new | {"sha256": "b"}]) == ["orders"]
    assert changed_inputs([new | {"content": "d"}], [new]) == ["orders"]
    assert changed_inputs([], [new]) == changed_inputs([new], []) == ["orders"]
