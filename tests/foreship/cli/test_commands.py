"""The command line parses, calls and shows; its help is instant; its streams stay apart."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from foreship.installation import PACKAGES

TINY = Path(__file__).resolve().parents[3] / "data" / "tiny"

COMMANDS = (
    "sample",
    "check",
    "forecast",
    "plan",
    "run",
    "backtest",
    "frontier",
    "evaluate",
    "explain",
    "report",
    "diff",
    "schema",
    "doctor",
)
HEAVY = ("numpy", "pandas", "lightgbm", "pulp", "highspy", "scipy", "pyarrow")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_contract_has_help(name: str) -> None:
    """Each command exists, explains itself and offers --json."""
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert "--json" in result.output


def test_help_imports_nothing_heavy() -> None:
    """`foreship --help` is instant: no numerical library is imported for it."""
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "foreship", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rsplit("|", 1)[-1].strip() for line in said.stderr.splitlines()}
    assert "typer" in imported
    assert imported.isdisjoint(HEAVY)


def test_importing_the_package_is_light() -> None:
    """`import foreship, forecast, optimize` imports no numerical library."""
    code = f"import sys, foreship, forecast, optimize; print(set(sys.modules) & set({HEAVY!r}))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "words", [("nonsense",), ("run",), ("sample", "x", "--size", "giant"), ("backtest", "x", "-1")]
)
def test_usage_errors_are_exit_2(words: tuple[str, ...]) -> None:
    """What the command line does not understand ends with exit 2 and nothing on stdout."""
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 2
    assert result.stdout == ""


@pytest.mark.parametrize("word", ["tuesday", "2026-11-17", "2026-13-01"])
def test_as_of_must_be_a_monday(word: str, tmp_path: Path) -> None:
    """A date that is none, or no Monday, is a usage error that names the right ones."""
    result = CliRunner().invoke(app, ["run", str(tmp_path), "--as-of", word])
    assert result.exit_code == 2


def test_version_is_one_line() -> None:
    """`foreship --version` prints name and version."""
    result = CliRunner().invoke(app, ["--version"])
    assert result.exit_code == 0
    assert result.stdout.startswith("foreship ")


def test_doctor_examines_the_installation() -> None:
    """`doctor --json` names versions and where each room was loaded from."""
    result = CliRunner().invoke(app, ["doctor", "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["healthy"]
    assert set(found["origins"]) == set(PACKAGES)


@pytest.mark.parametrize("factors", ["a", "0.5,", "0,1", "-2"])
def test_cost_factors_that_are_no_numbers_above_0_are_a_fault_of_use(factors: str) -> None:
    """Exit 2 with one sentence, not a bug of ours."""
    words = ["backtest", str(TINY), "--weeks", "2", "--cost-factors", factors]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "give numbers" in result.stderr and "Traceback" not in result.stderr
