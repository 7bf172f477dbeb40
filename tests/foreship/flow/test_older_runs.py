"""Runs that earlier versions made are read by every reader; one of a later schema is named."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import foreship
from foreship.cli.commands import app
from foreship.jobs.finished import finished_run, view_of
from tests.foreship.spoken_objects import object_of

FROZEN = Path(__file__).resolve().parents[2] / "data" / "run_v1.zip"
"""a plan on scenarios of its own by schema 1, before summaries had metrics; without its workbook"""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return the frozen run in a folder for runs."""
    with zipfile.ZipFile(FROZEN) as kept:
        kept.extractall(tmp_path / "runs")
    (tmp_path / "foreship.toml").touch()
    return next((tmp_path / "runs").iterdir())


def said_by(*words: object, code: int = 0) -> dict[str, Any]:
    """Return the object of a command."""
    ended = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert ended.exit_code == code, ended.output
    return object_of(ended.stdout)


def test_every_reader_reads_a_run_of_schema_1(run: Path) -> None:
    """Commands and frames; what is missing since is a doubt, and no more."""
    folder = run.parents[1]
    (row,) = said_by("runs", folder)["runs"]
    assert (row["run"], row["state"], row["status"]) == (run.name, "draft", "ship")
    assert said_by("report", "latest", "--dir", folder)["headline"]
    assert said_by("explain", run, "--item", "a")["cells"]
    assert said_by("diff", run, run)["counts"]
    found = finished_run(run)
    assert "metrics" not in found.summary and found.doubts
    assert view_of(found).tables and len(foreship.latest(folder).plan) == row["lines"]


def test_an_older_run_can_still_be_decided_on(run: Path) -> None:
    """Approved as it is, and released, by today's program; then it is never cleaned away."""
    assert said_by("approve", run, "--by", "Ann")["run"] == str(run)
    said_by("release", run, "--by", "Ann")
    assert said_by("clean", run.parents[1], "--keep", "1")["kept"] == {run.name: "released"}


def test_a_run_of_a_later_schema_is_refused_by_name(run: Path) -> None:
    """Exit 9 with both schemas and the version that reads it; it is listed, and stays."""
    path = run / "manifest.json"
    told = json.loads(path.read_text("utf-8"))
    told |= {"schema_version": 2, "versions": {**told["versions"], "foreship": "7.0"}}
    path.write_text(json.dumps(told), "utf-8")
    error = said_by("report", run, code=9)["error"]
    assert error["kind"] == "OtherSchema"
    assert "of schema 2, this foreship reads 1" in error["message"]
    assert "foreship 7.0" in error["message"]
    (row,) = said_by("runs", run.parents[1])["runs"]
    assert row["state"] == "other schema"
    assert list(said_by("clean", run.parents[1])["kept"]) == [run.name]
