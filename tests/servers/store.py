"""An object store of one's own that speaks S3, behind a door that counts and can be shut."""

from __future__ import annotations

import contextlib
import http.client
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.servers.needed import missing

__all__ = ["BUCKET", "KEY", "SECRET", "Store", "store_server"]

BUCKET = "shop"
KEY, SECRET = "AKIAPLANTEDKEY0000", "planted/Secret0Key0of0the0store"
WRITES = ("PUT", "POST", "DELETE")


@dataclass
class Store:
    """A running store."""

    endpoint: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """method and path of every request, in the order they came"""
    writes_left: int | None = None
    """after so many more writes every connection is cut off; None: never"""
    on_write: Callable[[str], None] | None = None
    """called with the path of each write before it is done"""
    answers_lost: set[str] = field(default_factory=set)
    """endings of names whose next write is done, and its answer lost"""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def environment(self) -> dict[str, str]:
        """Return the variables by which clients find it, and may come in."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def fetched(self) -> list[str]:
        """Return the paths of objects whose content was asked for."""
        return [path for method, path in self.asked if method == "GET" and "?" not in path]

    def may_pass(self, method: str, path: str) -> bool:
        """Note a request, and say whether it may pass."""
        with self.lock:
            self.asked.append((method, path))
            if self.on_write and method in WRITES:
                self.on_write(path)
            if self.writes_left is None:
                return True
            self.writes_left -= method in WRITES
            return self.writes_left >= 0


@contextlib.contextmanager
def store_server() -> Iterator[Store]:
    """Start a store with one empty bucket; skip the test where there is none to start."""
    try:
        from moto.server import ThreadedMotoServer
    except ImportError:
        missing("moto[server]")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    behind = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    behind.start()
    host, port = behind.get_host_and_port()
    store = Store()
    door = _Door(store, (host, port))
    store.endpoint = f"http://127.0.0.1:{door.server_port}"
    threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in store.environment().items():
                patch.setenv(name, value)
            _put_bucket(host, port)
            yield store
    finally:
        door.shutdown()
        door.server_close()
        behind.stop()


def _put_bucket(host: str, port: int) -> None:
    asked = http.client.HTTPConnection(host, port)
    asked.request("PUT", f"/{BUCKET}")
    assert asked.getresponse().status == 200
    asked.close()


class _Door(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, store: Store, behind: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.store, self.behind = store, behind


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Door

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._pass_on
        raise AttributeError(name)

    def _pass_on(self) -> None:
        body = self._body()
        if not self.server.store.may_pass(self.command, self.path):
            self._cut()
            return
        answer = self._asked(body)
        losing, path = self.server.store.answers_lost, urlsplit(self.path).path
        lost = {each for each in losing if self.command == "PUT" and path.endswith(each)}
        losing -= lost
        if lost:
            self._cut()
        else:
            self._answered(*answer)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _body(self) -> bytes:
        if not self.headers.get("Transfer-Encoding"):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return found

    def _asked(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        own = ("content-length", "transfer-encoding", "connection", "expect")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in own}
        headers["Content-Length"] = str(len(body))
        onward = http.client.HTTPConnection(*self.server.behind)
        onward.request(self.command, self.path, body, headers)
        found = onward.getresponse()
        content = found.read()
        onward.close()
        return found.status, found.getheaders(), content

    def _answered(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        sized = any(name.lower() == "content-length" for name, _ in headers)
        for name, value in headers:
            if name.lower() not in ("connection", "transfer-encoding"):
                self.send_header(name, value)
        if not sized:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *words: Any) -> None:
        """Say nothing."""
