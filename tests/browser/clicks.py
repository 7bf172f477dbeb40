"""A hand that counts what it does: the way to an answer is as long as its clicks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Hand"]


@dataclass
class Hand:
    """Clicks, and keys that stand for one: Enter and shortcuts count, letters of a word do not."""

    page: Any
    done: list[str] = field(default_factory=list)

    def click(self, what: str) -> None:
        """Click what a selector finds."""
        self.done.append(f"click {what}")
        self.page.click(what)

    def press(self, key: str) -> None:
        """Press a key on whatever has the focus."""
        self.done.append(f"press {key}")
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Write a text into whatever has the focus."""
        self.page.keyboard.type(text)

    @property
    def count(self) -> int:
        """Clicks and keys so far."""
        return len(self.done)
