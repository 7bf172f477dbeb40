"""A workbench of one's own: the command in a process, on a free port."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["AT_WORK", "Served", "served"]

AT_WORK = 128 + signal.SIGTERM
"""how it ends where something, such as the price of a decision, was still being solved"""


class Served(NamedTuple):
    """A workbench that is up."""

    link: str
    """the start link"""
    base: str
    """as `http://127.0.0.1:40123`"""
    folder: Path
    end: Callable[[], None] = lambda: None
    """ends it before its block does"""


@contextlib.contextmanager
def served(
    folder: Path, *words: str, ends: Sequence[int] = (0,), port: int = 0
) -> Iterator[Served]:
    """Serve a workspace until the end of the block; it must end by itself, with one of `ends`."""
    with _free_port() as free:
        pass
    command = [sys.executable, "-m", "foreship", "serve", folder, "--no-open", "--json", "--port"]
    run = subprocess.Popen([*command, str(port or free), *words], stdout=subprocess.PIPE, text=True)
    try:
        assert run.stdout is not None
        link = json.loads(run.stdout.readline())["url"]
        yield Served(link, link.split("/start")[0], folder, lambda: _end(run))
    finally:
        _end(run)
    assert run.returncode in ends


def _end(run: subprocess.Popen[str]) -> None:
    run.terminate()
    run.wait()
    assert run.stdout is not None
    run.stdout.close()


@contextlib.contextmanager
def _free_port() -> Iterator[int]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found.getsockname()[1]
