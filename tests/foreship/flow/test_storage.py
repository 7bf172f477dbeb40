"""A full disk, a folder that may not be written to, too little room: exit 8, and no harm."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from foreship.errors import StorageError
from foreship.jobs import weekly
from foreship.jobs.keeping import preflight
from foreship.runs import load_run, write_run
from tests.foreship.planned_shop import AS_OF, DEMAND, planned_shop
from tests.foreship.spoken_objects import object_of

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Plan a shop once; return what was given to be written, with the folder of the shop."""
    shop, given = tmp_path_factory.mktemp("storage") / "shop", {}

    def written(workspace: Path, *rest: Any, **more: Any) -> Any:
        given.update(rest=rest, more=more, shop=shop)
        return write_run(workspace, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weekly, "write_run", written)
        given["run"] = planned_shop(shop)
    return given


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as a quota does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def mounted(folder: Path, *words: str) -> Iterator[None]:
    """Mount something on a folder, where that is allowed; else the test is skipped."""
    if subprocess.run(["mount", *words, str(folder)], check=False, capture_output=True).returncode:
        pytest.skip("only who administers the system may mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def refused(made: dict[str, Any], place: Path) -> None:
    """Write the run where it cannot be; nothing of it is left, and a sentence says why."""
    with pytest.raises(StorageError, match=r"nothing is left of it") as caught:
        write_run(place, *made["rest"], **made["more"])
    assert caught.value.exit_code == 8 and "bytes are free" in str(caught.value)
    left = [str(each.relative_to(place)) for each in place.rglob("*") if each.is_file()]
    assert left == []


@pytest.mark.sweep
def test_no_file_can_be_the_one_that_does_not_fit(made: dict[str, Any], tmp_path: Path) -> None:
    """A quota a byte below the size of each file of a run in turn; without it the run is whole."""
    sizes = {entry["bytes"] for entry in made["run"].manifest["files"].values()}
    assert len(sizes) > 8
    for size in sorted(sizes):
        with files_of_at_most(size - 1):
            refused(made, tmp_path)
    load_run(write_run(tmp_path, *made["rest"], **made["more"]).path)


def test_a_disk_that_fills_up_is_left_as_empty_as_it_was(
    made: dict[str, Any], tmp_path: Path
) -> None:
    """Disks of several sizes, all too small; then the run fits and is whole."""
    whole = sum(entry["bytes"] for entry in made["run"].manifest["files"].values())
    for share in (0.0, 0.3, 0.7):
        with mounted(tmp_path, "-t", "tmpfs", "-o", f"size={int(whole * share) // 4096 + 4}k",
                     "tmpfs"):  # fmt: skip
            refused(made, tmp_path)
    with mounted(tmp_path, "-t", "tmpfs", "-o", "size=16m", "tmpfs"):
        load_run(write_run(tmp_path, *made["rest"], **made["more"]).path)


def plan(shop: Path, *more: object) -> Any:
    """Plan the shop by the command line."""
    words = ("plan", shop, "--as-of", AS_OF.date(), "--demand", shop / DEMAND, *more, "--json")
    return CliRunner().invoke(app, [str(each) for each in words])


def copy_of(made: dict[str, Any], folder: Path) -> Path:
    """Copy the shop without its runs."""
    return shutil.copytree(made["shop"], folder, ignore=shutil.ignore_patterns("runs", ".foreship"))


def test_too_little_room_is_said_before_the_work(
    made: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No plan is worked out; a run that stands already is still given."""
    shop = copy_of(made, tmp_path / "shop")
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, 4711))
    monkeypatch.setattr(weekly, "_plan", lambda *_, **__: pytest.fail("it was planned"))
    ended = plan(shop)
    said = object_of(ended.stdout)
    assert (ended.exit_code, said["error"]["kind"]) == (8, "StorageError")
    assert "4,711 bytes free" in said["error"]["message"]
    assert "--out" in said["error"]["message"]
    assert plan(made["shop"]).exit_code == 0


def test_room_asked_for_grows_with_the_last_run(
    made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half as much again as the newest run there."""
    whole = sum(entry["bytes"] for entry in made["run"].manifest["files"].values())
    monkeypatch.setattr(preflight, "LEAST_BYTES", 0)
    for free, enough in ((int(1.5 * whole), True), (int(1.5 * whole) - 1, False)):
        monkeypatch.setattr(preflight.shutil, "disk_usage", lambda _, free=free: Usage(0, 0, free))
        if enough:
            preflight.refuse_full_disk(made["shop"])
        else:
            with pytest.raises(StorageError, match="make room"):
                preflight.refuse_full_disk(made["shop"])


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write into a folder, not even who administers the system."""
    if os.geteuid():
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)
        return
    with mounted(folder, "--bind", str(folder)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield


@pytest.mark.sweep
def test_tables_that_may_only_be_read_are_planned_with_runs_elsewhere(
    made: dict[str, Any], tmp_path: Path
) -> None:
    """Exit 8 names `--out`; with it, or its variable, the same run lies there."""
    shop, out = copy_of(made, tmp_path / "shop"), tmp_path / "out"
    with read_only(shop):
        ended = plan(shop)
        apart = plan(shop, "--out", out)
    assert ended.exit_code == 8
    assert "--out FOLDER" in object_of(ended.stdout)["error"]["message"]
    assert apart.exit_code == 0, apart.output
    run = Path(object_of(apart.stdout)["run"])
    assert run == out / "runs" / made["run"].path.name
    assert not (shop / ".foreship").exists()
    named = CliRunner().invoke(app, ["report", "latest", "--json"], env={"FORESHIP_OUT": str(out)})
    assert object_of(named.stdout)["report"] == str(run / "report.html")
