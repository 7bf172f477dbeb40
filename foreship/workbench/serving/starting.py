"""How the server starts and ends: a port, a folder of its own, and a signal that is heeded."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import uvicorn

from foreship.config import CONFIG_NAME, load_config
from foreship.errors import UsageError
from foreship.workbench.bench import Bench
from foreship.workbench.door.door import Door
from foreship.workbench.door.origin import Origin
from foreship.workbench.door.prefix import checked_prefix
from foreship.workbench.door.session import Session
from foreship.workbench.door.who import PROXY_VARIABLE, Names
from foreship.workbench.serving.app import app_of
from foreship.workbench.serving.connection import Connection

__all__ = ["FIRST_PORT", "listener", "opened_bench", "serve"]

FIRST_PORT = 8620
"""tried before any free one, so that a bookmark has a chance"""
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""hosts that are no name of a place, and where this machine finds what listens on them"""
LARGEST_HEAD = 64 * 1024
"""bytes of a request before its body"""
IDLE_SECONDS, MOST_AT_ONCE, LEAVING_SECONDS = 30, 500, 1
ENDING = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)


def listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0: `FIRST_PORT` or any free one.

    Raises
    ------
    UsageError
        If the host is not of this machine, or the port is taken or not ours to take.
    """
    for each in (port,) if port else (FIRST_PORT, 0):
        try:
            return socket.create_server((host, each), family=_family(host))
        except OSError as error:
            reason = error.strerror or str(error)
            if each == FIRST_PORT != port:
                continue
            raise UsageError(f"cannot listen on {host} port {port}: {reason}") from error
    raise AssertionError("a port was tried")


def _family(host: str) -> socket.AddressFamily:
    try:
        return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][0]
    except OSError as error:
        raise UsageError(f"--host {host!r} is no address of this machine") from error


@contextlib.contextmanager
def opened_bench(
    folder: Path, runs_at: Path, host: str, port: int, patience: float = 0.0
) -> Iterator[Bench]:
    """Lend a workspace as it is served under a host and a port, with a folder of its own.

    `patience` is what `Bench` has by that name.

    Raises
    ------
    UsageError
        If the folder is no workspace, or what `[serve]` asks for is not there.
    """
    settings = load_config(folder / CONFIG_NAME).serve
    shown = ANYWHERE.get(host, host)
    origin = Origin(f"[{shown}]" if ":" in shown else shown, port, settings.names)
    names = Names(port, settings, os.environ.get(PROXY_VARIABLE, ""))
    with tempfile.TemporaryDirectory(
        prefix="foreship-serve-",
        ignore_cleanup_errors=True,  # a page that is still being made may write into it
    ) as scratch:  # 0700
        door = Door(origin, Session(port, checked_prefix(settings.prefix)), names)
        bench = Bench(folder, runs_at, door, Path(scratch), patience)
        with contextlib.closing(bench):
            yield bench


def serve(bench: Bench, where: socket.socket, ready: Callable[[], None]) -> int:
    """Answer requests until a signal asks to end; return its number, 0 where none did."""
    settings = uvicorn.Config(
        app_of(bench),
        lifespan="off",
        ws="none",
        http=Connection,
        loop="asyncio",
        log_level="warning",
        access_log=False,  # the start link's secret stands in an address
        proxy_headers=False,
        server_header=False,
        date_header=True,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_keep_alive=IDLE_SECONDS,
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=LEAVING_SECONDS,
    )
    server = _Server(settings)
    server.ready = ready
    server.run(sockets=[where])
    return server.ended_by


class _Server(uvicorn.Server):
    """Ends on the signals that our commands end on, and does not pass them on."""

    ready: Callable[[], None]
    ended_by = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        heeded = [each for each in ENDING if signal.getsignal(each) is not signal.SIG_IGN]
        before = {each: signal.signal(each, self.handle_exit) for each in heeded}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True
        self.ended_by = self.ended_by or sig
