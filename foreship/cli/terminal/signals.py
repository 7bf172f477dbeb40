"""How a command ends when the system asks it to: at once, with its workers, nothing half done.

Without a handler the first process of a container ignores SIGTERM. With one, a solver that runs in
compiled code would delay it: a thread therefore waits for the signal too, and ends the process if
the main thread has not done so in time. That is safe at any moment, as runs are whole or absent.

How a process ends is decided once, before it says so: by the main thread (`settle`) or by that
thread. A signal that comes later changes nothing, so that what was said is how it ends.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn

from foreship.errors import Stopped

__all__ = ["ending_itself", "heed_signals", "last_words", "settle"]

ENDING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)
GRACE = 2.0
"""seconds in which the main thread may end by itself"""
INTERRUPTED, STOPPED = 130, 143
_speakers: list[Callable[[int, str], None]] = []


@dataclass
class _Ending:
    """Who has decided how the process ends: the main thread, or the one that cuts it off."""

    code: int | None = None
    """what the main thread ends with; None while it may still be stopped"""
    _decided: threading.Lock = field(default_factory=threading.Lock)
    _settled: bool = False

    def settle(self, code: int) -> None:
        """Decide for the main thread; if it was cut off, wait for the end of the process."""
        self.code = code  # from here on no signal interrupts the main thread
        if not self._settled and not self._decided.acquire(blocking=False):
            threading.Event().wait()
        self._settled = True

    def cut_off(self) -> bool:
        """Decide for the thread; False where the main thread has decided already."""
        return self._decided.acquire(blocking=False)


_ending = _Ending()


@contextlib.contextmanager
def last_words(speaker: Callable[[int, str], None]) -> Iterator[None]:
    """While the work inside runs, let `speaker` tell exit code and signal if it is cut off."""
    _speakers.append(speaker)
    try:
        yield
    finally:
        _speakers.remove(speaker)


def settle(code: int) -> None:
    """Let nothing change that the process ends with `code`: call it before that is said anywhere.

    What settles it later, such as a file that could not be written, is the code then.
    """
    _ending.settle(code)


def heed_signals() -> None:
    """Turn requests to end into `Stopped`; whoever told us to ignore one is obeyed."""
    for each in ENDING:
        if signal.getsignal(each) == signal.SIG_DFL:
            signal.signal(each, _stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    atexit.register(_turn_deaf)  # what is registered first comes last
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
    if _ending.code is None:
        raise Stopped(signal.Signals(number).name)


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _ending.code is None:
        signal.default_int_handler(number, frame)


def _turn_deaf() -> None:
    """Ignore signals while the interpreter goes: it would give them back to the system."""
    for each in (*ENDING, signal.SIGINT):
        if signal.getsignal(each) in (_stop, _interrupt):
            signal.signal(each, signal.SIG_IGN)


def _end_in_time(reader: int) -> None:
    """End the process soon after a request to end, or after a second interrupt."""
    interrupts = 0
    for number in iter(lambda: os.read(reader, 1), b""):
        interrupts += number[0] == signal.SIGINT
        if number[0] in ENDING or interrupts > 1:
            time.sleep(GRACE)
            code = STOPPED if number[0] in ENDING else INTERRUPTED
            _end_now(code, signal.Signals(number[0]).name)


def _end_now(code: int, name: str) -> NoReturn:
    """End the workers and this process without another look at anything, but for a last word."""
    if _ending.cut_off():
        with contextlib.suppress(Exception):
            for each in _speakers:
                each(code, name)
    elif _ending.code is not None:
        code = _ending.code
    if "multiprocessing" in sys.modules:
        from multiprocessing import active_children

        with contextlib.suppress(Exception):
            for child in active_children():
                child.kill()
    os._exit(code)
