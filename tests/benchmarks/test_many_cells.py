"""The benchmark of many cells says what each stage of a job took, and what was held meanwhile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.job.many_cells import Memory, _by_stage, _set_processes


def ended() -> int:
    """Return the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    return gone.pid


def test_the_peak_of_a_stage_is_the_most_read_while_it_ran() -> None:
    """Of two calls both count; a call between two readings has the one before it."""
    memory = Memory(ended())
    assert memory.most() == 0
    memory._read = [(10.0, 1), (10.5, 7), (11.0, 3), (11.5, 9), (12.0, 2)]
    assert memory.most() == 9
    assert memory.most([(10.9, 11.2)]) == 7
    assert memory.most([(11.2, 11.3)]) == 3
    assert memory.most([(10.0, 10.1), (11.6, 11.8)]) == 9
    assert memory.most([]) == 0


def test_a_stage_that_did_not_run_is_not_told() -> None:
    """Of the others, processor and wall time of all calls together."""
    clock = {"spans": {"read": [(1.0, 1.5), (3.0, 3.25)], "plan": []}, "stages": {"read": 0.5}}
    (told,) = _by_stage(clock, Memory(ended()))
    assert told == {"stage": "read", "cpu_seconds": 0.5, "wall_seconds": 0.75, "peak_gib": 0.0}


def test_a_sample_made_before_is_taken_with_another_number_of_processes(tmp_path: Path) -> None:
    """The section stands once, whatever was asked before."""
    settings = tmp_path / "foreship.toml"
    settings.write_text('[tables]\norders = "orders.parquet"\n')
    for count in (1, 2):
        _set_processes(tmp_path, count)
    text = settings.read_text()
    assert text.count("[cluster]") == 1
    assert text.endswith("\n[cluster]\nprocesses = 2\n")
