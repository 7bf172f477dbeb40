"""A request that is refused is read to its end, within bounds, before it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from foreship.workbench.door import unread
from foreship.workbench.door.unread import Unread

SIZED = [(b"content-length", b"30")]


def rest(
    chunks: Iterator[bytes | None], headers: list[tuple[bytes, bytes]], first: int = 0
) -> tuple[bool, int]:
    """Return whether a body was emptied after its first messages were read, and what came in all.

    It comes in chunks, of which None stands for one that never comes.
    """
    came = 0

    async def receive() -> Any:
        nonlocal came
        body = next(chunks, b"")
        if body is None:
            await asyncio.Event().wait()
        came += len(body or b"")
        return {"type": "http.request", "body": body, "more_body": body != b""}

    async def emptied() -> bool:
        body = Unread(headers, receive)
        for _ in range(first):
            await body.receive()
        return await body.thrown_away()

    return asyncio.run(emptied()), came


@pytest.mark.parametrize("first", [0, 1, 4])
def test_the_rest_is_read_and_forgotten(first: int) -> None:
    """Whatever was read of it before; nothing beyond its end."""
    assert rest(iter([b"x" * 10] * 3), SIZED, first) == (True, 30)


def test_a_request_without_a_body_is_not_waited_for() -> None:
    """None of its messages is asked for."""
    assert rest(iter([None]), []) == (True, 0)


def test_what_does_not_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many bytes, and after so long a silence."""
    monkeypatch.setattr(unread, "MOST", 25)
    assert rest(iter([b"x" * 10] * 9), SIZED) == (False, 30)
    monkeypatch.setattr(unread, "LONGEST", 0.0)
    assert rest(iter([b"x", None]), SIZED)[0] is False


def test_what_is_held_back_is_not_asked_for() -> None:
    """Whoever sends `Expect` waits for a word; the answer is it."""
    assert rest(iter([b"x" * 30]), [*SIZED, (b"expect", b"100-continue")]) == (False, 0)


def test_whoever_leaves_sends_no_more() -> None:
    """The end of a connection is the end of its body."""

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    assert asyncio.run(Unread(SIZED, receive).thrown_away()) is True
