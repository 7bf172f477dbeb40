"""How a command speaks: data on stdout, words on stderr, as text or as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["LogFormat", "Voice"]


class LogFormat(StrEnum):
    """Form of the words on stderr."""

    text = "text"
    json = "json"


@dataclass(frozen=True)
class Voice:
    """What one invocation may say, and how.

    Progress is said on a terminal or with `-v`; notes and warnings unless `--quiet`; errors
    always.
    """

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    log_format: LogFormat = LogFormat.text

    def data(self, text: str, value: Mapping[str, Any]) -> None:
        """Write the product of the command to stdout: `text`, or `value` with `--json`."""
        out = json.dumps(value, default=_plain, ensure_ascii=False) if self.as_json else text
        sys.stdout.write(out + "\n")
        sys.stdout.flush()

    def progress(self, words: str) -> None:
        """Say that a stage begins."""
        if self.verbose or (not self.quiet and sys.stderr.isatty()):
            self._words("progress", words)

    def note(self, words: str) -> None:
        """Say what the user should know about the answer."""
        if not self.quiet:
            self._words("note", words)

    def notes(self, many: Iterable[str]) -> None:
        """Say several notes."""
        for words in many:
            self.note(words)

    def error(self, words: str) -> None:
        """Say why the command failed."""
        self._words("error", words)

    def _words(self, level: str, words: str) -> None:
        if self.log_format is LogFormat.json:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            line = json.dumps({"time": stamp, "level": level, "message": words}, ensure_ascii=False)
        else:
            line = f"error: {words}" if level == "error" else words
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def _plain(value: Any) -> Any:
    """Turn numpy scalars, dates and paths into what JSON knows."""
    return value.item() if hasattr(value, "item") else str(value)
