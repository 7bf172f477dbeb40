"""Customers stay at the door: seeded ids are in no file, line of output or error of any command."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from tests.foreship.good_workspace import AS_OF, good_frames, write_workspace
from tests.foreship.spoken_objects import object_of

MARKS = (b"person-", b"example.org")
INPUT = "orders.csv"
SETTINGS = "[forecast]\nrounds = 8\nscenarios = 20\nhorizon_weeks = 3\nmin_leaf_rows = 5\n"


def said_by(*words: object) -> tuple[int, bytes]:
    """Return the exit code of a command and all it said."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, (result.stdout + result.stderr + repr(result.exception)).encode()


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file but the orders, as bytes and, where it is packed, unpacked."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        if path.name == INPUT:
            continue
        yield path.name, path.read_bytes()
        if path.suffix == ".parquet":
            yield path.name, str(pq.read_schema(path).metadata).encode()
            yield path.name, pd.read_parquet(path).to_csv().encode()
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                for member in book.namelist():
                    yield f"{path.name}/{member}", book.read(member)


def leaks(found: bytes) -> list[bytes]:
    """Return the marks of customers in some bytes."""
    return [mark for mark in MARKS if mark in found]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace on which the commands that leave files have run."""
    folder = tmp_path_factory.mktemp("private") / "shop"
    write_workspace(folder, good_frames(), settings=SETTINGS)
    assert leaks((folder / INPUT).read_bytes()), "the seeded ids must be there to be found"
    for command in ("forecast", "plan", "run"):
        code, said = said_by(command, folder, "--as-of", AS_OF.date(), "-v")
        assert code == 0, said
        assert not leaks(said)
    return folder


@pytest.mark.sweep
def test_no_file_names_a_customer(workspace: Path) -> None:
    """Runs, models, logs and temporary files: not one holds an id, packed or unpacked."""
    found = {name for name, held in contents(workspace) if leaks(held)}
    assert found == set()
    names = {name for name, _ in contents(workspace)}
    assert {"forecast.parquet", "report.html", "plan.xlsx", "manifest.json", "chance.txt"} <= names


@pytest.mark.sweep
@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("backtest", "--weeks", 2, "--policies", "reactive,foreship"),
        ("evaluate", "--weeks", 2),
        ("frontier",),
    ],
    ids=lambda words: words[0],
)
def test_no_command_names_a_customer(workspace: Path, words: tuple[object, ...]) -> None:
    """Neither what a command prints nor what it leaves behind names anyone."""
    command, *options = words
    code, said = said_by(command, workspace, *options, "--json")
    assert code == 0, said
    object_of(said.split(b"\n", 1)[0].decode())
    assert not leaks(said)
    assert not [name for name, held in contents(workspace) if leaks(held)]


@pytest.mark.parametrize("column", ["quantity", "date", "item", "region"])
def test_no_fault_names_a_customer(tmp_path: Path, column: str) -> None:
    """The error shows the values at fault and their rows, never the customers of those rows."""
    frames = good_frames()
    orders = frames["orders"].astype(object)
    orders.loc[5, column] = ""
    orders.loc[7, "quantity"] = -3
    write_workspace(tmp_path / "shop", {**frames, "orders": orders}, settings=SETTINGS)
    code, said = said_by("run", tmp_path / "shop")
    assert code == 3
    assert not leaks(said)
