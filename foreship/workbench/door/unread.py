"""What of a request nobody has read: a browser that is still sending it hears no answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

__all__ = ["Unread"]

MOST, LONGEST = 1_000_000_000, 30.0
"""bytes and seconds for which the rest of a refused request is still read"""
BODY, WAITS = (b"content-length", b"transfer-encoding"), b"expect"
"""headers of a request that has a body, and of one that sends it only when asked to"""


class Unread:
    """The body of a request as it comes, and what is left of it.

    Parameters
    ----------
    headers
        Of the request, names in small letters.
    receive
        Where its messages come from, as ASGI has it.
    """

    def __init__(
        self, headers: Iterable[tuple[bytes, bytes]], receive: Callable[[], Awaitable[Any]]
    ) -> None:
        names = {name for name, _ in headers}
        self._receive = receive
        self._is_left = not names.isdisjoint(BODY)
        self._is_held_back = WAITS in names

    async def receive(self) -> Any:
        """Return the next message, and note whether it was the last of the body."""
        message = await self._receive()
        self._is_held_back = False
        self._is_left = self._is_left and bool(message.get("more_body", False))
        return message

    async def thrown_away(self) -> bool:
        """Read what is left and forget it; tell whether nothing is left then.

        What does not end, or is held back until it is asked for, is left: the connection has to.
        """
        if self._is_held_back:
            return not self._is_left
        read = 0
        try:
            async with asyncio.timeout(LONGEST):
                while self._is_left and read < MOST:
                    read += len((await self.receive()).get("body", b""))
        except TimeoutError:
            pass
        return not self._is_left
