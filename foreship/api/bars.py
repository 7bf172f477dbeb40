"""Progress bars of the functions that take their time: on a terminal and in notebooks.

Drawn by rich where it is installed, else by tqdm, else not at all; neither is imported before
there is a bar to draw. A bar is one line on stderr that is written anew, so that it never gets
among a notebook's answers.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from foreship.errors import UsageError
from foreship_foundation.telling.progress import heard_by, is_heard

if TYPE_CHECKING:
    from tqdm.std import tqdm

__all__ = ["progress", "with_bar"]

Given = ParamSpec("Given")
Made = TypeVar("Made")

PAUSE = 0.1
"""seconds between two drawings of the same stage"""
COLUMNS = 80
"""width of a line where no terminal says it"""
TAKEN_AWAY = "\x1b[2K"
"""what rich begins a line with, letters to a notebook until it shows them"""
_wanted = [True]


def progress(show: bool) -> None:
    """Show progress bars from now on, or none.

    They are shown unless this was said, where stderr is a terminal or the code runs in IPython
    (notebooks too), and rich or tqdm is installed.

    Raises
    ------
    UsageError
        For anything but True and False: the text "no" would else turn them on.
    """
    given: Any = show
    if not isinstance(given, bool):
        raise UsageError(f"progress({given!r}): give True to show bars, False for none")
    _wanted[0] = bool(given)


def with_bar(work: Callable[Given, Made]) -> Callable[Given, Made]:
    """Return the function with a bar that says how far it is, while it runs."""

    @functools.wraps(work)
    def shown(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        with _following():
            return work(*args, **kwargs)

    return shown


class Bar(Protocol):
    """One line that says how far a stage is."""

    def draw(self, stage: str, done: float, of: float) -> None:
        """Draw that `done` of `of` pieces are done; 0 of 0: nobody knows how many there are."""

    def close(self) -> None:
        """Take the line away."""


@contextmanager
def _following() -> Iterator[None]:
    """Draw a bar for the work inside, unless somebody listens already or nobody could see it."""
    bar = None if is_heard() or not _wanted[0] or not _is_seen() else _bar()
    if bar is None:
        yield
        return
    try:
        with heard_by(_Paced(bar)):
            yield
    finally:
        bar.close()


def _is_seen() -> bool:
    return sys.stderr.isatty() or _in_ipython()


def _in_ipython() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and shell.get_ipython() is not None


def _bar() -> Bar | None:
    """Return a bar by what is installed."""
    if importlib.util.find_spec("rich") is not None:
        return _RichBar()
    return _TqdmBar() if importlib.util.find_spec("tqdm") is not None else None


class _Paced:
    """Hands on what is heard, but for what nobody could read."""

    def __init__(self, bar: Bar, now: Callable[[], float] = time.monotonic) -> None:
        self.bar, self.now = bar, now
        self.stage, self.drawn = "", float("-inf")

    def __call__(self, stage: str, done: float, of: float) -> None:
        """Hear that `done` of the `of` pieces of a stage are done."""
        now = self.now()
        if stage == self.stage and now - self.drawn < PAUSE:
            return
        self.stage, self.drawn = stage, now
        self.bar.draw(stage, done, of)


class _RichBar:
    """By rich, in plain text outside a terminal: its widgets ask for another package."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
        from rich.progress import TimeRemainingColumn as TimeLeft

        self.real = sys.stderr.isatty()
        console = Console(
            file=sys.stderr,
            force_terminal=True,
            force_jupyter=False,
            width=None if self.real else COLUMNS,
            color_system="auto" if self.real else None,
        )
        columns = TextColumn("{task.description}"), BarColumn(20), TaskProgressColumn(), TimeLeft()
        self.shown = Progress(
            *columns, console=console, auto_refresh=False, transient=True, redirect_stdout=False
        )
        self.task = self.shown.add_task("", total=None)
        self.stage = ""
        self.shown.start()

    def draw(self, stage: str, done: float, of: float) -> None:
        total = of if of > 0 else None
        if stage != self.stage:
            self.shown.reset(self.task, total=total)
            self.stage = stage
        self.shown.update(self.task, description=stage, completed=done, total=total)
        self.shown.refresh()

    def close(self) -> None:
        self.shown.remove_task(self.task)
        if not self.real:  # a notebook knows no way up: what stands there is written over
            sys.stderr.write("\r" + " " * (COLUMNS + len(TAKEN_AWAY)))
        self.shown.stop()


class _TqdmBar:
    """By tqdm, a line of text in notebooks too."""

    def __init__(self) -> None:
        self.bar: tqdm[Any] | None = None
        self.stage = ""

    def draw(self, stage: str, done: float, of: float) -> None:
        from tqdm.std import tqdm

        if self.bar is None or stage != self.stage:
            self.close()
            self.stage = stage
            self.bar = tqdm(desc=stage, file=sys.stderr, leave=False, ncols=COLUMNS)
        self.bar.total = of if of > 0 else None
        self.bar.n = done
        self.bar.refresh()

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None
