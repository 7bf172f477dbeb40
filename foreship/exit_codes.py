"""Every way a command can end, as an exit code of the contract."""

from __future__ import annotations

import errno

from foreship.errors import ForeshipError, Stopped
from foreship.installation import is_library_missing
from foreship_optimize.errors import AuditFailed

__all__ = ["DONE", "EXIT_CODES", "KINDS", "REMEDIES", "exit_code_of", "is_expected"]

EXIT_CODES = {
    0: "done",
    1: "unexpected: our bug",
    2: "usage or config",
    3: "input tables at fault, a damaged one too",
    4: "the limits cannot all hold and --strict was given",
    5: "the solver or a limit (time, memory) stopped the run without a usable plan",
    6: "plan made but held for approval",
    7: "another run holds the workspace",
    8: "storage: disk full, permission, object store",
    9: "one of our own files (run, model) is not what its hash says",
    130: "interrupted by Ctrl-C",
    143: "stopped by the system (SIGTERM, SIGHUP)",
}

DONE = (0, 6)
"""codes of commands that did what was asked; 6 says that a person is to decide"""

KINDS = {
    1: "AuditFailed", 2: "UsageError", 3: "InputError", 4: "LimitsConflict", 5: "NoUsablePlan",
    7: "WorkspaceLocked", 8: "StorageError", 9: "Tampered", 130: "KeyboardInterrupt",
    143: "Stopped",
}  # fmt: skip
"""what ended a command, where its code alone is known"""

REMEDIES = {
    1: "report it with the lines on stderr; a retry gives the same",
    2: "correct the command or foreship.toml; a retry gives the same",
    3: "correct the tables; `foreship check` lists every fault",
    4: "give up a limit, or leave out --strict: limits are then relaxed and named",
    5: "give more time (plan.time_limit_seconds) or memory, then try again",
    7: "try again later, or wait for it with --wait SECONDS",
    8: "make room, or mend permissions or the store, then try again",
    9: "move the damaged folder away and make it again",
    130: "start it again; earlier runs are as they were",
    143: "start it again; earlier runs are as they were",
}
"""what to do next, where no fault says it better"""

_BY_ERROR: tuple[tuple[type[BaseException], int], ...] = (
    (KeyboardInterrupt, 130),
    (Stopped, 143),
)

MAY_STARVE = (ImportError, OSError, RuntimeError, SystemError)
STARVED = (
    "failed to map segment", "cannot allocate", "can't start new thread", "bad_alloc",
    "out of memory", "failed to allocate", "unable to allocate",
)  # fmt: skip
"""words of loaders and libraries that had no memory left"""


def exit_code_of(error: BaseException) -> int:
    """Return the exit code of the contract for an error; 1 is a bug of ours."""
    if isinstance(error, ForeshipError):
        return error.exit_code
    for kind, code in _BY_ERROR:
        if isinstance(error, kind):
            return code
    if _is_out_of_memory(error):
        return 5
    if is_library_missing(error):
        return 2
    if isinstance(error, OSError) and error.errno not in (None, errno.EINTR):
        return 8
    return 1


def _is_out_of_memory(error: BaseException | None) -> bool:
    """Whether memory ran out, as libraries say it: at loading, for a thread, in compiled code."""
    while error is not None:
        starved = isinstance(error, OSError) and error.errno in (errno.ENOMEM, errno.EAGAIN)
        if isinstance(error, MemoryError) or starved:
            return True
        words = str(error).lower()
        if isinstance(error, MAY_STARVE) and any(each in words for each in STARVED):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_expected(error: BaseException) -> bool:
    """Whether an error explains itself, or is a bug that needs its traceback."""
    explained = isinstance(error, ForeshipError) and not isinstance(error, AuditFailed)
    return explained or exit_code_of(error) != 1
