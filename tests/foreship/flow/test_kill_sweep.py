"""Kill -9 at random moments of the writing commands, and at every file event of `sample`.

Every file event of the other commands is met by `test_harm_sweep`.
"""

from __future__ import annotations

import random
import shutil
import signal
from pathlib import Path

import pytest

from foreship.runs import load_run, workspace_lock
from tests.foreship.flow.killed_commands import ROOT, Commands, files_of

TINY = ROOT / "data" / "tiny"
AS_OF, BEFORE = "2026-11-16", "2026-11-09"
PLAN = '\n[plan]\ntime_limit_seconds = 1e9\nhold = ["gap"]\n'
"""no plan hangs on the clock, nor is held because both Mondays are planned on one stock"""
COMMANDS = ("run", "forecast", "plan", "sample")


@pytest.fixture(scope="module")
def before(commands: Commands, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with a run of the week before and a forecast of this one."""
    folder = tmp_path_factory.mktemp("sweep") / "before"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("runs", ".foreship", "truth"))
    with (folder / "foreship.toml").open("a") as config:
        config.write(PLAN)
    assert commands.run(folder, "run", folder, "--as-of", BEFORE) == 0
    assert commands.run(folder, "forecast", folder, "--as-of", AS_OF) == 0
    return folder


def words_of(command: str, folder: Path) -> list[object]:
    """Return a whole command line."""
    if command == "sample":
        return ["sample", folder / "shop", "--size", "tiny"]
    return [command, folder, "--as-of", AS_OF]


def refuse_damage(
    command: str, folder: Path, whole: dict[str, bytes], shop: dict[str, bytes]
) -> None:
    """Fail unless all that stood is as it was, and what is new is whole."""
    found = files_of(folder)
    assert {name: found.get(name) for name in whole} == whole, "what stood was changed"
    for run in (folder / "runs").iterdir():
        load_run(run)
    if command == "sample":
        made = files_of(folder / "shop") if (folder / "shop").exists() else {}
        assert made in ({}, shop), "half a sample"
    else:
        new = {name for name in set(found) - set(whole) if not name.startswith("runs/")}
        assert new == set(), "a file outside runs/"


def survive(
    commands: Commands,
    before: Path,
    command: str,
    shop: dict[str, bytes],
    event: int = 0,
    delay: float = 0.0,
) -> bool:
    """Kill a command once and check everything; return whether it was killed at all."""
    folder = before.parent / "killed"
    shutil.copytree(before, folder)
    try:
        whole = files_of(folder)
        code = commands.run(folder, *words_of(command, folder), event=event, delay=delay)
        assert code in (0, -signal.SIGKILL), (command, event, delay, code)
        refuse_damage(command, folder, whole, shop)
        if command == "sample" and not (folder / "shop").exists():
            assert commands.run(folder, *words_of(command, folder)) == 0
        assert commands.run(folder, "run", folder, "--as-of", AS_OF) == 0
        refuse_damage(command, folder, whole, shop)
        left = {path.name for path in (folder / ".foreship").rglob("*")}
        assert left <= {"lock", "tmp"}, "something of the killed command was left"
        with workspace_lock(folder):
            pass
        return code != 0
    finally:
        shutil.rmtree(folder)


def whole_sample(commands: Commands, before: Path) -> dict[str, bytes]:
    """Return what an undisturbed `sample` writes."""
    folder = before.parent / "reference"
    assert commands.run(before, "sample", folder, "--size", "tiny") == 0
    found = files_of(folder)
    shutil.rmtree(folder)
    return found


@pytest.mark.nightly
def test_kill_at_every_file_event_of_a_sample(commands: Commands, before: Path) -> None:
    """Killed at its n-th file event, n = 1, 2, .. until it survives, it leaves no half of one."""
    shop = whole_sample(commands, before)
    event = 1
    while survive(commands, before, "sample", shop, event=event):
        event += 1
        assert event < 1000, "the command never survived"
    print(f"sample: killed at each of {event - 1} file events")  # noqa: T201
    assert event > 5


@pytest.mark.nightly
@pytest.mark.parametrize("command", COMMANDS)
def test_kill_at_random_moments(commands: Commands, before: Path, command: str) -> None:
    """Killed at a moment drawn over its whole length, a command harms nothing."""
    shop = whole_sample(commands, before)
    draw = random.Random(7)
    longest = {"run": 2.5, "forecast": 2.0, "plan": 1.2, "sample": 0.5}[command]
    killed = sum(
        survive(commands, before, command, shop, delay=draw.uniform(0.005, longest))
        for _ in range(10)
    )
    print(f"{command}: killed at {killed} of 10 random moments")  # noqa: T201
    assert killed > 2
