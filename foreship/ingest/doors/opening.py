"""All doors of one workspace, opened as tables are asked for, shut together."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

from foreship.addresses.address import Address
from foreship.forms import Form
from foreship.ingest.doors.duck import DuckDoor
from foreship.ingest.doors.postgres import PostgresDoor
from foreship.ingest.doors.stores import read_object
from foreship.ingest.files.sources import Reader, Source, read_source
from foreship.ingest.raw import Sought
from foreship.params import StoreParams

__all__ = ["Doors"]


class Doors(contextlib.AbstractContextManager["Doors"]):
    """What reads the tables of a workspace, wherever they lie.

    Databases are asked through one connection each, and in one transaction, so that all their
    tables are of one moment.
    """

    def __init__(self, folder: Path, settings: StoreParams) -> None:
        self.folder, self.settings = folder, settings
        self._open: dict[str, PostgresDoor | DuckDoor] = {}

    def reader(self, address: Address) -> Reader:
        """Return what reads the table at an address."""
        if address.kind == "file":
            return partial(_file, self.folder / address.place, address)
        if address.kind == "store":
            return partial(read_object, address, self.settings)
        return partial(self._ask, address)

    def _ask(self, address: Address, table: str, sought: Sought, form: Form) -> Source:
        if address.place not in self._open:
            postgres = address.kind == "postgres"
            door = PostgresDoor(address.place) if postgres else DuckDoor(address.place, self.folder)
            self._open[address.place] = door
        return self._open[address.place].read(address, table, sought)

    def __exit__(self, *failed: object) -> None:
        """Shut every door."""
        for door in self._open.values():
            door.close()


def _file(path: Path, address: Address, table: str, sought: Sought, form: Form) -> Source:
    return read_source(path, table, sought, form, address.where)
