"""What a test does where a server it needs cannot be started."""

from __future__ import annotations

import os

import pytest

__all__ = ["missing"]


def missing(what: str) -> None:
    """Skip the test; where all servers must be there, as in the checks of a change, fail it."""
    words = f"{what} is not installed"
    if os.environ.get("FORESHIP_SERVERS") == "all":
        pytest.fail(words)
    pytest.skip(words)
