"""One mutant and its tests, in a process of its own: forked, bounded in CPU time, never on disk.

The parent imports what is heavy and never mutated; a child of it puts the mutated source where the
module is looked up, and runs the tests in itself. The source on disk is not touched.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.mutation.modules import REPOSITORY, Module

__all__ = ["HEAVY", "Result", "Trial", "begin", "collect"]

HEAVY = (
    "numpy", "pandas", "pyarrow", "scipy.optimize", "scipy.special", "scipy.stats", "scipy.sparse",
    "numba", "pulp", "highspy", "lightgbm", "hypothesis", "_pytest.assertion.rewrite",
)  # fmt: skip
"""imported once, by the parent"""
OPTIONS = (
    "-x", "-q", "--tb=no", "--no-header", "--no-summary", "-p", "no:cacheprovider",
    "-p", "no:xdist", "-p", "no:nbmake", "-p", "no:faulthandler",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",  # the parent imported plugins before
)  # fmt: skip
MOST_MEMORY = 6 * 2**30
"""bytes of address space: a fault that asks for more is found"""
PASSED, FAILED = 0, 1
NO_TESTS = 5


@dataclass(frozen=True)
class Result:
    """How the tests of a mutant ended."""

    code: int
    """exit code of the tests, negative where a signal ended them: too much CPU time, a crash"""
    cpu_seconds: float

    @property
    def survived(self) -> bool:
        """True where every test passed."""
        if self.code == NO_TESTS:
            raise LookupError("no tests were found")
        return self.code == PASSED


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Finds one module by name and loads the source it was given."""

    def __init__(self, module: Module, source: str) -> None:
        self._module, self._source = module, source

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return a spec for the mutated module alone."""
        if name != self._module.name:
            return None
        return importlib.util.spec_from_file_location(name, self._module.path, loader=self)

    def get_filename(self, fullname: str) -> str:
        """Return where the module lies."""
        return str(self._module.path)

    def get_data(self, path: str | bytes) -> bytes:
        """Return the mutated source."""
        return self._source.encode()


@dataclass(frozen=True)
class Trial:
    """A running child."""

    process: int
    label: object


def begin(module: Module, source: str, label: object, most_cpu: int) -> Trial:
    """Start the module's tests against a source of it, with at most so many CPU seconds."""
    process = os.fork()
    if process:
        return Trial(process, label)
    code = FAILED
    try:
        code = _in_child(module, source, most_cpu)
    finally:
        os._exit(code)


def _in_child(module: Module, source: str, most_cpu: int) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (most_cpu, most_cpu + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.chdir(REPOSITORY)
    os.environ["CI"] = "true"  # Hypothesis draws the same examples every time and keeps none
    sys.meta_path.insert(0, _Mutated(module, source))
    return int(pytest.main([*OPTIONS, *_tests(module)]))


def _tests(module: Module) -> list[str]:
    paths = [str(Path("tests") / each) for each in module.tests]
    slow = (f"--deselect={path}::{name}" for path in paths for name in module.slow)
    return [*paths, *slow]


def collect(running: list[Trial], tell: Callable[[object, Result], None]) -> None:
    """Wait for one of the children to end and tell its result."""
    process, status, usage = os.wait4(-1, 0)
    ended = next(each for each in running if each.process == process)
    running.remove(ended)
    spent = usage.ru_utime + usage.ru_stime
    tell(ended.label, Result(os.waitstatus_to_exitcode(status), spent))
