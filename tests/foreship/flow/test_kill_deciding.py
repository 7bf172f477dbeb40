"""Kill -9 at random moments of `approve` and `release`: half is none.

Every file event of theirs is met by `test_harm_sweep`.
"""

from __future__ import annotations

import random
import shutil
import signal
from pathlib import Path

import pytest

from foreship.approval.papers import APPROVALS, RELEASED
from foreship.runs import RUNS, load_run, workspace_lock
from tests.foreship.flow.killed_commands import Commands, files_of
from tests.foreship.planned_shop import DEMAND, edits_file, planned_shop

LONGEST = {"approve": 2.0, "release": 0.2}
"""seconds after which a command is killed at the latest"""
FOLDERS = {"approve": (RUNS, APPROVALS), "release": (RELEASED,)}
"""folders of the workspace into which each command may write"""


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop with its plan and edits of it."""
    folder = tmp_path_factory.mktemp("sweep") / "before"
    planned_shop(folder)
    edits_file(folder, [(0, "change", 9, "a fair"), (1, "drop", "", "")])
    return folder


def words_of(command: str, folder: Path) -> list[object]:
    """Return a whole command line; the run is the one that was there before."""
    (run,) = (each for each in (folder / RUNS).iterdir() if "base" not in load_run(each).manifest)
    if command == "release":
        return [command, run, "--by", "Bob"]
    edits = ["--edits", folder / "edits.csv", "--demand", folder / DEMAND]
    return [command, run, "--by", "Ada", *edits]


def refuse_damage(command: str, folder: Path, whole: dict[str, bytes]) -> None:
    """Fail unless all that stood is as it was, and what is new is whole and where it belongs."""
    found = files_of(folder)
    assert {name: found.get(name) for name in whole} == whole, "what stood was changed"
    new = {Path(name).parts[0] for name in set(found) - set(whole)}
    assert new <= set(FOLDERS[command]), new
    for place in (RUNS, APPROVALS, RELEASED):
        for each in (folder / place).glob("*"):
            load_run(each)


def survive(commands: Commands, before: Path, command: str, delay: float) -> bool:
    """Kill a command once, look, ask again, look again; return whether it was killed at all."""
    folder = before.parent / "killed"
    shutil.copytree(before, folder)
    try:
        whole, words = files_of(folder), words_of(command, folder)
        code = commands.run(folder, *words, delay=delay)
        assert code in (0, -signal.SIGKILL), (command, delay, code)
        refuse_damage(command, folder, whole)
        assert commands.run(folder, *words) == 0, "asked again it does not end well"
        refuse_damage(command, folder, whole)
        assert len(list((folder / FOLDERS[command][-1]).iterdir())) == 1
        with workspace_lock(folder):
            pass
        return code != 0
    finally:
        shutil.rmtree(folder)


@pytest.mark.nightly
@pytest.mark.parametrize("command", FOLDERS)
def test_kill_at_random_moments(commands: Commands, before: Path, command: str) -> None:
    """Killed at a moment drawn over its whole length, a command harms nothing."""
    draw = random.Random(7)
    killed = sum(
        survive(commands, before, command, draw.uniform(0.005, LONGEST[command])) for _ in range(10)
    )
    print(f"{command}: killed at {killed} of 10 random moments")  # noqa: T201
    assert killed > 2
