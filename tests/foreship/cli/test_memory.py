"""Too small a limit on memory is said before a library breaks on it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from foreship.cli import memory

RUN = "ulimit -v {kilobytes}; exec {python} -m foreship schema --json"


@pytest.mark.parametrize("kilobytes", [60_000, 300_000, 600_000])
def test_too_little_memory_is_exit_5_at_once(kilobytes: int) -> None:
    """Below what libraries need to load: no traceback, no waiting, one sentence."""
    words = RUN.format(kilobytes=kilobytes, python=sys.executable)
    found = subprocess.run(
        ["bash", "-c", words], capture_output=True, text=True, check=False, timeout=60
    )
    assert found.returncode == 5, found.stderr
    assert "ulimit" in found.stderr and "Traceback" not in found.stderr
    assert '"exit_code": 5' in found.stdout


def test_libraries_are_modest_only_where_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a limit, and where somebody said otherwise, nothing is set."""
    monkeypatch.setattr(os, "environ", {"OPENBLAS_NUM_THREADS": "2"})
    monkeypatch.setattr(memory, "_limit", lambda: None)
    memory.heed_memory_limit()
    memory.refuse_small_memory()
    assert os.environ == {"OPENBLAS_NUM_THREADS": "2"}
    monkeypatch.setattr(memory, "_limit", lambda: memory.LEAST)
    memory.heed_memory_limit()
    memory.refuse_small_memory()
    assert os.environ == {"OPENBLAS_NUM_THREADS": "2", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    monkeypatch.setattr(memory, "_limit", lambda: memory.LEAST - 1)
    with pytest.raises(MemoryError, match="1 GiB is needed"):
        memory.refuse_small_memory()
