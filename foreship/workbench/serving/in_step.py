"""Runs in a store, kept in step while the server runs: other machines plan and sign there, too."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from foreship.errors import ForeshipError
from foreship.places.place import folder_of, is_in_store

__all__ = ["in_step"]

EVERY = 60.0
"""seconds between two looks at the store"""


@contextlib.contextmanager
def in_step(
    out: str | None, tell: Callable[[str], None], every: float = EVERY
) -> Iterator[threading.Event]:
    """Bring what others have written into a store, again and again until the end of the block.

    Nothing is done for a folder, which is seen as it is.

    Parameters
    ----------
    out
        Where runs lie, None where that is the workspace.
    tell
        Hears once when the store does not answer, and once more after it has answered again.

    Yields
    ------
    Event
        Set at the end; whoever looks at the store then is the last.
    """
    ended = threading.Event()
    if out is not None and is_in_store(out):
        args = out, tell, every, ended
        threading.Thread(target=_keep, args=args, name="foreship-store", daemon=True).start()
    try:
        yield ended
    finally:
        ended.set()


def _keep(out: str, tell: Callable[[str], None], every: float, ended: threading.Event) -> None:
    is_silent = False
    while not ended.wait(every):
        try:
            folder_of(out)
        except ForeshipError as error:
            if not is_silent:
                tell(f"runs of others are not seen while this is so: {error}")
            is_silent = True
        else:
            if is_silent:
                tell(f"{out} answers again")
            is_silent = False
