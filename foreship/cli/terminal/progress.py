"""How far a command is, on one line of a terminal that is written anew in place."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from foreship_foundation.telling.words import percent, plural

__all__ = ["ProgressLine", "ProgressRecords", "progress_in_words"]

BLANK = "\r\x1b[2K"
"""back to the start of the line, and nothing on it"""
PAUSE = 0.1
"""seconds between two looks at the same stage; what is quicker nobody reads"""
SURE = 0.5
"""seconds of a stage after which its pace says how long the rest takes"""
MINUTE = 60.0
BETWEEN_RECORDS = 0.5
"""seconds between two records of the same stage"""


@dataclass
class ProgressLine:
    """Rewrites the line as pieces of work are done; whoever else writes clears it first.

    The time left is that of the stage: what its pieces took so far, for those that are left.
    """

    stream: TextIO
    columns: Callable[[], int]
    now: Callable[[], float] = time.monotonic
    _stage: str = field(default="", init=False)
    _done: float = field(default=0.0, init=False)
    _began: float = field(default=0.0, init=False)
    _written: float = field(default=float("-inf"), init=False)
    _is_shown: bool = field(default=False, init=False)

    def __call__(self, stage: str, done: float, of: float) -> None:
        """Hear that `done` of the `of` pieces of a stage are done."""
        now = self.now()
        is_new = stage != self._stage
        if is_new or done == 0 or done < self._done:
            self._stage, self._began = stage, now
        self._done = done
        if now - self._written < PAUSE and not is_new:
            return
        words = progress_in_words(stage, done, of, now - self._began)
        self.stream.write(BLANK + words[: max(self.columns() - 1, 0)])
        self.stream.flush()
        self._written, self._is_shown = now, True

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            self.stream.write(BLANK)
            self.stream.flush()
            self._is_shown = False


@dataclass
class ProgressRecords:
    """Writes how far a stage is as records of a log: its beginning, its end, and now and then."""

    record: Callable[[str, str, Mapping[str, Any]], None]
    now: Callable[[], float] = time.monotonic
    _stage: str = field(default="", init=False)
    _written: float = field(default=float("-inf"), init=False)

    def __call__(self, stage: str, done: float, of: float) -> None:
        """Hear that `done` of the `of` pieces of a stage are done."""
        now = self.now()
        is_edge = stage != self._stage or done >= of > 0
        if now - self._written < BETWEEN_RECORDS and not is_edge:
            return
        facts = {"stage": stage, "done": float(done), "of": float(of)}
        self.record("progress", progress_in_words(stage, done, of, 0.0), facts)
        self._stage, self._written = stage, now


def progress_in_words(stage: str, done: float, of: float, seconds: float) -> str:
    """Say the stage, the share of it that is done, and the time that the rest should take."""
    if of <= 0:
        return f"{stage}: {plural(done, 'round')} so far" if done else f"{stage} .."
    words = f"{stage}: {percent(min(done / of, 1.0))}"
    if 0 < done < of and seconds >= SURE:
        words += f", {_time_in_words(seconds * (of - done) / done)} left"
    return words


def _time_in_words(seconds: float) -> str:
    if seconds < MINUTE:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / MINUTE)} min"
