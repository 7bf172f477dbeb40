"""Our own files are believed only as we write them, whoever computed their hashes."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foreship.errors import Tampered, UsageError
from foreship.own_files import read_frame, read_manifest, read_summary
from tests.foreship.small_variants import whole_frames

HASH = "0" * 64
FACTS: dict[str, Any] = {
    "schema_version": 1,
    "run_id": "a" * 10,
    "as_of": "2026-11-16",
    "written": "2026-11-16T04:00:00.000001+00:00",
    "notes": ["all is well"],
    "files": {"plan.csv": {"bytes": 3, "sha256": HASH}},
    "command": "run",
    "config": {
        "plan": {"review_weeks": 1, "hold": ["gap"]},
        "columns": {"orders": {"item": "S"}},
        "tables": {"orders": {"from": "s", "where": [["year", ">=", 2024], ["a", "in", ["b"]]]}},
    },
    "versions": {"numpy": "2"},
    "inputs": [{"name": "orders", "path": "orders.csv", "rows": 3, "sha256": HASH}],
    "seeds": {"plan": 1},
    "scenarios": 200,
    "obsolescence": 0.1,
}
PRICE = {"limit": "lane", "family": "lane", "price": 1.0, "unit": "units", "words": "worth 1"}
SUMMARY: dict[str, Any] = {
    "schema_version": 1,
    "status": "ship",
    "termination": "optimal",
    "objective": -3.0,
    "bound": None,
    "gap": 0.0,
    "totals": {"freight": 1.0},
    "cvar": 2.0,
    "risk_budget": None,
    "shadow_prices": [PRICE],
    "relaxed": [],
    "counts": {"units": 3},
    "orders": {
        "periods": 2,
        "orders_seen": 5,
        "worth_serving_there": 1.0,
        "whole": 0.5,
        "units_there": 0.4,
        "gain": 3.0,
        "bound": 4.0,
        "gap": 0.25,
    },
    "solver": {"name": "HiGHS"},
}
WRONG = (True, -1, 1.5, "x", "\x1b", [], {}, [1], {"a": [[]]}, float("nan"), 10**400)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value inside a value."""
    yield way
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, each in value.items() if isinstance(value, dict) else ():
        yield from places(each, (*way, key))


def with_value(value: Any, way: tuple[Any, ...], other: Any) -> Any:
    """Return a value in which another stands at a place."""
    if not way:
        return other
    changed = copy.deepcopy(value)
    inner = changed
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = other
    return changed


def test_what_we_write_is_read(tmp_path: Path) -> None:
    """A whole manifest, one with the facts of every run alone, and a summary."""
    path = tmp_path / "manifest.json"
    for facts in (FACTS, {name: FACTS[name] for name in list(FACTS)[:6]}):
        path.write_text(json.dumps(facts))
        assert read_manifest(tmp_path) == facts
    path.write_text(json.dumps(SUMMARY))
    assert read_summary(path) == SUMMARY


@pytest.mark.sweep
def test_any_other_value_at_any_place_is_refused_or_harmless(tmp_path: Path) -> None:
    """A manifest made again with wrong types is damaged: never another error, never a hang."""
    path, refused = tmp_path / "manifest.json", 0
    for whole, read in (
        (FACTS, lambda: read_manifest(tmp_path)),
        (SUMMARY, lambda: read_summary(path)),
    ):
        for way in places(whole):
            for wrong in WRONG:
                path.write_text(json.dumps(with_value(whole, way, wrong)))
                try:
                    read()
                except Tampered as error:
                    refused += 1
                    assert "again" in str(error)
    assert refused > 500


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("as_of", "2026-11-32"), ("as_of", "../2026"), ("written", "yesterday"), ("run_id", "../x"),
        ("notes", "text"), ("notes", [1]), ("files", []), ("files", {"x": {"bytes": "3"}}),
        ("scenarios", 0), ("scenarios", 10**12), ("obsolescence", 1.0), ("config", {"plan": 3}),
        ("config", {"tables": {"orders": {"where": [[{}]]}}}),
        ("config", {"plan": {"review_weeks": 0}}), ("config", {"risk": {"level": "high"}}),
        ("inputs", [{"name": "orders"}]), ("versions", {"numpy": 2}), ("schema_version", None),
    ],
)  # fmt: skip
def test_a_wrong_fact_is_named(name: str, value: object, tmp_path: Path) -> None:
    """Exit 9 says which fact is not as we write it."""
    (tmp_path / "manifest.json").write_text(json.dumps({**FACTS, name: value}))
    with pytest.raises(Tampered, match=name):
        read_manifest(tmp_path)


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_schema_of_another_version_is_refused_by_name(version: int, tmp_path: Path) -> None:
    """Whatever else stands there: it may mean something else."""
    (tmp_path / "manifest.json").write_text(json.dumps({"schema_version": version}))
    with pytest.raises(Tampered, match=f"schema {version}, this foreship reads 1"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "text", "deep"])
