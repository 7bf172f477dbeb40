"""Compiled loops: code kept where it can be, stamped by all it reads, none for a small plan."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from foreship_optimize import compiled
from foreship_optimize.compiled import kept_in, seconds_compiling
from foreship_optimize.program.clock import Clock

ROOT = Path(__file__).parents[2]
TINY = ROOT / "data" / "tiny"


def test_the_time_limit_does_not_run_while_loops_are_compiled(monkeypatch: pytest.MonkeyPatch):
    """An hour of compiling takes nothing from a minute's clock."""
    now = [100.0]
    clock = Clock(60.0, now=lambda: now[0])
    monkeypatch.setattr("foreship_optimize.compiled._spent", [seconds_compiling() + 3600.0])
    assert clock.left() == pytest.approx(3660.0)
    now[0] += 3600.0
    assert clock.left() == pytest.approx(60.0)


def test_a_stamp_changes_with_what_a_loop_calls_and_reads(monkeypatch: pytest.MonkeyPatch):
    """The stamp of kept code covers callees of any file and constants, not only its own source."""
    from foreship_optimize.whole_units import local_search_loops as settling

    before = compiled._stamp(settling.exchange.py_func)
    assert compiled._stamp(settling.exchange.py_func) == before
    with monkeypatch.context() as patch:
        patch.setattr(settling, "BREADTH", settling.BREADTH + 1)
        assert compiled._stamp(settling.exchange.py_func) != before
    with monkeypatch.context() as patch:
        patch.setattr(settling, "_risk", settling._step_down)
        assert compiled._stamp(settling.exchange.py_func) != before


COUNTED = """
import numba.core.event as event
class Count(event.Listener):
    seen = 0
    def on_start(self, event):
        Count.seen += 1
    def on_end(self, event):
        pass
event.register("numba:compile", Count())
"""


SUMS = """
from typing import NamedTuple
import numpy as np
from foreship_optimize.compiled import loop
from parts import part
class Book(NamedTuple):
    numbers: np.ndarray
@loop
def add_up(book):
    total = 0.0
    for place in range(len(book.numbers)):
        total += part(book.numbers[place])
    return total
"""
PARTS = """
from foreship_optimize.compiled import helper
@helper
def part(number):
    return number {sign} 1.0
"""
FROM_PYTHON = """
from parts import part
print(part(2.0), Count.seen)
"""
CALL = """
import numpy as np
from sums import Book, add_up
print(add_up(Book(np.arange(4.0))), Count.seen)
"""


def said(program: str, folder: Path, **environment: str) -> list[str]:
    """Run a program with modules of a folder; the words of its last line."""
    ran = subprocess.run(
        [sys.executable, "-c", COUNTED + program], capture_output=True, text=True, check=False,
        env={k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
        | {"PYTHONPATH": os.pathsep.join([str(folder), *sys.path])} | environment,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip().splitlines()[-1].split()


@pytest.fixture
def sums(tmp_path: Path) -> Path:
    """A folder with a loop, and what it calls in a file of its own."""
    (tmp_path / "sums.py").write_text(SUMS)
    (tmp_path / "parts.py").write_text(PARTS.format(sign="+"))
    return tmp_path


def test_a_helper_called_from_python_is_plain(sums: Path):
    """What is compiled of it has no way in from Python: nothing is compiled, nothing crashes."""
    assert said(FROM_PYTHON, sums) == ["3.0", "0"]


@pytest.mark.sweep
def test_code_is_kept_until_what_it_calls_in_another_file_changes(sums: Path):
    """Compiled once for two processes; a change of the other file alone is noticed."""
    first, again = said(CALL, sums), said(CALL, sums)
    assert first[0] == again[0] == "10.0"
    assert int(first[1]) > 0 and again[1] == "0"
    (sums / "parts.py").write_text(PARTS.format(sign="-"))
    changed = said(CALL, sums)
    assert changed[0] == "2.0" and int(changed[1]) > 0


@pytest.mark.sweep
def test_without_a_folder_to_write_in_loops_are_compiled_and_not_kept(sums: Path):
    """Neither beside the source nor in the user's folder nor where numba is told: it works."""
    nowhere = sums / "__pycache__"
    nowhere.write_text("a file, below which no folder can be made")
    below = str(nowhere / "below")
    homes = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR"), below)
    for _ in range(2):
        total, count = said(CALL, sums, **homes)
        assert total == "10.0" and int(count) > 0


@pytest.mark.sweep
def test_damaged_files_of_the_cache_cost_a_compilation_and_no_plan(sums: Path):
    """Cut short, index and code alike: compiled once more."""
    assert said(CALL, sums)[0] == "10.0"
    files = list((sums / "__pycache__").glob("*.nb?"))
    assert files
    for file in files:
        file.write_bytes(file.read_bytes()[:20])
    assert said(CALL, sums)[0] == "10.0"


@pytest.mark.sweep
def test_code_for_other_arguments_under_the_same_name_is_not_run(sums: Path):
    """Two processes that keep code at once may write over each other's file: compiled once more."""
    counts = CALL.replace("np.arange(4.0)", "np.arange(4)")
    assert said(CALL, sums)[0] == said(counts, sums)[0] == "10.0"
    first, second = sorted((sums / "__pycache__").glob("sums.add_up*.nbc"))
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    for program in (CALL, counts, CALL, counts):
        assert said(program, sums)[0] == "10.0"
    assert [said(program, sums)[1] for program in (CALL, counts)] == ["0", "0"]


@pytest.mark.sweep
def test_a_first_plan_of_few_items_compiles_nothing(tmp_path: Path):
    """`foreship run` of the tiny sample without ids of orders waits for no compiler."""
    program = f"""
import shutil
from pathlib import Path
import pandas as pd
from foreship import open, run
folder = Path({str(tmp_path / "tiny")!r})
shutil.copytree({str(TINY)!r}, folder, ignore=shutil.ignore_patterns("runs"))
path = folder / "orders.parquet"
pd.read_parquet(path).drop(columns="order_id").to_parquet(path)
with (folder / "foreship.toml").open("a") as config:
    config.write("\\n[forecast]\\nrounds = 5\\n")
run(open(folder))
print(Count.seen, len(list((folder / "runs").iterdir())), "done")
"""
    found = said(program, ROOT, NUMBA_CACHE_DIR=str(tmp_path / "kept"))
    assert found == ["0", "1", "done"]


def test_where_compiled_code_is_kept_is_told(monkeypatch: pytest.MonkeyPatch):
    """`doctor` names the folder, or says that there is none and what to do."""
    from numba.core.caching import CompileResultCacheImpl

    from foreship.jobs.doctor import examine

    folder = kept_in()
    assert folder is not None and folder.is_dir()
    assert examine().to_dict()["compiled"] == str(folder)
    monkeypatch.setattr(CompileResultCacheImpl, "_locator_classes", [])
    assert kept_in() is None
    assert "set NUMBA_CACHE_DIR" in str(examine())
