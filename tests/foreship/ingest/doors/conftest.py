"""A server for all tests of the doors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.foreship.ingest.doors.shop_tables import arrow_tables
from tests.servers.postgres import Postgres, postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """Start a PostgreSQL server that holds the shop's tables."""
    with postgres_server() as started:
        for name, table in arrow_tables().items():
            started.fill(name, table)
        yield started


@pytest.fixture
def postgres(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> Postgres:
    """The server, its password where libpq looks for it."""
    monkeypatch.setenv("PGPASSWORD", server.password)
    return server
