"""The command line parses, calls and shows; its help is instant; its streams stay apart."""

from __future__ import annotations

import json
import os
import shutil
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
    "init",
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
    "serve",
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


@pytest.mark.parametrize(
    "words",
    [("",), ("nonsense",), ("--what",), ("run",), ("run", "{}", "--what"), ("run", "{}"),
     ("diff", "{}", "{}")],
)  # fmt: skip
def test_a_failure_is_an_object_too(words: tuple[str, ...], tmp_path: Path) -> None:
    """With --json stdout has one object however a command ends, with code and message."""
    result = CliRunner().invoke(app, [*(word.format(tmp_path) for word in words), "--json"])
    assert result.exit_code == 2
    said = json.loads(result.stdout)
    assert (said["json_version"], said["exit_code"], said["ok"]) == (1, 2, False)
    assert said["command"] == (words[0] if words[0] in ("run", "diff") else "")
    error = said["error"]
    assert (error["exit_code"], error["kind"]) == (2, "UsageError")
    assert error["message"] and error["remedy"]


def test_a_check_with_faults_is_its_report_and_a_failure(tmp_path: Path) -> None:
    """One object has the rows and faults of the report and, as any failure, an `error`."""
    shutil.copytree(TINY, tmp_path / "w", ignore=shutil.ignore_patterns("runs", ".foreship"))
    (tmp_path / "w" / "lanes.parquet").write_bytes(b"no table")
    said = json.loads(CliRunner().invoke(app, ["check", str(tmp_path / "w"), "--json"]).stdout)
    assert (said["exit_code"], said["ok"], said["error"]["kind"]) == (3, False, "InputError")
    assert said["faults"] and not said["sound"]
    assert said["error"]["message"].startswith(f"{tmp_path / 'w'} has 1 fault:\nlanes: ")
    assert said["error"]["faults"] == said["faults"]


def test_a_failure_carries_every_fault(tmp_path: Path) -> None:
    """Table, column, rows and values of each, as `check` has them."""
    (tmp_path / "foreship.toml").write_text("[plan]\nhorizon = 3\n")
    error = json.loads(CliRunner().invoke(app, ["run", str(tmp_path), "--json"]).stdout)["error"]
    assert "plan.horizon" in {each["column"] for each in error["faults"]}


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


LACKING = "libgomp.so.1: cannot open shared object file: No such file or directory"


@pytest.mark.sweep
def test_a_library_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    """`doctor` says which and what helps, exit 2; a run ends with 2 and sends to the doctor."""
    stub = tmp_path / "stub" / "lightgbm"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text(f"raise OSError({LACKING!r})")
    path = os.pathsep.join([str(stub.parent), *sys.path])
    shutil.copytree(TINY, tmp_path / "w", ignore=shutil.ignore_patterns("runs", ".foreship"))
    found = [
        subprocess.run(
            [sys.executable, "-m", "foreship", *words],
            capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path},
        )
        for words in (["doctor"], ["forecast", str(tmp_path / "w")])
    ]  # fmt: skip
    doctor, forecast = found
    assert doctor.returncode == forecast.returncode == 2, forecast.stderr
    assert f"lightgbm cannot be loaded: {LACKING}; install libgomp1" in doctor.stdout
    assert "foreship doctor" in forecast.stderr and "Traceback" not in forecast.stderr


@pytest.mark.parametrize("factors", ["a", "0.5,", "0,1", "-2"])
def test_cost_factors_that_are_no_numbers_above_0_are_a_fault_of_use(factors: str) -> None:
    """Exit 2 with one sentence, not a bug of ours."""
    words = ["backtest", str(TINY), "--weeks", "2", "--cost-factors", factors]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "give numbers" in result.stderr and "Traceback" not in result.stderr
