"""Whoever holds a connection without asking for anything is let go."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("uvicorn")

from foreship.workbench.bench import Bench
from foreship.workbench.serving import connection
from foreship.workbench.serving.app import app_of
from tests.foreship.workbench.serving.running import running

ASKED = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer every request with nothing."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve the app, with little patience, on a port of its own."""
    monkeypatch.setattr(connection, "LONGEST_HEAD", 0.05)
    with running(app) as found:
        yield found


@pytest.mark.parametrize(("before", "said"), [(0, b""), (0, b"GET / HT"), (1, b"GET / HT")])
def test_a_head_that_never_ends_ends_the_connection(port: int, before: int, said: bytes) -> None:
    """One that was not begun, too; after a request it may be begun at any time."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        for _ in range(before):
            line.sendall(ASKED)
            assert line.recv(4096).startswith(b"HTTP/1.1 204")
        line.sendall(said)
        assert line.recv(4096) == b""


def test_between_two_requests_there_is_time(port: int) -> None:
    """A connection that is kept waits for as long as it is kept."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        for _ in range(2):
            line.sendall(ASKED)
            assert line.recv(4096).startswith(b"HTTP/1.1 204")
            threading.Event().wait(0.1)


def test_whoever_sends_all_before_listening_hears_why_it_was_refused(bench: Bench) -> None:
    """The connection ends after the answer; what was sent is not met by its end."""
    with running(app_of(bench)) as port:
        line = http.client.HTTPConnection("127.0.0.1", port)
        line.request("POST", "/plan", b"x" * 8_000_000, {"Connection": "close"})
        answer = line.getresponse()
        assert (answer.status, b"is not called" in answer.read()) == (421, True)
        line.close()
