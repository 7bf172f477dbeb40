"""A frame in the place of a table's file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from foreship.config import Config
from foreship.errors import UsageError
from foreship.frames.arriving import arrow_of
from foreship.frames.reading import frame_path, reader_of
from foreship.workspace.checking import Given
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.telling.near_names import nearest_of
from foreship_foundation.telling.words import listed

if TYPE_CHECKING:
    from foreship.frames.kinds import IntoFrame

__all__ = ["given_frame", "refuse_unknown_tables"]


def refuse_unknown_tables(names: Mapping[str, object], known: Mapping[str, object]) -> None:
    """Raise UsageError for names of tables that there are none of, and what holds no names."""
    given: Any = names
    if not isinstance(given, Mapping):
        kind = type(given).__name__
        raise UsageError(f"tables are given by name, as {{'orders': frame, ..}}, not as {kind}")
    strange = [str(name) for name in names if name not in known]
    if strange:
        near = [repr(each) for name in strange if (each := nearest_of(name, list(known)))]
        hint = f"did you mean {listed(near, last='or')}" if near else f"known: {listed(known)}"
        raise UsageError(f"no such table: {listed(strange)}; {hint}")


def given_frame(name: str, frame: IntoFrame, config: Config) -> Given:
    """Return a frame in the place of the file of a table."""
    renames = config.columns.get(name, {})
    wanted = {*INPUTS[name].names, *renames.values(), "currency"}
    return Given(frame_path(name), reader_of(arrow_of(frame, name, wanted), renames))
