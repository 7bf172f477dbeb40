"""The tables of an open workspace: its own frames, and none put in the place of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NoReturn

import pandas as pd

from foreship_foundation.tables.frames import own_copy

__all__ = ["HeldTables"]


class HeldTables(Mapping[str, pd.DataFrame]):
    """Frames by table name; what is done to the frames handed in does not reach them.

    pandas cannot keep a frame from being written into: that is why a workspace is known by what
    its tables hold when it is run, not by what was read.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = {name: own_copy(frame) for name, frame in frames.items()}

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __setitem__(self, name: str, frame: object) -> NoReturn:
        words = f"workspace.with_tables({name}=frame) returns another one"
        raise TypeError(f"a workspace does not change; {words}")

    def __delitem__(self, name: str) -> NoReturn:
        raise TypeError("a workspace does not change; give an empty frame to with_tables")
