"""A table of the workspace as it is now, which a run does not keep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from foreship.ingest.doors.opening import Doors
from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS

if TYPE_CHECKING:
    from foreship.config import Config
    from foreship.ingest.tables import TableRead

__all__ = ["table_now"]


def table_now(folder: Path, config: Config, name: str) -> TableRead | None:
    """Read a table that `[tables]` names; None where it names none.

    Raises
    ------
    StorageError
        If the system refuses to read the file, or a database or store does not answer.
    """
    address = config.tables.get(name)
    if address is None:
        return None
    with Doors(folder, config.store) as doors:
        return read_table(
            INPUTS[name],
            folder / address.place,
            config.columns.get(name),
            config.forms.get(name),
            doors.reader(address),
        )