def test_what_is_no_json_file_is_not_waited_for(kind: str, tmp_path: Path) -> None:
    """A named pipe, a folder, an endless device, a wrong text and a deep one."""
    path = tmp_path / "manifest.json"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.write_text("[" * 100_000 if kind == "deep" else "no json")
    with pytest.raises(Tampered):
        read_manifest(tmp_path)


def test_no_manifest_is_no_run(tmp_path: Path) -> None:
    """Neither in a folder nor below a file."""
    (tmp_path / "file").touch()
    for folder in (tmp_path, tmp_path / "file"):
        with pytest.raises(UsageError, match="is not a run"):
            read_manifest(folder)


def units() -> pd.DataFrame:
    """Return a unit ledger of one unit."""
    row = {
        "region": "R1", "item": "I1", "unit": 1, "planned": 1, "p": 0.5, "gain": 2.0, "loss": 1.0,
        "expected_gain": 0.5, "exit": "", "binding": "",
    }  # fmt: skip
    return pd.DataFrame([row])


def test_frames_are_read_by_their_declaration(tmp_path: Path) -> None:
    """Rounding beyond a range is harmless; a frame without rows is one."""
    path = tmp_path / "units.parquet"
    for frame in (units(), units().assign(p=1.0 + 1e-9), units().head(0)):
        frame.to_parquet(path)
        pd.testing.assert_frame_equal(read_frame(path), frame)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("region", None), ("item", 3), ("unit", 1.5), ("planned", "yes"), ("p", 1.5), ("p", np.nan),
        ("gain", "much"), ("loss", True), ("binding", None), ("exit", pd.Timestamp("2026-11-16")),
    ],
)  # fmt: skip
def test_a_column_of_another_kind_is_damage(column: str, value: object, tmp_path: Path) -> None:
    """Also one that is missing, and a file that is no Parquet."""
    path = tmp_path / "units.parquet"
    for frame in (units().assign(**{column: value}), units().drop(columns=column)):
        frame.to_parquet(path)
        with pytest.raises(Tampered, match=column):
            read_frame(path)
    path.write_bytes(b"PAR1")
    with pytest.raises(Tampered, match="cannot be read"):
        read_frame(path)


def test_shares_of_no_orders_are_blank_in_a_table_of_orders(tmp_path: Path) -> None:
    """A blank is read where a column may have one; elsewhere, or beyond its range, it is damage."""
    path = tmp_path / "orders.parquet"
    row = {
        "region": "R1", "item": "I1", "orders": 0, "there": np.nan, "saving": np.nan,
        "served_share": 0.2, "credit": 0.4, "most": 1,
    }  # fmt: skip
    frame = pd.DataFrame([row])
    frame.to_parquet(path)
    pd.testing.assert_frame_equal(read_frame(path), frame)
    for name, wrong in (("served_share", np.nan), ("there", 1.5), ("credit", np.nan)):
        frame.assign(**{name: wrong}).to_parquet(path)
        with pytest.raises(Tampered, match=name):
            read_frame(path)


def test_a_kept_input_is_read_against_its_declaration(tmp_path: Path) -> None:
    """Blank capacities and days are as typed; a column of words in the place of units is refused.

    So is a file that no table of the contract is called after.
    """
    (tmp_path / "inputs").mkdir()
    lanes = whole_frames()["lanes"].assign(capacity=np.inf, to=pd.NaT)
    path = tmp_path / "inputs" / "lanes.parquet"
    lanes.to_parquet(path)
    pd.testing.assert_frame_equal(read_frame(path), lanes)
    lanes.assign(lead_time_days="two").to_parquet(path)
    with pytest.raises(Tampered, match="lead_time_days"):
        read_frame(path)
    lanes.to_parquet(path.with_name("trucks.parquet"))
    with pytest.raises(Tampered, match="trucks"):
        read_frame(path.with_name("trucks.parquet"))
