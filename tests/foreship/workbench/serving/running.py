"""A server in a thread, and a proxy before it that knows its users."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn

from foreship.workbench.serving.connection import Connection

__all__ = ["proxied", "running"]


@contextmanager
def running(app: Any, **settings: Any) -> Iterator[int]:
    """Serve an app with connections of ours until the end of the block; lend its port."""
    chosen = {"lifespan": "off", "log_level": 50, "timeout_keep_alive": 600, **settings}
    server = uvicorn.Server(uvicorn.Config(app, http=Connection, **chosen))
    with socket.create_server(("127.0.0.1", 0)) as where:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [where]})
        thread.start()
        try:
            yield where.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def proxied(port: int, sends: Mapping[str, str], cuts: str = "", at: int = 0) -> Iterator[int]:
    """Forward to a port, with headers set by the proxy and taken out of what clients send.

    It cuts a prefix off the paths that it passes on, and answers 404 to all others; `at` is its own
    port, any free one without it.
    """
    loop = asyncio.new_event_loop()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, version = head[0].split(" ")
        if not path.startswith(cuts):
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            writer.close()
            return
        head[0] = f"{method} {path[len(cuts) :] or '/'} {version}"
        own = {"connection", *(name.lower() for name in sends)}
        kept = [each for each in head[1:-2] if each.split(":")[0].lower() not in own]
        added = [f"{name}: {value}" for name, value in sends.items()]
        size = next(
            (int(each.split(":")[1]) for each in kept if "content-length" in each.lower()), 0
        )
        there, out = await asyncio.open_connection("127.0.0.1", port)
        lines = [head[0], *kept, *added, "Connection: close", "", ""]
        out.write("\r\n".join(lines).encode("latin-1") + await reader.readexactly(size))
        writer.write(await there.read())
        await writer.drain()
        out.close()
        writer.close()

    # the loop runs in its thread alone: the caller's may have one of its own, as Playwright's has
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        begun = asyncio.start_server(forward, "127.0.0.1", at)
        where = asyncio.run_coroutine_threadsafe(begun, loop).result()
        yield where.sockets[0].getsockname()[1]
        loop.call_soon_threadsafe(where.close)
        asyncio.run_coroutine_threadsafe(loop.shutdown_asyncgens(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
