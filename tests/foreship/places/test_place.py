"""A place for runs, as people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.errors import StorageError, UsageError
from foreship.places.place import folder_of, is_in_store, run_folder
from tests.foreship.places.published import DAY, mirror, write
from tests.servers.planted import PLANTED
from tests.servers.store import BUCKET, Store


def test_a_folder_is_itself_and_a_store_its_mirror(store: Store, tmp_path: Path) -> None:
    """Made where there is none; a run is found by its address in the store."""
    assert folder_of(tmp_path / "plans" / "here") == tmp_path / "plans" / "here"
    assert (tmp_path / "plans" / "here").is_dir()
    place = f"s3://{BUCKET}/place"
    run = write(mirror(place).folder)
    assert folder_of(place) == folder_of(f"{place}/") == run.path.parent.parent
    assert run_folder(f"{place}/runs/{run.path.name}") == run.path
    assert is_in_store(place)
    assert not is_in_store(tmp_path)


@pytest.mark.parametrize(
    "place",
    [
        "https://example.org/plans",
        "s3://",
        "s3://b/p?region=x",
        *(text for text, _ in PLANTED if "://" in text),
    ],
)
def test_what_is_no_place_is_refused(place: str) -> None:
    """Exit 2, without the secret that may stand in it."""
    with pytest.raises(UsageError, match="place for runs") as refused:
        folder_of(place)
    assert not any(secret in str(refused.value) for text, secret in PLANTED if text == place)


@pytest.mark.parametrize("name", ["s3://shop/plans", f"s3://{DAY}-0123456789", "runs/x"])
def test_an_address_that_names_no_run_is_refused(name: str) -> None:
    """With how one is written."""
    with pytest.raises(UsageError, match=r"names no run|no place for runs"):
        run_folder(name)


def test_a_place_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    """Exit 8."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="cannot write"):
        folder_of(tmp_path / "file" / "plans")
