"""SIGTERM, and a disk that is full from then on, at every file event of the writing commands."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import foreship
from foreship.approval.papers import APPROVALS, RELEASED
from foreship.cli.commands import app
from foreship.runs import RUNS, load_run, workspace_lock
from tests.foreship.flow.killed_commands import ROOT, Commands, files_of
from tests.foreship.planned_shop import AS_OF, DEMAND, edits_file, planned_shop
from tests.foreship.spoken_objects import object_of
from tests.servers.store import BUCKET, Store, store_server

STEP = int(os.environ.get("FORESHIP_SWEEP_STEP", "1"))
"""every so many file events are tried; the nightly sweep tries each"""
NEXT = AS_OF + pd.Timedelta(weeks=1)
TINY_DAY = "2026-11-16"
DONE = (0, 6)
ENDS = {"kill": {-signal.SIGKILL}, "stop": {143}, "full": {8}}
"""how -> exit codes of who was harmed"""
BY_SHOP = ("plan", "approve", "release", "clean")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop with the plan of a Monday, edits of it, and an older plan."""
    folder = tmp_path_factory.mktemp("harm") / "shop"
    before = planned_shop(folder, AS_OF - pd.Timedelta(weeks=13))
    shutil.copytree(before.path.parent, folder / "older")
    shutil.rmtree(folder / RUNS)
    planned_shop(folder)
    shutil.copytree(folder / "older", folder / RUNS, dirs_exist_ok=True)
    shutil.rmtree(folder / "older")
    edits_file(folder, [(0, "change", 9, "a fair"), (1, "drop", "", "")])
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop without a run."""
    folder = tmp_path_factory.mktemp("harm") / "tiny"
    shutil.copytree(
        ROOT / "data" / "tiny", folder, ignore=shutil.ignore_patterns("runs", ".foreship", "truth")
    )
    return folder


def words_of(command: str, folder: Path) -> list[object]:
    """Return a whole command line."""
    name = f"{AS_OF.date()}-*"
    if command in ("run", "forecast"):
        return [command, folder, "--as-of", TINY_DAY, "--json"]
    if command == "clean":
        return [command, folder, "--keep", "1", "--json"]
    demand = ["--demand", folder / DEMAND]
    if command == "plan":
        return [command, folder, "--as-of", NEXT.date(), *demand, "--json"]
    run = min((folder / RUNS).glob(name), key=lambda each: "base" in load_run(each).manifest)
    if command == "release":
        return [command, run, "--by", "Bob", "--json"]
    return [command, run, "--by", "Ada", "--edits", folder / "edits.csv", *demand, "--json"]


def refuse_damage(command: str, folder: Path, stood: dict[str, bytes]) -> None:
    """Fail unless all that stood is as it was or, of a run that is cleaned, gone as a whole."""
    found = files_of(folder)
    gone = set(stood) - set(found)
    assert all(found[name] == data for name, data in stood.items() if name not in gone)
    if command == "clean":
        runs = {str(Path(name).parents[len(Path(name).parts) - 3]) for name in gone}
        assert not [name for name in found if any(name.startswith(f"{run}/") for run in runs)]
    else:
        assert not gone, "what stood is gone"
    for place in (RUNS, APPROVALS, RELEASED):
        for each in (folder / place).glob("*"):
            load_run(each)
    new = {Path(name).parts[0] for name in set(found) - set(stood)}
    assert new <= {RUNS, APPROVALS, RELEASED}, new
    with workspace_lock(folder):
        pass


def harmed(commands: Commands, before: Path, command: str, how: str, event: int) -> bool:
    """Harm a command once, look, ask again, look again; return whether it met the event."""
    folder, said = before.parent / "harmed", before.parent / "said.json"
    shutil.copytree(before, folder)
    try:
        stood = files_of(folder)
        words = words_of(command, folder)
        code = commands.run(folder, *words, event=event, how=how, said=said)
        assert code in ENDS[how] | set(DONE), (command, how, event, code)
        refuse_damage(command, folder, stood)
        if code in ENDS[how] and how != "kill":
            left = {path.name for path in (folder / ".foreship").rglob("*")}
            assert left <= {"lock", "tmp"}, (command, how, event, left)
        if how != "kill":
            assert object_of(said.read_text())["exit_code"] == code, (command, how, event)
        if code in ENDS[how]:
            assert commands.run(folder, *words) in DONE, (command, how, event, "asked again")
            refuse_damage(command, folder, stood)
        return code in ENDS[how]
    finally:
        shutil.rmtree(folder)


@cache
def events_of(commands: Commands, before: Path, command: str) -> int:
    """Return how many file events the command has when nothing harms it, by bisection."""
    low, high = 0, 1
    while _is_met(commands, before, command, high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_met(commands, before, command, middle) else (low, middle)
    return low


def _is_met(commands: Commands, before: Path, command: str, event: int) -> bool:
    folder = before.parent / "counted"
    shutil.copytree(before, folder)
    try:
        return commands.run(folder, *words_of(command, folder), event=event) == -signal.SIGKILL
    finally:
        shutil.rmtree(folder)


def sweep(commands: Commands, before: Path, command: str, how: str) -> None:
    """Harm the command at every event, and tell how often it ended by that."""
    whole = events_of(commands, before, command)
    assert whole > 2
    tried = range(1, whole + 1, STEP)
    met = Counter(harmed(commands, before, command, how, event) for event in tried)
    print(f"{command}, {how}: {len(tried)} of {whole} events, {met[True]} ended it")  # noqa: T201
    assert met[True] > 0 or command == "clean"


@pytest.mark.nightly
@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("command", BY_SHOP)
def test_harm_at_every_file_event_of_a_decision(
    commands: Commands, shop: Path, command: str, how: str
) -> None:
    """What stood stands, what is new is whole, the object is the exit code; the next try works."""
    sweep(commands, shop, command, how)


@pytest.mark.nightly
@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("command", ["forecast", "run"])
def test_harm_at_every_file_event_of_a_job(
    commands: Commands, tiny: Path, command: str, how: str
) -> None:
    """The same where a model is learned and written."""
    sweep(commands, tiny, command, how)


@pytest.mark.nightly
def test_a_store_that_dies_at_any_write_of_a_week(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plan, approval, edits and release into a store: 8 and no half, then the next try is whole."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    config = shop / "foreship.toml"
    kept = config.read_text()
    config.write_text(f"{kept}\n[store]\nattempts = 1\nseconds = 5.0\n")
    try:
        with store_server() as store:
            for name, value in store.environment().items():
                monkeypatch.setenv(name, value)
            place = f"s3://{BUCKET}/plans"
            day = ["--as-of", str(AS_OF.date()), "--demand", str(shop / DEMAND), "--out", place]
            died_at_every_write(store, ["plan", str(shop), *day])
            edits = ["--edits", str(shop / "edits.csv"), "--demand", str(shop / DEMAND)]
            chosen = ["latest", "--dir", str(shop), "--out", place]
            died_at_every_write(store, ["approve", *chosen, "--by", "Ada", *edits])
            died_at_every_write(store, ["release", *chosen, "--by", "Bob"])
            assert foreship.released(place) is not None
    finally:
        config.write_text(kept)


def died_at_every_write(store: Store, words: list[str]) -> None:
    """Let the store die before its n-th write, n = 1, 2, .. until the command needs no more."""
    for writes in range(200):
        store.writes_left = writes
        ended = CliRunner().invoke(app, [*words, "--json"])
        store.writes_left = None
        told = object_of(ended.stdout)
        assert told["exit_code"] == ended.exit_code
        if ended.exit_code in DONE:
            print(f"{words[0]}: the store died at each of {writes} writes")  # noqa: T201
            assert writes > 0 and not told.get("reused"), "a run from which the store was taken"
            return
        assert ended.exit_code == 8, ended.output
    pytest.fail("the command never ended well")
