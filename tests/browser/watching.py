"""What a page must never do, listened for while a test uses it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Watch"]

CLASHES = re.compile(r"Failed to load resource: .* status of 409")
"""what the browser says to the console of a clash, which is an answer like any other"""


@dataclass
class Watch:
    """Hears errors of scripts, what the policy refused, and every request beyond this machine."""

    base: str
    expected: list[re.Pattern[str]] = field(default_factory=lambda: [CLASHES])
    faults: list[str] = field(default_factory=list)

    def over(self, page: Any) -> Any:
        """Listen to a page and return it."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._asked)
        return page

    def allow(self, pattern: str) -> None:
        """Take words on the console for what a test is about."""
        self.expected.append(re.compile(pattern))

    def _said(self, message: Any) -> None:
        if message.type == "error" and not any(each.search(message.text) for each in self.expected):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and not request.url.startswith(f"{self.base}/"):
            self.faults.append(f"left this machine: {request.url}")
