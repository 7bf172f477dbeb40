"""The tables of an open workspace: its own frames, and none put in the place of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NoReturn

import pandas as pd

from foreship.workspace.packed_frame import PackedFrame
from foreship_foundation.tables.frames import own_copy

__all__ = ["HeldTables", "at_rest"]


def at_rest(tables: Mapping[str, pd.DataFrame]) -> AbstractContextManager[None]:
    """Keep large tables of a workspace packed while this lasts; others are left as they are."""
    return tables.at_rest() if isinstance(tables, HeldTables) else nullcontext()


class HeldTables(Mapping[str, pd.DataFrame]):
    """Frames by table name; what is done to the frames handed in does not reach them.

    pandas cannot keep a frame from being written into: that is why a workspace is known by what
    its tables hold when it is run, not by what was read.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames: dict[str, pd.DataFrame | PackedFrame] = {
            name: own_copy(frame) for name, frame in frames.items()
        }
        self._resting = 0

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Keep large frames packed while this lasts: each is opened for whoever asks for it.

        Beside a plan of a million cells, the orders that its forecast was learned from take a
        gibibyte, and nobody reads them.
        """
        self._resting += 1
        for name, frame in list(self._frames.items()):
            if isinstance(frame, pd.DataFrame) and PackedFrame.admits(frame):
                self._frames[name] = PackedFrame(frame)
            del frame
        try:
            yield
        finally:
            self._resting -= 1
            for name, kept in list(self._frames.items()):
                # who holds it may write into it, and is to find it here
                held = kept.held() if isinstance(kept, PackedFrame) else None
                if held is not None and not self._resting:
                    self._frames[name] = held

    def __getitem__(self, name: str) -> pd.DataFrame:
        kept = self._frames[name]
        if not isinstance(kept, PackedFrame):
            return kept
        frame = kept.opened()
        if not self._resting:
            self._frames[name] = frame
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out that frames are packed: where it is sent to, they are not."""
        return {"_frames": dict(self), "_resting": 0}

    def __setitem__(self, name: str, frame: object) -> NoReturn:
        words = f"workspace.with_tables({name}=frame) returns another one"
        raise TypeError(f"a workspace does not change; {words}")

    def __delitem__(self, name: str) -> NoReturn:
        raise TypeError("a workspace does not change; give an empty frame to with_tables")
