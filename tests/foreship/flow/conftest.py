"""Fixtures of the tests that follow whole commands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.foreship.flow.killed_commands import Commands


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    """Start the process that runs commands in forks of itself once."""
    server = Commands()
    yield server
    server.close()
