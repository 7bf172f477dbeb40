"""Every way to end has the exit code of the contract."""

from __future__ import annotations

import pytest

from foreship.errors import (
    InputError,
    Stopped,
    StorageError,
    Tampered,
    UsageError,
    WorkspaceLocked,
)
from foreship.exit_codes import EXIT_CODES, exit_code_of, is_expected
from foreship_forecast.errors import BeyondAsOf, ModelRefused, NotEnoughHistory
from foreship_optimize.errors import AuditFailed, LimitsConflict, NoUsablePlan, SolverRefused


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no such policy"), 2),
        (InputError("orders"), 3),
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
        (Stopped("SIGTERM"), 130),
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
    assert not is_expected(ZeroDivisionError())
