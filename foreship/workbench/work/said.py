"""What a command says while it works and at its end, read from its log and its one object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Said", "answer_in"]

MOST_NOTES = 200
"""lines kept of what a command says; a page shows the last ones"""


@dataclass
class Said:
    """What was heard of a command so far."""

    stage: str = ""
    done: float = 0.0
    of: float = 0.0
    """pieces of the stage; 0 where it does not say how many"""
    notes: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        """Take in one line of the log; what is no record of it is kept as words."""
        line = line.strip()
        if not line:
            return
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            self._note(line)
            return
        event = record.get("event")
        if event == "stage":
            self.stage, self.done, self.of = str(record.get("stage", "")), 0.0, 0.0
        elif event == "progress":
            self.stage = str(record.get("stage", ""))
            self.done, self.of = _number(record.get("done")), _number(record.get("of"))
        elif event is None:
            self._note(str(record.get("message", line)))

    def _note(self, words: str) -> None:
        self.notes.append(words)
        del self.notes[:-MOST_NOTES]

    @property
    def share(self) -> float | None:
        """Share of the stage that is done, 0 to 1; None where it is not known."""
        return min(self.done / self.of, 1.0) if self.of > 0 else None


def answer_in(text: str) -> Mapping[str, Any]:
    """Return the one object of a command's stdout, without a key where there is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
