"""A connection that must ask for something in time: whoever only holds it keeps others out."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["Connection"]

LONGEST_HEAD = 30.0
"""seconds from the first byte of a request, or from the call, to the end of its head"""


class Connection(H11Protocol):
    """Ends where the head of a request does not come to its end; uvicorn would wait for ever."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to count."""
        super().connection_made(transport)
        self._look_at_head()

    def data_received(self, data: bytes) -> None:
        """Take in what came; count from the first byte of a head."""
        super().data_received(data)
        self._look_at_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count no more."""
        self._forget()
        super().connection_lost(exc)

    def _look_at_head(self) -> None:
        """Begin to count where a head has begun, and end where it has come."""
        if self.conn.their_state is not h11.IDLE:
            self._forget()
        elif self._late is None:
            self._late = self.loop.call_later(LONGEST_HEAD, self.transport.close)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
