"""Freed memory is given back to the system where its library can do so."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from foreship.metrics.meter import stage
from foreship_foundation.freed import give_back

BYTES = 100_000
"""of an array that is small enough to be kept for later use once it is freed"""
MOST = 400


def held() -> int:
    """Return the memory of this process [bytes]."""
    told = Path("/proc/self/status").read_text("ascii", "ignore")
    found = re.search(r"^VmRSS:\s+(\d+) kB", told, re.MULTILINE)
    assert found is not None
    return 1024 * int(found.group(1))


@pytest.mark.skipif(sys.platform != "linux", reason="what a process holds is read from /proc")
def test_what_a_stage_has_freed_is_given_back() -> None:
    """Small arrays of 40 MB in all, the last of which stays: the others take no memory any more."""
    give_back()
    before = held()
    with stage("arrays"):
        arrays = [np.ones(BYTES // 8) for _ in range(MOST)]
        within = held()
        last = arrays[-1]
        del arrays
    assert within - before > 0.9 * BYTES * MOST
    assert held() - before < 0.2 * BYTES * MOST
    assert last.sum() == BYTES // 8
