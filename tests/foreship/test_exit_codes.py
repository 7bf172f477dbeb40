"""Every way to end has the exit code of the contract."""

from __future__ import annotations

import pytest

from foreship.errors import (
    DoorMissing,
    ForeshipError,
    InputError,
    Stopped,
    StorageError,
    StoreUnreachable,
    Tampered,
    TooLarge,
    UsageError,
    WorkspaceLocked,
)
from foreship.exit_codes import EXIT_CODES, exit_code_of, is_expected
from foreship_forecast.errors import BeyondAsOf, ForecastError, ModelRefused, NotEnoughHistory
from foreship_optimize.errors import (
    AuditFailed,
    LimitsConflict,
    NoUsablePlan,
    OptimizeError,
    SolverRefused,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no such policy"), 2),
        (InputError("orders"), 3),
        (DoorMissing("pip install 'foreship[databases]'"), 2),
        (StoreUnreachable("no answer"), 8),
        (TooLarge("2 GiB"), 5),
        (NotEnoughHistory("2 weeks"), 3),
        (LimitsConflict(["at least 40"]), 4),
        (NoUsablePlan("time"), 5),
        (SolverRefused("1.14.0"), 5),
        (MemoryError(), 5),
        (WorkspaceLocked("held"), 7),
        (StorageError("full"), 8),
        (OSError(28, "No space left on device"), 8),
        (PermissionError(13, "Permission denied"), 8),
        (Tampered("run"), 9),
        (ModelRefused("model"), 9),
        (KeyboardInterrupt(), 130),
        (Stopped("SIGTERM"), 143),
        (OSError(12, "Cannot allocate memory"), 5),
        (BlockingIOError(11, "Resource temporarily unavailable"), 5),
        (ImportError("x.so: failed to map segment from shared object"), 5),
        (RuntimeError("can't start new thread"), 5),
        (RuntimeError("std::bad_alloc"), 5),
        (OSError("libgomp.so.1: cannot open shared object file"), 2),
        (ModuleNotFoundError("No module named 'highspy'", name="highspy"), 2),
        (ModuleNotFoundError("No module named 'ours'", name="ours"), 1),
        (RuntimeError("a bug"), 1),
        (AuditFailed(["stock"]), 1),
        (BeyondAsOf("2026"), 1),
        (ZeroDivisionError(), 1),
    ],
)
def test_each_error_has_its_code(error: BaseException, code: int) -> None:
    """An error ends the command with the code the contract gives it."""
    assert exit_code_of(error) == code
    assert code in EXIT_CODES


def test_only_a_bug_asks_for_its_traceback() -> None:
    """Errors that explain themselves show no traceback; an unexpected one does."""
    assert is_expected(UsageError("x"))
    assert is_expected(OSError(28, "full"))
    assert is_expected(BeyondAsOf("2026"))
    assert not is_expected(ZeroDivisionError())
    assert not is_expected(AuditFailed(["stock"]))


def test_every_error_of_the_rooms_has_the_one_root() -> None:
    """A caller catches all that is raised on purpose by one name; the system's request is none."""
    assert issubclass(ForecastError, ForeshipError) and issubclass(OptimizeError, ForeshipError)
    assert not issubclass(Stopped, Exception)
