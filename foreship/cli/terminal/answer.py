"""The one object of a command with `--json`: the same frame around every answer and failure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from foreship.exit_codes import DONE, EXIT_CODES, KINDS, REMEDIES
from foreship_foundation.telling.words import sentence

__all__ = ["ENVELOPE", "JSON_VERSION", "Answer", "failure_of"]

JSON_VERSION = 1
"""version of the keys; it grows when one leaves or changes its meaning, not when one is added"""
ENVELOPE = ("json_version", "command", "exit_code", "ok")


@dataclass
class Answer:
    """Keeps what a command has to say until its exit code is known, and says it once.

    A thread that ends the process may speak in the place of a main thread that does not.
    """

    command: str
    write: Callable[[Mapping[str, Any]], None]
    kept: Mapping[str, Any] = field(default_factory=dict, init=False)
    reason: tuple[str, Sequence[Mapping[str, Any]]] = ("", ())
    """of a code that is no success: what a command said beside its product, and its faults"""
    _once: threading.Lock = field(default_factory=threading.Lock, init=False)

    def keep(self, value: Mapping[str, Any]) -> None:
        """Keep the product of the command; what is kept last counts."""
        self.kept = value

    def end(self, code: int, error: Mapping[str, Any] | None = None) -> None:
        """Say the object, unless it was said: how it ended, and what was kept or what went wrong.

        A code that is no success is never without an `error`.
        """
        if not self._once.acquire(blocking=False):
            return
        frame = dict(zip(ENVELOPE, (JSON_VERSION, self.command, code, code in DONE), strict=True))
        if error is not None:
            self.write({**frame, "error": error})
        elif code in DONE:
            self.write({**frame, **self.kept})
        else:
            words, faults = self.reason
            said = failure_of(code, message=words, faults=faults)
            self.write({**frame, **self.kept, "error": said})


def failure_of(
    code: int, kind: str = "", message: str = "", faults: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return why a command failed as plain values; what is left out is that of its exit code."""
    found = list(faults)
    helps = {each["remedy"] for each in found if each.get("remedy")}
    return {
        "exit_code": code,
        "kind": kind or KINDS.get(code, "ForeshipError"),
        "message": message or sentence(EXIT_CODES.get(code, "failed")),
        "faults": found,
        "remedy": helps.pop() if len(helps) == 1 else REMEDIES.get(code, ""),
    }
