"""A job for which one process has no memory is done by workers that have as little each."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.cluster.bounded import ALONE, ANYTHING, WEEKS, all_ways
from benchmarks.cluster.confined import confined
from benchmarks.cluster.shop import make_shop
from foreship.cluster.bounds import GIB
from tests.servers.needed import missing


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded by control groups of Linux")
def test_workers_do_what_one_process_of_their_memory_cannot(tmp_path: Path) -> None:
    """A gibibyte each: one process is ended by the system and writes nothing, none of them is.

    The plan is that of a process with any memory, file by file.
    """
    if find_spec("distributed") is None:
        missing("distributed")
    try:
        with confined("asked", GIB):
            pass
    except SystemExit as error:
        pytest.skip(str(error))
    shop = tmp_path / "workspace"
    shop.mkdir()
    make_shop(shop, 4_000, WEEKS, 10.0, paths=5_000)
    rows = all_ways(shop, GIB, 2)
    alone, shared = rows[ALONE], rows["driver and 2 workers"]
    assert not rows[ANYTHING]["exit"]
    assert alone["ended_by_the_system"] and not alone["wrote_a_run"]
    assert shared["exit"] == 0 and shared["same_files"]
    assert shared["workers_ended"] == shared["ended_by_the_system"] == 0
