"""What a browser sends: fields, and at most one file, counted while it streams in."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from foreship.workbench.door.knock import Refused
from foreship_foundation.telling.words import number

__all__ = ["Sent", "read_sent"]

MOST_FIELDS = 1000
LONGEST = 300.0
"""seconds that a form may take: one that never ends would hold its place"""
LARGEST_FIELD = 1_000_000
"""bytes of one field, and of a form without a file"""


@dataclass(frozen=True)
class Sent:
    """What a form held."""

    fields: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None
    file_name: str = ""


async def read_sent(request: Request, folder: Path, most_bytes: int) -> Sent:
    """Read a form, its file into `folder` under a name of our own.

    Raises
    ------
    Refused
        413 if it is larger than `most_bytes`, whatever its header says of its length; 408 if it
        does not come to its end; 400 if it is no form, or has too many parts.
    """
    kind = request.headers.get("content-type", "")
    limit = most_bytes if kind.startswith("multipart/form-data") else LARGEST_FIELD
    scope = {name: value for name, value in request.scope.items() if name != "app"}
    counted = Request(scope, _counted(request, limit))  # within an app it raises HTTP's errors
    try:
        async with (
            asyncio.timeout(LONGEST),
            counted.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD) as form,
        ):
            fields = {key: value for key, value in form.multi_items() if isinstance(value, str)}
            files = [value for value in form.values() if isinstance(value, UploadFile)]
            kept = next((each for each in files if each.filename), None)
            if kept is None:
                return Sent(fields)
            return Sent(fields, _keep(kept, folder), _last_part(kept.filename or ""))
    except TimeoutError as error:
        raise Refused(408, f"not all was sent within {LONGEST:.0f} seconds") from error
    except ClientDisconnect as error:
        raise Refused(400, "the browser left before all was sent") from error
    except MultiPartException as error:
        raise Refused(400, f"the form cannot be read: {error.message}") from error


def _counted(request: Request, limit: int) -> Any:
    """Return the stream of a request that ends with an error where it grows beyond the limit."""
    read = 0

    async def receive() -> Any:
        nonlocal read
        message = await request.receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise Refused(
                413, f"that is larger than {number(limit / 1e6)} MB, more than may be sent"
            )
        return message

    return receive


def _keep(sent: UploadFile, folder: Path) -> Path:
    """Write a file into the server's own folder, for its user alone."""
    handle, path = tempfile.mkstemp(dir=folder, prefix="sent-")  # 0600
    kept = Path(path)
    try:
        with open(handle, "wb") as stream:  # noqa: PTH123
            shutil.copyfileobj(sent.file, stream)
    except BaseException:
        kept.unlink()
        raise
    return kept


def _last_part(name: str) -> str:
    """Return a file's name without folders, whichever system wrote it."""
    return PurePosixPath(PureWindowsPath(name).name).name
