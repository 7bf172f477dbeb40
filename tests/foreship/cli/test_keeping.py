"""Runs are listed and removed where they are meant, never elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from foreship.cli.options import OUT_VARIABLE
from tests.foreship.spoken_objects import object_of


@pytest.mark.parametrize("command", ["runs", "clean"])
def test_a_variable_does_not_turn_a_command_to_other_runs(command: str, tmp_path: Path) -> None:
    """A folder of runs that is named counts; with a variable that says another, neither does."""
    for name in ("kept", "archive", "shop"):
        (tmp_path / name / ("runs" if name != "shop" else "")).mkdir(parents=True)
    (tmp_path / "shop" / "foreship.toml").touch()
    elsewhere = {OUT_VARIABLE: str(tmp_path / "kept")}
    codes = []
    for name in ("archive", "kept", "shop"):
        words = [command, str(tmp_path / name), "--json"]
        said = object_of(CliRunner().invoke(app, words, env=elsewhere).stdout)
        codes.append(said["exit_code"])
        assert name != "archive" or OUT_VARIABLE in said["error"]["message"]
    assert codes == [2, 0, 0]
