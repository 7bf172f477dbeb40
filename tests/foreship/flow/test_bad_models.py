"""A mutated model is refused with exit code 9, and the process that was asked lives."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import foreship_forecast
from foreship.runs import workspace_lock, write_run
from foreship.workspace.opening import open_workspace
from foreship_forecast.errors import ModelRefused
from foreship_forecast.heads.forest import FORESTS
from foreship_forecast.learning.model import PurchaseModel
from foreship_forecast.params import ForecastParams
from tests.foreship.bad_models import Mutant, mutants

ROOT = Path(__file__).resolve().parents[3]
TINY = ROOT / "data" / "tiny"
AS_OF = "2026-11-16"

# LightGBM may end the process, so all mutants meet it in a child; one line is said for each
CHILD = """
import sys
sys.path.insert(0, {root!r})
import lightgbm
from typer.testing import CliRunner
from foreship.cli.commands import app

parsed = 0
class Counted(lightgbm.Booster):
    def __init__(self, *given, **named):
        global parsed
        parsed += "model_str" in named
        super().__init__(*given, **named)

lightgbm.Booster = Counted
for line in sys.stdin:
    parsed = 0
    words = ["forecast", {workspace!r}, "--as-of", {as_of!r}, "--model", line.strip()]
    result = CliRunner().invoke(app, words)
    print(result.exit_code, parsed, result.stderr.replace(chr(10), " ")[-300:], flush=True)
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the tiny workspace."""
    folder = tmp_path_factory.mktemp("bad_models") / "tiny"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("runs", ".foreship", "truth"))
    return folder


@pytest.fixture(scope="module")
def champion(workspace: Path) -> Path:
    """Return a run whose model has all four boosters."""
    known = open_workspace(workspace, AS_OF)
    params = ForecastParams(rounds=12, leaves=4, min_leaf_rows=20, scenarios=20, horizon_weeks=4)
    snapshot = foreship_forecast.Snapshot(known.tables, known.as_of)
    fitted = foreship_forecast.fit(snapshot, params)
    learned = fitted.head.boosters
    assert learned is not None and all(getattr(learned, name) for name in FORESTS)
    with workspace_lock(workspace):
        run = write_run(
            workspace,
            AS_OF,
            "c" * 10,
            {"model": fitted.save},
            {"notes": []},
        )
    # aside, so that nobody takes it for a run of this workspace
    return Path(shutil.move(run.path, workspace.parent / "champion"))


def outcomes(workspace: Path, champion: Path, spoiled: list[Mutant]) -> list[tuple[int, int, str]]:
    """Ask for a forecast by each spoiled model; return exit code, texts parsed and what was said.

    A child that dies is reported by its signal, and the next mutant gets a new one.
    """
    code = CHILD.format(root=str(ROOT), workspace=str(workspace), as_of=AS_OF)
    child, found = None, []
    for mutant in spoiled:
        copy = workspace.parent / "spoiled"
        shutil.copytree(champion, copy)
        mutant.spoil(copy)
        if child is None:
            child = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                errors="replace",
            )
        child.stdin.write(f"{copy}\n")
        child.stdin.flush()
        said = child.stdout.readline()
        if said:
            exit_code, parsed, words = said.rstrip("\n").split(" ", 2)
            found.append((int(exit_code), int(parsed), words))
        else:
            found.append((child.wait(), -1, "the process died"))
            child = None
        for left in workspace.parent.glob("spoiled*"):
            left.unlink() if left.is_symlink() or left.is_file() else shutil.rmtree(left)
    if child is not None:
        child.communicate()
        assert child.returncode == 0
    return found


def judge(workspace: Path, champion: Path, spoiled: list[Mutant]) -> None:
    """Refuse every mutant that was not answered with 9, or whose text was parsed."""
    wrong = []
    for mutant, (code, parsed, said) in zip(
        spoiled, outcomes(workspace, champion, spoiled), strict=True
    ):
        refused = (code, parsed) == (9, 0) and "Traceback" not in said
        forged = not mutant.sure and code == 0
        if not (refused or forged):
            wrong.append((mutant.name, mutant.depth, mutant.seed, code, parsed, said))
    assert wrong == []


@pytest.mark.sweep
def test_the_unspoiled_model_forecasts(workspace: Path, champion: Path) -> None:
    """The run that all mutants come from is accepted, and its boosters are asked."""
    mutant = Mutant("nothing", "all", lambda model, draw: None, False, 0)
    ((code, parsed, said),) = outcomes(workspace, champion, [mutant])
    assert (code, parsed) == (0, len(FORESTS)), said


@pytest.mark.sweep
def test_mutated_models_are_refused_and_the_process_lives(workspace: Path, champion: Path) -> None:
    """Twenty mutants, hashes computed again or not: exit 9, and LightGBM reads none of them.

    Nine hundred nightly.
    """
    judge(workspace, champion, [*mutants(14), *mutants(1000)[-6:]])


@pytest.mark.nightly
def test_many_mutated_models_are_refused(workspace: Path, champion: Path) -> None:
    """Nine hundred mutants: exit 9, or where luck left a sound forgery a forecast; no crash."""
    judge(workspace, champion, mutants(900))


@pytest.mark.sweep
def test_every_kind_of_mutant_is_refused_by_the_room_alone(champion: Path, tmp_path: Path) -> None:
    """Without the run's manifest the bundle refuses what is sure, before LightGBM is asked."""
    taken = []
    # where the folder itself is a link, the run's manifest refuses it
    spoiled = [each for each in mutants(150) if each.sure and each.name != "a model that is a link"]
    for mutant in spoiled:
        copy = tmp_path / "copy"
        shutil.copytree(champion, copy)
        mutant.spoil(copy)
        try:
            PurchaseModel.load(copy / "model")
        except ModelRefused:
            pass
        else:
            taken.append(mutant.name)
        for left in tmp_path.iterdir():
            left.unlink() if left.is_symlink() or left.is_file() else shutil.rmtree(left)
    assert taken == []


def test_a_manifest_that_names_paths_outside_is_refused(champion: Path, tmp_path: Path) -> None:
    """A manifest cannot vouch for files outside the run's folder."""
    from foreship.errors import Tampered
    from foreship.runs import load_run

    (tmp_path / "outside.txt").write_text("x")
    for name in ("../outside.txt", "/etc/hostname", "a\0b"):
        copy = tmp_path / "run"
        shutil.copytree(champion, copy)
        manifest = json.loads((copy / "manifest.json").read_text())
        manifest["files"][name] = {"bytes": 1, "sha256": ""}
        (copy / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(Tampered, match="missing"):
            load_run(copy)
        shutil.rmtree(copy)


def test_a_model_saved_loads_and_predicts_the_same_bytes(workspace: Path, champion: Path) -> None:
    """All boosters survive their files: the same frame from the loaded and the kept model."""
    known = open_workspace(workspace, AS_OF)
    snapshot = foreship_forecast.Snapshot(known.tables, known.as_of)
    first, again = (PurchaseModel.load(champion / "model") for _ in range(2))
    again.save(workspace.parent / "again")
    assert {p.name: p.read_bytes() for p in (workspace.parent / "again").iterdir()} == {
        p.name: p.read_bytes() for p in (champion / "model").iterdir()
    }
    pd.testing.assert_frame_equal(
        first.predict(snapshot).to_frame(), again.predict(snapshot).to_frame(), check_exact=True
    )
