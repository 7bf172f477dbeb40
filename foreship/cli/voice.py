"""How a command speaks: data on stdout, words on stderr, as text or as JSON."""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from foreship.files import json_text

__all__ = ["LogFormat", "Voice", "printable"]

WRITTEN = "\n\u200c\u200d"
"""ends of lines, and the joiners that some scripts are written with"""


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
        sys.stdout.write((_json(value) if self.as_json else printable(text)) + "\n")
        sys.stdout.flush()

    def failure(self, code: int, kind: str, words: str, faults: Iterable[Any] = ()) -> None:
        """Say why the command failed; with `--json` also as the one object on stdout."""
        if self.as_json:
            told = {"exit_code": code, "kind": kind, "message": words, "faults": list(faults)}
            self.data("", {"error": told})

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

    def headline(self, lines: Sequence[str]) -> None:
        """Say a text of several lines: line by line, or as one record of a JSON log."""
        self.notes([" ".join(lines)] if self.log_format is LogFormat.json else lines)

    def error(self, words: str) -> None:
        """Say why the command failed."""
        self._words("error", words)

    def _words(self, level: str, words: str) -> None:
        if self.log_format is LogFormat.json:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            line = _json({"time": stamp, "level": level, "message": words})
        else:
            words = words.replace("\n", "\n  ")  # no line of a message passes for another one
            line = printable(f"error: {words}" if level == "error" else words)
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def printable(text: str) -> str:
    """Spell out what would steer a terminal instead of being shown; lines stay lines."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(json.dumps(each)[1:-1] if _steers(each) else each for each in text)


def _steers(letter: str) -> bool:
    """Whether a character is a control, a hidden format or half a character, but of no script."""
    return letter not in WRITTEN and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _json(value: Mapping[str, Any]) -> str:
    """Return one line of JSON that is valid and harmless on any terminal."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    return printable(json_text(value, ensure_ascii=not unicode))
