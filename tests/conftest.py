"""What holds for every test: no time limit cuts a plan, and two workers do no work twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

# threads that wait for a processor another job has must not burn the one they have; the library
# behind LightGBM's threads reads this once, when it is loaded
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import pytest
from filelock import FileLock
from hypothesis import settings
from numba.core.dispatcher import Dispatcher

from foreship_optimize import planning
from tests.clocks import endless, still

settings.register_profile("the same every time", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile("the same every time")


@pytest.fixture(scope="session", autouse=True)
def no_time_limit() -> Iterator[None]:
    """Let every plan have all the time it needs, whatever else the machine is doing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "Clock", lambda seconds: endless())
        yield


@pytest.fixture
def time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the setting `time_limit_seconds` count again, for the tests that are about it."""
    monkeypatch.setattr(planning, "Clock", still)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep a file's tests on one worker, so that what they share is made once."""
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log)


@pytest.fixture(scope="session", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let one worker compile a loop; the others wait for it and read it from the cache on disk."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    compiled = Dispatcher.compile
    lock = FileLock(tmp_path_factory.getbasetemp().parent / "compiling.lock")

    def in_turn(loop: Dispatcher, signature: Any) -> Any:
        with lock:
            return compiled(loop, signature)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Dispatcher, "compile", in_turn)
        yield
