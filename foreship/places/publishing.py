"""A run folder on its way into a store: its files first, its manifest last.

Every object is written where nothing lies yet. Two machines that make the same run so end with the
same files: of files that only differ in times the first one written stands; of an answer there is
one, or somebody is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from foreship.errors import DoorMissing, StorageError, Tampered, UsageError
from foreship.places.mirror import MANIFEST, Mirror

__all__ = ["publish_files", "publish_manifest", "refuse_unsafe"]

ANSWERS = (".parquet", ".csv")
"""what two runs of one id have alike to the byte"""
MOMENT = "at"
"""when a paper was signed"""
MADE_AGAIN = ("runs", "whatif")
"""folders whose content follows from their name; the others are signed by somebody"""


def refuse_unsafe(mirror: Mirror, name: str) -> None:
    """Refuse what may not be written to the store, before any work is done.

    Raises
    ------
    DoorMissing
        For a release or an approval without `obstore`: it is written once, and only the store
        itself can promise that.
    UsageError
        If it is there already.
    """
    if not _made_again(name):
        if not mirror.objects.creates_once:
            words = f"{name} is written once, and {mirror.objects.place} needs a library to"
            raise DoorMissing(f"{words} promise that: pip install 'foreship[cloud]'")
        if mirror.objects.read(f"{name}/{MANIFEST}") is not None:
            words = f"{mirror.objects.place}/{name} is there already"
            raise UsageError(f"{words}; nothing of ours is written twice")


def publish_files(mirror: Mirror, name: str, draft: Path, files: list[str]) -> None:
    """Write the files of a draft to the store; where only times differ, take what lies there.

    Raises
    ------
    Tampered
        If another answer lies under the same name.
    StorageError
        If the store does not answer, or refuses.
    """
    for each in files:
        data = (draft / each).read_bytes()
        there = mirror.objects.create(f"{name}/{each}", data)
        if there == data:
            continue
        what = f"{mirror.objects.place}/{name}/{each}"
        if not _made_again(name):
            if not _differ_by_moment(there, data):
                words = f"{what} was left by a write that broke off"
                raise StorageError(f"{words}; take {name} away there")
        elif each.endswith(ANSWERS):
            raise Tampered(f"{what} is another answer than this machine found; take it away there")
        (draft / each).write_bytes(there)


def publish_manifest(mirror: Mirror, name: str, text: str) -> str:
    """Write the manifest, which makes the folder whole; return the one that stands.

    Raises
    ------
    UsageError
        If somebody else signed a folder of this name meanwhile.
    Tampered
        If the manifest that stands names other files.
    StorageError
        If the store does not answer, or refuses.
    """
    there = mirror.objects.create(f"{name}/{MANIFEST}", text.encode()).decode("utf-8", "replace")
    if there == text:
        return text
    what = f"{mirror.objects.place}/{name}"
    if not _made_again(name):
        raise UsageError(f"{what} is there already; nothing of ours is written twice")
    if _files(there) != _files(text):
        raise Tampered(f"{what} holds other files than this machine wrote; take it away there")
    return there


def _made_again(name: str) -> bool:
    return name.partition("/")[0] in MADE_AGAIN


def _differ_by_moment(one: bytes, other: bytes) -> bool:
    """Whether two papers say the same, by the same name, at two moments: the first one stands."""
    try:
        told = [json.loads(each) for each in (one, other)]
    except ValueError:
        return False
    if not all(isinstance(each, dict) and MOMENT in each for each in told):
        return False
    return {**told[0], MOMENT: ""} == {**told[1], MOMENT: ""}


def _files(text: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found.get("files") if isinstance(found, dict) else None
