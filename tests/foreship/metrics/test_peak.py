"""The most memory of a process is its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

MIB = 2**20
OWN = "from foreship.metrics.peak import peak_bytes; print(peak_bytes())"
METERED = (
    "from foreship.metrics.meter import measuring\n"
    "with measuring() as found: print(found.clock()['peak_bytes'])"
)


@pytest.mark.skipif(sys.platform != "linux", reason="memory of processes as Linux tells it")
@pytest.mark.parametrize("words", [OWN, METERED], ids=["own", "metered"])
def test_memory_is_that_of_the_process_and_not_of_its_parent(words: str) -> None:
    """One that holds much when it starts another says nothing of what the other holds."""
    much = b"1" * (500 * MIB)
    told = subprocess.run([sys.executable, "-c", words], capture_output=True, check=True)
    assert MIB < int(told.stdout) < len(much)
