"""Too small a limit on memory is said before a library breaks on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import weakref

import pytest
from typer.testing import CliRunner

from foreship.cli import memory
from foreship.cli.commands import app
from foreship.cli.terminal.voice import Voice

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


def test_memory_that_ran_out_is_freed_before_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the failed command held is let go: exit 5 and a sentence, in JSON too."""
    held: list[weakref.ref[Table]] = []

    def hungry(*_: object, **__: object) -> None:
        table = Table()
        held.append(weakref.ref(table))
        raise MemoryError("Unable to allocate 9 GiB")

    def said(voice: Voice, *words: object) -> None:
        assert held[0]() is None
        failure(voice, *words)

    failure = Voice.failure
    monkeypatch.setattr(Voice, "failure", said)
    monkeypatch.setattr("foreship.workspace.schema.schema_text", hungry)
    result = CliRunner().invoke(app, ["schema", "--json"])
    assert (result.exit_code, len(held)) == (5, 1), result.output
    assert json.loads(result.stdout)["error"]["exit_code"] == 5


class Table:
    """Stands for what a command holds."""
