"""How a command ends when the system asks it to: at once, with its workers, nothing half done.

Without a handler the first process of a container ignores SIGTERM. With one, a solver that runs in
compiled code would delay it: a thread therefore waits for the signal too, and ends the process if
the main thread has not done so in time. That is safe at any moment, as runs are whole or absent.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

from foreship.errors import Stopped

__all__ = ["ending_itself", "heed_signals", "last_words"]

ENDING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)
GRACE = 2.0
"""seconds in which the main thread may end by itself"""
INTERRUPTED, STOPPED = 130, 143
_speakers: list[Callable[[int, str], None]] = []


@contextlib.contextmanager
def last_words(speaker: Callable[[int, str], None]) -> Iterator[None]:
    """While the work inside runs, let `speaker` tell exit code and signal if it is cut off."""
    _speakers.append(speaker)
    try:
        yield
    finally:
        _speakers.remove(speaker)


def heed_signals() -> None:
    """Turn requests to end into `Stopped`; whoever told us to ignore one is obeyed."""
    for each in ENDING:
        if signal.getsignal(each) == signal.SIG_DFL:
            signal.signal(each, _stop)
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_end_in_time, args=(reader,), daemon=True).start()


@contextlib.contextmanager
def ending_itself() -> Iterator[None]:
    """Let what heeds signals itself take its time to end: nobody ends the process in its place."""
    before = signal.set_wakeup_fd(-1)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before, warn_on_full_buffer=False)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(signal.Signals(number).name)


def _end_in_time(reader: int) -> None:
    """End the process soon after a request to end, or after a second interrupt."""
    interrupts = 0
    for number in iter(lambda: os.read(reader, 1), b""):
        interrupts += number[0] == signal.SIGINT
        if number[0] in ENDING or interrupts > 1:
            time.sleep(GRACE)
            code = STOPPED if number[0] in ENDING else INTERRUPTED
            _end_now(code, signal.Signals(number[0]).name)


def _end_now(code: int, name: str) -> None:
    """End the workers and this process without another look at anything, but for a last word."""
    with contextlib.suppress(Exception):
        for each in _speakers:
            each(code, name)
    if "multiprocessing" in sys.modules:
        from multiprocessing import active_children

        with contextlib.suppress(Exception):
            for child in active_children():
                child.kill()
    os._exit(code)
