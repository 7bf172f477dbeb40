"""Kill -9, SIGTERM, and a disk that is full from then on, at every file event of a command."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import foreship
from foreship.approval.papers import APPROVALS, RELEASED
from foreship.cli.commands import app
from foreship.runs import RUNS, load_run, workspace_lock
from tests.foreship.flow.killed_commands import ROOT, Commands, Held, files_of
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
HARMLESS = {"lock", "tmp", "owner.json"}
"""no draft; of who held the workspace the note may stay if stopped while it is taken away"""
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


def private_names(folder: Path) -> set[str]:
    """Return what lies in the private folder, by name."""
    return {path.name for path in (folder / ".foreship").rglob("*")}


def kind_of(folder: Path) -> tuple[str, ...]:
    """Return what the next try can tell apart: it sweeps the private folder before it looks.

    Runs that are whole, by name, and whether something lies where it will sweep.
    """
    private = folder / ".foreship"
    drafts = [*private.glob("tmp/*")][:1]
    names = [*files_of(folder), *(each.name for each in private.glob("*")), str(len(drafts))]
    return tuple(sorted(names))


class Sweep:
    """One command harmed at its file events, one after another."""

    def __init__(self, commands: Commands, before: Path, command: str) -> None:
        self.commands, self.before, self.command = commands, before, command
        self.stood = files_of(before)
        self.tried_again: set[tuple[str, ...]] = set()
        self.folder, self.place = (before.with_name(f"{command}-{each}") for each in "hp")

    def events(self) -> int:
        """Return how many file events the command has when nothing harms it."""
        with self.copied(self.folder):
            return self.commands.events_of(self.folder, *words_of(self.command, self.folder))

    @contextlib.contextmanager
    def copied(self, folder: Path) -> Iterator[None]:
        """Lend a copy of the workspace."""
        shutil.copytree(self.before, folder)
        try:
            yield
        finally:
            shutil.rmtree(folder)

    @contextlib.contextmanager
    def held(self) -> Iterator[Held | None]:
        """Lend the command as it stands before its first draft, None if it makes none."""
        if self.command == "clean":
            yield None
            return
        with self.copied(self.folder):
            words = words_of(self.command, self.folder)
            with self.commands.held(self.folder, *words) as found:
                yield found

    def harmed(self, held: Held | None, how: str, event: int) -> bool:
        """Harm the command once and look at what is left; return whether it met the event."""
        said, told = self.before.with_name("said.json"), (self.command, how, event)
        try:
            if held is not None and event >= held.first:
                code = held.run(self.place, event, how, said)
            else:
                shutil.copytree(self.before, self.place)
                words = words_of(self.command, self.place)
                code = self.commands.run(self.place, *words, event=event, how=how, said=said)
            assert code in ENDS[how] | set(DONE), (*told, code)
            refuse_damage(self.command, self.place, self.stood)
            if how != "kill":
                assert object_of(said.read_text())["exit_code"] == code, told
                assert private_names(self.place) <= HARMLESS, told
            if code in ENDS[how]:
                self.try_again(told)
            return code in ENDS[how]
        finally:
            shutil.rmtree(self.place)

    def try_again(self, told: tuple[object, ...]) -> None:
        """Fail unless the next try works and sweeps; once for each kind of what is left."""
        kind = kind_of(self.place)
        if kind not in self.tried_again:
            again = self.commands.run(self.place, *words_of(self.command, self.place))
            assert again in DONE, (*told, "tried again")
            refuse_damage(self.command, self.place, self.stood)
            self.tried_again.add(kind)
        with workspace_lock(self.place):
            assert private_names(self.place) <= {"lock", "owner.json"}, told


@cache
def sweep_of(commands: Commands, before: Path, command: str) -> tuple[Sweep, int]:
    """Return the sweep of a command and the number of its file events, counted once."""
    found = Sweep(commands, before, command)
    return found, found.events()


def sweep(commands: Commands, before: Path, command: str, how: str) -> None:
    """Harm the command at every event, and tell how often it ended by that."""
    found, whole = sweep_of(commands, before, command)
    assert whole > 2
    tried = range(1, whole + 1, STEP)
    with found.held() as held:
        met = Counter(found.harmed(held, how, event) for event in tried)
    again = f"{len(found.tried_again)} kinds of leftovers tried again"
    print(f"{command}, {how}: {len(tried)} of {whole} events, {met[True]} ended it, {again}")  # noqa: T201
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
