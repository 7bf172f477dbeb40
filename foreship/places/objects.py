"""Objects of a store below one prefix: listed, read whole, written once.

Writing once, "only where nothing lies yet", is what makes a run whole or absent for two machines.
Arrow has no such request; it is made by `obstore` where that is installed. Without it one looks
first and reads back after, which two writers at the same moment can pass.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from foreship.addresses.address import store_parts
from foreship.errors import StorageError
from foreship.params import StoreParams
from foreship.places.filesystems import amazon_endpoint, filesystem_of, store_errors

__all__ = ["Objects"]


@dataclass(frozen=True)
class Objects:
    """What lies below an address such as `s3://bucket/plans`."""

    place: str
    settings: StoreParams = field(default_factory=StoreParams)

    @functools.cached_property
    def _system(self) -> tuple[Any, str]:
        return filesystem_of(self.place, self.settings)

    def names(self, folder: str = "") -> list[str]:
        """Return the names of all objects in a folder and below it, sorted, as from the place.

        Raises
        ------
        StorageError
            If the store does not answer, or refuses.
        """
        from pyarrow.fs import FileSelector, FileType

        with store_errors(self.place):
            system, root = self._system
            below = f"{root}/{folder}".rstrip("/")
            asked = FileSelector(below, recursive=True, allow_not_found=True)
            found = system.get_file_info(asked)
        files = [each.path for each in found if each.type == FileType.File]
        return sorted(str(PurePosixPath(each).relative_to(root)) for each in files)

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes, None where there is none.

        Raises
        ------
        StorageError
            If the store does not answer, or refuses.
        """
        from pyarrow.fs import FileType

        with store_errors(self.place):
            system, root = self._system
            if system.get_file_info(f"{root}/{name}").type != FileType.File:
                return None
            with system.open_input_stream(f"{root}/{name}", compression=None) as stream:
                return bytes(stream.read())

    def create(self, name: str, data: bytes) -> bytes:
        """Write an object where there is none; return what lies there afterwards.

        That is `data`, or what another wrote before. Where the answer to a write was lost the
        object is read back, so that nothing is taken for failed that was done.

        Raises
        ------
        StorageError
            If the store does not answer, or refuses; it is then unknown whether it was written.
        """
        if self.creates_once:
            return self._created(name, data)
        there = self.read(name)
        if there is not None:
            return there
        self._put(name, data)
        there = self.read(name)
        if there is None:
            raise StorageError(f"{self.place}/{name} was written, and is not there")
        return there

    @property
    def creates_once(self) -> bool:
        """Whether the store itself refuses to write over what is there."""
        try:
            import obstore  # noqa: F401
        except ImportError:
            return False
        return True

    def _put(self, name: str, data: bytes) -> None:
        with store_errors(self.place, "write to"):
            system, root = self._system
            with system.open_output_stream(f"{root}/{name}", compression=None) as stream:
                stream.write(data)

    def _created(self, name: str, data: bytes) -> bytes:
        import obstore
        from obstore.exceptions import AlreadyExistsError, BaseError

        store, root = self._once
        try:
            obstore.put(store, f"{root}{name}", data, mode="create", use_multipart=False)
        except BaseError as error:
            # written by another, or by us and the answer was lost: what lies there tells
            there = self.read(name)
            if there is not None and (isinstance(error, AlreadyExistsError) or there == data):
                return there
            with store_errors(self.place, "write to"):
                raise OSError(_in_short(error)) from None
        return data

    @functools.cached_property
    def _once(self) -> tuple[Any, str]:
        """Return the store as `obstore` speaks with it, and what names begin with in it."""
        from obstore.exceptions import BaseError
        from obstore.store import from_url

        scheme, host, inside = store_parts(self.place)
        where: dict[str, Any] = {}
        if scheme == "s3":
            bucket = f"s3://{host}"
            endpoint = amazon_endpoint()
            where = {"endpoint": endpoint} if endpoint else {}
        elif scheme == "az":
            container, _, inside = inside.partition("/")
            bucket = f"abfss://{container}@{host}.dfs.core.windows.net"
        else:
            bucket = f"{scheme.replace('gcs', 'gs')}://{host}"
        patience = timedelta(seconds=self.settings.seconds)
        try:
            store = from_url(
                bucket,
                client_options={"allow_http": True, "timeout": patience},
                retry_config={
                    "max_retries": self.settings.attempts - 1,
                    "retry_timeout": patience,
                },
                **where,
            )
        except BaseError as error:
            raise StorageError(f"cannot reach {self.place}: {_in_short(error)}") from None
        return store, f"{inside}/" if inside else ""


def _in_short(error: Exception) -> str:
    words = " ".join(str(error).split("Debug source")[0].split())
    return f"NETWORK_CONNECTION {words}" if "sending request" in words else words
