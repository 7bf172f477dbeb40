"""A run in a store is whole or absent: cut off, killed, written by two machines at once."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from foreship.errors import DoorMissing, StorageError, Tampered, UsageError
from foreship.places.mirror import Mirror
from foreship.places.objects import Objects
from foreship.places.publishing import publish_files
from foreship.runs.loading import load_run
from foreship.runs.writing import write_folder
from tests.foreship.places.published import DAY, FILES, PATIENCE, mirror, write
from tests.servers.store import BUCKET, Store

WRITES = len(FILES) + 1
NAME = f"runs/{DAY}-0123456789"


@pytest.fixture
def place(request: pytest.FixtureRequest) -> str:
    """A place that no other test writes to."""
    return f"s3://{BUCKET}/{re.sub(r'[^a-z0-9]', '-', request.node.name)}"


def elsewhere(place: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """Return the mirror of the same place on another machine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "other machine"))
    return mirror(place)


def test_a_run_is_in_the_store_and_on_every_machine(
    store: Store, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its manifest is written last; another machine brings it whole, every file as it was."""
    here = mirror(place)
    store.asked.clear()
    run = write(here.folder)
    written = [path for method, path in store.asked if method == "PUT"]
    assert written[-1].endswith(f"{NAME}/manifest.json")
    assert len(written) == WRITES
    other = elsewhere(place, tmp_path, monkeypatch)
    assert other.folder != here.folder
    other.synchronise()
    again = load_run(other.folder / NAME)
    assert dict(again.manifest) == dict(run.manifest)
    assert (other.folder / NAME / "inputs" / "items.parquet").read_bytes() == b"not read here"
    assert again.doubts == ()


@pytest.mark.sweep
@pytest.mark.parametrize("writes", range(WRITES))
def test_cut_off_before_any_write_there_is_no_run(store: Store, place: str, writes: int) -> None:
    """Exit 8, nothing here and nothing there; the next try is whole."""
    here = mirror(place)
    store.writes_left = writes
    with pytest.raises(StorageError, match="does not answer"):
        write(Mirror(here.folder, Objects(place, PATIENCE)).folder)
    store.writes_left = None
    here.synchronise()
    assert not (here.folder / NAME).exists()
    assert f"{NAME}/manifest.json" not in here.objects.names("runs")
    write(here.folder)
    assert load_run(here.folder / NAME).doubts == ()


@pytest.mark.sweep
@pytest.mark.parametrize("writes", [1, WRITES - 1, WRITES])
def test_killed_at_a_write_there_is_no_run_or_a_whole_one(
    store: Store, place: str, writes: int
) -> None:
    """By the system, at once: before the manifest nothing, after it everything."""
    here = mirror(place)
    job = subprocess.Popen(
        [sys.executable, "-m", "tests.foreship.places.published", str(here.folder)]
    )
    seen = []

    def kill(path: str) -> None:
        seen.append(path)
        if len(seen) == writes:
            job.kill()
            job.wait()

    store.on_write = kill
    assert job.wait(timeout=60) == -9
    store.on_write = None
    here.synchronise()
    whole = (here.folder / NAME).exists()
    assert whole == (writes == WRITES)  # the store itself goes on with the write that it has
    if whole:
        assert load_run(here.folder / NAME).doubts == ()
    else:
        write(here.folder)
        assert load_run(here.folder / NAME).doubts == ()


@pytest.mark.parametrize("ending", ["plan.csv", "manifest.json"])
def test_a_lost_answer_is_not_a_failed_write(store: Store, place: str, ending: str) -> None:
    """What lies there is looked at: it was written, by us."""
    here = Mirror(mirror(place).folder, Objects(place))
    store.answers_lost.add(ending)
    run = write(here.folder)
    assert not store.answers_lost
    assert load_run(run.path).doubts == ()
    assert here.objects.names(NAME) == sorted(
        f"{NAME}/{each}" for each in (*FILES, "manifest.json")
    )


def test_two_machines_that_make_one_run_end_with_one(
    store: Store, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what differs in times only, the first stands, for both; the answer is the same."""
    here = mirror(place)
    other = elsewhere(place, tmp_path, monkeypatch)
    first = write(here.folder, report_html=b"<html>of the first")
    second = write(other.folder, report_html=b"<html>of the second")
    assert dict(second.manifest) == dict(first.manifest)
    assert (second.path / "report.html").read_bytes() == b"<html>of the first"
    assert load_run(second.path).doubts == ()


def test_another_answer_under_one_name_is_told(
    store: Store, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 9: nobody's plan is replaced by another."""
    write(mirror(place).folder)
    other = elsewhere(place, tmp_path, monkeypatch)
    with pytest.raises(Tampered, match=r"plan.csv is another answer"):
        write(other.folder, plan_csv=b"action,quantity\nship,4\n")
    assert not (other.folder / NAME).exists()


def test_what_is_signed_is_written_once(
    store: Store, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whichever machine is first; without what makes that sure it is not written at all."""
    facts = {"run_id": "0123456789", "as_of": DAY, "notes": []}
    here, other = mirror(place), elsewhere(place, tmp_path, monkeypatch)

    def release(at: Mirror, words: bytes) -> object:
        files = {"released.csv": lambda path: path.write_bytes(words)}
        return write_folder(at.folder, at.folder / "released" / f"{DAY}-01", files, facts)

    release(here, b"by Anna")
    with pytest.raises(UsageError, match="nothing of ours is written twice"):
        release(other, b"by Ben")
    assert here.objects.read(f"released/{DAY}-01/released.csv") == b"by Anna"
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(DoorMissing, match=r"pip install 'foreship\[cloud\]'"):
        write_folder(other.folder, other.folder / "releases" / f"{DAY}-02", {}, facts)


@pytest.mark.sweep
def test_without_the_library_runs_are_looked_for_before_they_are_written(
    store: Store, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One machine after the other ends with one run, as with it."""
    monkeypatch.setitem(sys.modules, "obstore", None)
    first = write(mirror(place).folder, report_html=b"<html>of the first")
    second = write(elsewhere(place, tmp_path, monkeypatch).folder)
    assert dict(second.manifest) == dict(first.manifest)
    assert load_run(second.path).doubts == ()


def test_a_paper_that_broke_off_is_written_by_the_same_name_later(
    store: Store, place: str, tmp_path: Path
) -> None:
    """What was signed first stands; what another one signs is refused as before."""
    here, name = mirror(place), "released/2026-11-16-0123456789"
    for moment, by in (("09:00", "Ann"), ("09:01", "Ann"), ("09:02", "Bob")):
        (tmp_path / "release.json").write_text(f'{{"at": "{moment}", "by": "{by}"}}')
        if by == "Bob":
            with pytest.raises(StorageError, match="broke off; take released/"):
                publish_files(here, name, tmp_path, ["release.json"])
            continue
        publish_files(here, name, tmp_path, ["release.json"])
        assert '"09:00"' in (tmp_path / "release.json").read_text()
