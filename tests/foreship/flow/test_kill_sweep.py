"""Kill -9 at every file event of the writing commands, and at random moments: the long sweep.

A child process imports everything once and forks for each command, so that a kill costs the
command alone. An audit hook in the fork counts the file events inside the workspace and kills
at the one asked for; events inside Arrow's own writer are met by the random moments.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from foreship.runs import load_run, workspace_lock

ROOT = Path(__file__).resolve().parents[3]
TINY = ROOT / "data" / "tiny"
AS_OF, BEFORE = "2026-11-16", "2026-11-09"
COMMANDS = ("run", "forecast", "plan", "sample")

SERVER = """
import os, signal, sys, time
sys.path.insert(0, {root!r})
import foreship_forecast.learning.fitting, foreship_optimize.planning, foreship.reading.compare
import foreship.reading.explanation, foreship.reports.plan_page, foreship.reports.workbook
import foreship.samples.synthetic.sample, foreship.jobs.weekly, foreship.cli.commands
from foreship.__main__ import main

inside, fatal, seen = "", 0, 0

def kill_at(event, arguments):
    global seen
    if not inside or not (event == "open" or event.startswith(("os.", "shutil."))):
        return
    if arguments and inside in os.fsdecode(arguments[0] if isinstance(arguments[0], (str, bytes))
                                           else str(arguments[0])):
        seen += 1
        if seen == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill_at)
for line in sys.stdin:
    folder, asked, delay, *words = line.split()
    pid = os.fork()
    if pid == 0:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1), os.dup2(silent, 2)
        inside, fatal = folder, int(asked)
        sys.argv = ["foreship", *words]
        code = 1
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            os._exit(code)
    if float(delay):
        time.sleep(float(delay))
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Commands:
    """A process that runs commands in forks of itself."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER.format(root=str(ROOT))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, inside: Path, *words: object, event: int = 0, delay: float = 0.0) -> int:
        """Run a command; return its exit code, or minus the signal that ended it."""
        line = " ".join(map(str, (inside, event, delay, *words)))
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    """Start the process once."""
    server = Commands()
    yield server
    server.process.communicate()


@pytest.fixture(scope="module")
def before(commands: Commands, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with a run of the week before and a forecast of this one."""
    folder = tmp_path_factory.mktemp("sweep") / "before"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("runs", ".foreship", "truth"))
    with (folder / "foreship.toml").open("a") as config:
        config.write("\n[plan]\ntime_limit_seconds = 1e9\n")
    assert commands.run(folder, "run", folder, "--as-of", BEFORE) == 0
    assert commands.run(folder, "forecast", folder, "--as-of", AS_OF) == 0
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes, but for the private `.foreship/`."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] != ".foreship"
    }


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
@pytest.mark.parametrize("command", COMMANDS)
def test_kill_at_every_file_event(commands: Commands, before: Path, command: str) -> None:
    """Killed at its n-th file event, n = 1, 2, .. until it survives, a command harms nothing."""
    shop = whole_sample(commands, before)
    event = 1
    while survive(commands, before, command, shop, event=event):
        event += 1
        assert event < 1000, "the command never survived"
    print(f"{command}: killed at each of {event - 1} file events")  # noqa: T201
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
