"""What was freed is given back to the system."""

from __future__ import annotations

import ctypes
import re
import sys
from pathlib import Path

import pytest

from foreship_foundation import freed
from foreship_foundation.freed import give_back


def held() -> int:
    """Return the KiB that this process holds."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found.group(1))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a process holds")
def test_what_lies_freed_below_what_is_used_goes_back() -> None:
    """64 MiB in pieces too small for the system itself, the last of which is kept."""
    pieces = [b"x" * 2**14 for _ in range(2**12)]
    last = pieces[-1]
    before = held()
    del pieces
    give_back()
    assert before - held() > 2**15 and last


def test_a_system_without_it_keeps_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another C library, or none that can be asked."""
    monkeypatch.setattr(freed, "_trim", freed._trim.__wrapped__)
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    give_back()

    def missing(name: object) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    give_back()
