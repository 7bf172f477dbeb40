"""Object stores: one object, or all objects below a prefix as files of a folder.

Objects are read whole, and refused where they change meanwhile; partitions that are not asked for
are not read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import PurePath, PurePosixPath
from typing import Any

from foreship import files
from foreship.addresses.address import Address
from foreship.errors import InputError
from foreship.forms import Form
from foreship.ingest.files.sources import Source, read_one, read_parts
from foreship.ingest.raw import Sought, refuse
from foreship.params import StoreParams
from foreship.places.filesystems import filesystem_of, store_errors
from foreship_foundation.telling.near_names import nearest

__all__ = ["read_object"]


def read_object(
    address: Address, settings: StoreParams, table: str, sought: Sought, form: Form
) -> Source:
    """Read the object or the folder at an address, as files of the workspace are read.

    Raises
    ------
    InputError
        With every fault of the form of the files, or if there is nothing.
    StorageError
        If the store does not answer, or refuses.
    """
    from pyarrow.fs import FileType

    place = address.place
    with store_errors(place):
        system, path = filesystem_of(place, settings)
        found = system.get_file_info(path)
    if found.type == FileType.File:
        data = _read(system, place, path, table)
        return read_one(PurePosixPath(path).name, data, table, sought, form, address.where)
    if found.type == FileType.NotFound:
        raise _nothing(system, place, path, table)
    lying = _lying(system, place, path, table)
    return read_parts(lying, place, table, sought, form, address.where)


def _lying(system: Any, place: str, path: str, table: str) -> dict[PurePath, Callable[[], bytes]]:
    """Return what lies below a prefix, in the order of names, each with what reads it."""
    from pyarrow.fs import FileSelector, FileType

    with store_errors(place):
        below = system.get_file_info(FileSelector(path, recursive=True))
    names = sorted(each.path for each in below if each.type == FileType.File)
    return {
        PurePosixPath(each).relative_to(path): partial(_read, system, place, each, table)
        for each in names
    }


def _read(system: Any, place: str, path: str, table: str) -> bytes:
    """Read an object once; refuse it if it changed in the meantime."""
    with store_errors(place):
        before = system.get_file_info(path)
        if (before.size or 0) > files.LARGEST_FILE:
            problem = f"{path} holds {before.size:,} bytes, limit {files.LARGEST_FILE:,}"
            raise refuse(table, problem, "cut old rows, or write Parquet")
        with system.open_input_stream(path, compression=None) as stream:
            data = bytes(stream.read())
        after = system.get_file_info(path)
    if (before.size, before.mtime_ns) != (after.size, after.mtime_ns) or len(data) != after.size:
        problem = f"{path} changed while it was read"
        raise refuse(table, problem, "run again when it is written")
    return data


def _nothing(system: Any, place: str, path: str, table: str) -> InputError:
    from pyarrow.fs import FileSelector

    above = PurePosixPath(path).parent
    with store_errors(place):
        beside = system.get_file_info(FileSelector(str(above), allow_not_found=True))
    names = [PurePosixPath(each.path).name for each in beside]
    hint = nearest(PurePosixPath(path).name, names) if names else "nothing lies beside it"
    return refuse(table, f"no object at {place}", hint)
