"""Things that are dear to open, a few of them kept: those asked for last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["Lru"]

Value = TypeVar("Value")


class Lru(Generic[Value]):
    """The last `most` things that were asked for, by name; each is opened once.

    Whoever asks for one that is being opened waits for it; other names do not wait. What could not
    be opened is tried again. What is opened after the end is let go at once.

    Parameters
    ----------
    let_go
        Called with what is no longer kept.
    """

    def __init__(self, most: int, let_go: Callable[[Value], object] = lambda value: None) -> None:
        self._most, self._let_go = most, let_go
        self._kept: OrderedDict[str, Value] = OrderedDict()
        self._opening: dict[str, Lock] = {}
        self._lock, self._is_closed = Lock(), False

    def get(self, name: str, opened: Callable[[], Value]) -> Value:
        """Return what is called `name`, opened now if it is not kept."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
            turn = self._opening.setdefault(name, Lock())
        with turn:
            with self._lock:
                if name in self._kept:
                    return self._kept[name]
            found = opened()
            self._keep(name, found)
        return found

    def close(self) -> None:
        """Let everything go."""
        with self._lock:
            gone, self._kept, self._is_closed = list(self._kept.values()), OrderedDict(), True
        for each in gone:
            self._let_go(each)

    def _keep(self, name: str, value: Value) -> None:
        with self._lock:
            self._kept[name] = value
            most = 0 if self._is_closed else self._most
            over = [self._kept.popitem(last=False)[1] for _ in range(len(self._kept) - most)]
        for each in over:
            self._let_go(each)
