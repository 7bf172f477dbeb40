"""The server's own folder, for its user alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from foreship.errors import StorageError

__all__ = ["standing"]


def standing(folder: Path) -> Path:
    """Return the server's own folder, made again where something has cleaned it away.

    Systems sweep old folders out of `/tmp`, and a server may run for weeks.

    Raises
    ------
    StorageError
        If something else lies in its place, which others may read, or none can be made.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        is_ours = not hasattr(os, "getuid") or found.st_uid == os.getuid()
        if not (is_ours and stat.S_ISDIR(found.st_mode)):
            words = f"{folder} was this server's own folder and is so no more; start it again"
            raise StorageError(words) from None
    except OSError as error:
        raise StorageError(f"cannot make {folder}: {error.strerror}") from error
    return folder
