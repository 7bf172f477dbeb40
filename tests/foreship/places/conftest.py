"""A store for all tests of places, and a machine's own folder for its mirrors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.store import Store, store_server


@pytest.fixture(scope="module")
def running() -> Iterator[Store]:
    """Start a store."""
    with store_server() as started:
        yield started


@pytest.fixture
def store(running: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store, every door open; mirrors lie in a folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield running
    running.writes_left, running.on_write = None, None
    running.answers_lost.clear()
