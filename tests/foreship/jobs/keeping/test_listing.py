"""Every run is listed with its state, also one that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import foreship
from foreship.approval.papers import RELEASED
from foreship.cli.commands import app
from foreship.errors import UsageError
from foreship.jobs.keeping.listing import list_runs, runs_in_words
from foreship.runs import WHAT_IFS, write_run
from tests.foreship.spoken_objects import object_of
from tests.foreship.written_runs import planned, sign


def changed(run: Path, **facts: object) -> None:
    """Write other facts into a manifest."""
    path = run / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a folder with a run of each state."""
    planned(tmp_path, "2026-11-16", "a")
    planned(tmp_path, "2026-11-09", "b", status="hold")
    sign(planned(tmp_path, "2026-11-02", "c"))
    sign(planned(tmp_path, "2026-10-26", "d"), RELEASED)
    planned(tmp_path, "2026-10-26", "e")
    (planned(tmp_path, "2026-10-19", "f") / "plan.parquet").write_text("torn")
    changed(planned(tmp_path, "2026-10-12", "a"), schema_version=2)
    (planned(tmp_path, "2026-10-05", "a") / "manifest.json").write_text("{")
    facts = {"notes": [], "command": "forecast"}
    text = {"forecast.parquet": lambda path: path.write_text("rows")}
    write_run(tmp_path, "2026-09-28", "f" * 10, text, facts)
    write_run(tmp_path, "2026-09-21", "f" * 10, text, facts, folder=WHAT_IFS)
    return tmp_path


def test_each_run_has_its_state_newest_monday_first(shop: Path) -> None:
    """A file that lacks bytes is damage, a later schema is none; both are still listed."""
    assert [(row.as_of, row.state) for row in list_runs(shop)] == [
        ("2026-11-16", "draft"),
        ("2026-11-09", "held"),
        ("2026-11-02", "approved"),
        ("2026-10-26", "superseded"),
        ("2026-10-26", "released"),
        ("2026-10-19", "damaged"),
        ("2026-10-12", "other schema"),
        ("2026-10-05", "damaged"),
        ("2026-09-28", "forecast"),
        ("2026-09-21", "what-if"),
    ]


def test_the_list_is_read_by_people_and_by_machines(shop: Path) -> None:
    """At most 80 columns; one object with a row a run, whose bytes are those of its files."""
    text = runs_in_words(list_runs(shop))
    assert max(map(len, text.splitlines())) <= 80
    said = object_of(CliRunner().invoke(app, ["runs", str(shop), "--json"]).stdout)
    first = said["runs"][0]
    folder = shop / "runs" / "2026-11-16-aaaaaaaaaa"
    assert first["bytes"] == sum(each.stat().st_size for each in folder.iterdir())
    assert (first["status"], first["objective"], first["folder"]) == ("ship", -1.0, str(folder))
    assert first["expected_gain"] == 1.0 and " 1.00 " in text.splitlines()[1]


def test_a_folder_without_runs_is_empty_and_any_other_folder_refused(tmp_path: Path) -> None:
    """A new workspace has no run yet; a path mistyped is not an empty list."""
    with pytest.raises(UsageError, match="holds no runs"):
        list_runs(tmp_path)
    (tmp_path / "foreship.toml").touch()
    assert runs_in_words(list_runs(tmp_path)) == "No run yet."


def test_python_has_the_list_as_a_frame_beside_the_package_of_runs(shop: Path) -> None:
    """The same rows in the same order; unknown numbers are blank, and without a run none is."""
    listed, rows = foreship.list_runs(shop), list_runs(shop)
    assert listed["run"].to_list() == [row.run for row in rows]
    assert listed["state"].to_list() == [row.state for row in rows]
    assert listed["lines"].isna().to_list() == [row.lines is None for row in rows]
    assert listed["objective"].isna().sum() == sum(row.objective is None for row in rows) > 0
    assert listed["folder"].map(Path).to_list() == [row.folder for row in rows]
    (shop / "empty" / "runs").mkdir(parents=True)
    nothing = foreship.list_runs(str(shop / "empty"))
    assert len(nothing) == 0
    assert nothing.dtypes.equals(listed.dtypes)
    assert foreship.runs.load_run is foreship.load_run
