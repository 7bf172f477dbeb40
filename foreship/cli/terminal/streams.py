"""Standard streams that cannot break a command: closed ones are opened on nothing.

A scheduler may start a command with a stream closed, a reader may leave a pipe, a log's disk may
be full. Words may be lost then; the work and its exit code are not.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any

__all__ = ["steady_streams"]


class _Steady(io.FileIO):
    """A stream of bytes that goes on when its reader has left, and fails at most once."""

    def __init__(self, descriptor: int, *, may_be_lost: bool) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._is_lost = may_be_lost

    def write(self, data: Any) -> int:
        """Write, or lose what nobody reads; a full disk is said once where data are lost."""
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            self._is_lost = True
        except OSError:
            if not self._is_lost:
                self._is_lost = True  # what is still buffered shall not fail again at the exit
                raise
        return len(data)


def steady_streams() -> None:
    """Open closed streams on nothing, and let stdout and stderr survive whoever reads them.

    The descriptors 0 to 2 are filled first: the next file to be opened would take their place, and
    libraries that print would write into it.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    sys.stdout = _steady(sys.stdout, 1, may_be_lost=False)
    sys.stderr = _steady(sys.stderr, 2, may_be_lost=True)


def _steady(stream: Any, descriptor: int, *, may_be_lost: bool) -> io.TextIOWrapper:
    raw = _Steady(descriptor, may_be_lost=may_be_lost)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=getattr(stream, "encoding", None) or "utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )
