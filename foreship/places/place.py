"""Where runs lie, as people write it: a folder of this machine, or a place in a store."""

from __future__ import annotations

from pathlib import Path

from foreship.addresses.address import STORES, store_parts
from foreship.addresses.secrets import SECRET_WORDS, holds_secret
from foreship.errors import StorageError, UsageError
from foreship.files import path_of
from foreship.params import StoreParams
from foreship.places.mirror import mirrored
from foreship_foundation.telling.words import listed

__all__ = ["folder_of", "found_folder", "is_in_store", "run_folder"]


def is_in_store(place: str | Path) -> bool:
    """Whether a text names a place in a store."""
    return "://" in str(place)


def folder_of(place: str | Path, settings: StoreParams | None = None) -> Path:
    """Return the folder in which the runs of a place are read and written; made if it is absent.

    Parameters
    ----------
    place
        A folder, or `s3://bucket/plans`, `gs://...`, `abfss://...`: then its mirror on this
        machine, in step with the store, which is written to before the mirror is.
    settings
        How patient one is with a store.

    Raises
    ------
    UsageError
        For an address of no store, or with a secret in it.
    StorageError
        If the store does not answer or refuses, or the folder cannot be made.
    """
    if not is_in_store(place):
        return _made(path_of(place, "folder"))
    mirror = mirrored(_checked(str(place)), settings)
    mirror.synchronise()
    return mirror.folder


def found_folder(place: str | Path) -> Path:
    """Return the folder in which the runs of a place are read; as `folder_of`, but none is made.

    Raises
    ------
    UsageError, StorageError
        As `folder_of`.
    """
    return folder_of(place) if is_in_store(place) else path_of(place, "folder")


def run_folder(address: str, settings: StoreParams | None = None) -> Path:
    """Return the folder of a run that is named by its address in a store, however old it is.

    Raises
    ------
    UsageError
        If the address is none of a run: `s3://bucket/plans/runs/2026-11-16-0123456789`.
    StorageError
        If there is no such run, or the store does not answer.
    """
    parts = ["", "", *_checked(address).rstrip("/").rsplit("/", 2)]
    place, kind, name = parts[-3:]
    if not kind or not name or not is_in_store(place):
        words = f"no run is named by {address}; write it as s3://bucket/plans/runs/2026-11-16-0123456789"
        raise UsageError(words)
    return mirrored(place, settings).bring(f"{kind}/{name}")


def _checked(place: str) -> str:
    if holds_secret(place):
        problem, remedy = SECRET_WORDS
        raise UsageError(f"the place for runs {problem}; {remedy}")
    parts = store_parts(place)
    if parts.scheme not in STORES or not parts.host or "?" in place:
        known = listed([f"{each}://" for each in STORES])
        raise UsageError(f"{place} is no place for runs: a folder, or {known}")
    return place


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot write {folder}: {error.strerror}") from error
    return folder
