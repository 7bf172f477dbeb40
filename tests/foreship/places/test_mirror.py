"""A mirror is in step with its store, and lies where only its owner writes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from foreship.errors import StorageError
from foreship.places.filesystems import filesystem_of
from foreship.places.mirror import Mirror, mirror_of, mirrored
from foreship.runs.loading import load_run
from tests.foreship.places.published import PATIENCE, mirror, write
from tests.servers.store import BUCKET, Store

PLACE = f"s3://{BUCKET}/mirror"


@pytest.mark.sweep
def test_newest_weeks_come_at_once_and_older_ones_by_name(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was taken away in the store is taken away here; what is not whole is not there."""
    here = mirror(PLACE)
    days = [f"2026-{month:02}-02" for month in (1, 2, 3)]
    for day in days:
        write(here.folder, day=day)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other machine"))
    other = mirror(PLACE)
    other.synchronise(weeks=2)
    assert sorted(each.name[:10] for each in (other.folder / "runs").iterdir()) == days[1:]
    old = f"runs/{days[0]}-0123456789"
    assert load_run(other.bring(old)).as_of == days[0]
    system, root = filesystem_of(PLACE, PATIENCE)
    system.delete_file(f"{root}/{old}/manifest.json")  # as the store's own rules of lifecycle do
    other.synchronise()
    assert not (other.folder / old).exists()
    with pytest.raises(StorageError, match="holds no whole runs/2026-01-02"):
        other.bring(old)
    assert not list((other.folder / ".foreship" / "coming").iterdir())


def test_what_another_process_is_writing_is_left_alone(store: Store) -> None:
    """A draft in the private folder stays, whatever is brought meanwhile."""
    here = mirror(f"{PLACE}-drafts")
    draft = here.folder / ".foreship" / "tmp" / "2026-01-05-x"
    draft.mkdir(parents=True)
    here.synchronise()
    assert draft.exists()


def test_names_that_leave_the_folder_are_not_brought(store: Store) -> None:
    """An object whose name climbs out of its folder is no file of a run."""
    here = mirror(f"{PLACE}-climbing")
    run = write(here.folder)

    class Climbing:
        place = here.objects.place

        def names(self, folder: str = "") -> list[str]:
            return [*here.objects.names(folder), f"{folder}/../../../escaped"]

        def read(self, name: str) -> bytes | None:
            return here.objects.read(name) if ".." not in name else b"out"

    other = Mirror(here.folder.parent / "again", Climbing())  # type: ignore[arg-type]
    other.bring(f"runs/{run.path.name}")
    assert load_run(other.folder / "runs" / run.path.name).doubts == ()
    assert not list(here.folder.parent.rglob("escaped"))


def test_a_folder_knows_which_store_it_mirrors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain folder mirrors none; a damaged mark is said, not passed over."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = mirrored("s3://bucket/plans/")
    found = mirror_of(made.folder)
    assert found is not None
    assert (found.folder, found.objects.place) == (made.folder, "s3://bucket/plans")
    assert mirror_of(tmp_path) is None
    (made.folder / ".foreship" / "place.json").write_text(json.dumps([]), "utf-8")
    with pytest.raises(StorageError, match="is damaged"):
        mirror_of(made.folder)


def test_without_a_home_the_mirror_lies_in_a_folder_of_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One by user that nobody else enters; a link in its place is refused."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/proc/nowhere")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    folder = mirrored("s3://bucket/plans").folder
    own = tmp_path / f"foreship-{os.getuid()}"
    assert folder.parent == own
    assert own.stat().st_mode & 0o077 == 0
    own.rename(tmp_path / "kept")
    own.symlink_to(tmp_path / "kept")
    with pytest.raises(StorageError, match="not our own folder"):
        mirrored("s3://bucket/plans")
