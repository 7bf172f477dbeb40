"""How long work says how far it is, without knowing who listens; nobody does by default.

A piece is a round, a block, a batch: what a loop does once. Whoever runs the work listens around
it; nothing that is computed hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar

__all__ = ["Listener", "heard_by", "is_heard", "pieces", "report", "unheard"]

T = TypeVar("T")


class Listener(Protocol):
    """Who is told how far a stage is."""

    def __call__(self, stage: str, done: float, of: float) -> None:
        """Hear that `done` of the `of` pieces of a stage are done; `of` may grow, or be 0."""


_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Let `listener` hear the work done inside, in this thread."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


@contextmanager
def unheard() -> Iterator[None]:
    """Let nobody hear the work inside: the pieces that it is one of tell more."""
    token = _LISTENER.set(None)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def is_heard() -> bool:
    """Tell whether somebody listens, for where saying it costs something."""
    return _LISTENER.get() is not None


def report(stage: str, done: float, of: float) -> None:
    """Say that `done` of `of` pieces of a stage are done."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(stage, done, of)


def pieces(work: Iterable[T], stage: str, of: int) -> Iterator[T]:
    """Yield pieces of work, and say after each how many of `of` are done."""
    report(stage, 0, of)
    for done, piece in enumerate(work, 1):
        yield piece
        report(stage, done, of)
