"""How a command speaks: data on stdout, words on stderr, as text or as JSON."""

from __future__ import annotations

import json
import os
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TextIO

from foreship.cli.terminal.answer import Answer, failure_of
from foreship.cli.terminal.progress import ProgressLine, ProgressRecords
from foreship.files import json_text
from foreship_foundation.telling.progress import heard_by
from foreship_foundation.telling.words import fitted, is_statistic, sentence

if TYPE_CHECKING:
    from foreship.metrics.meter import Stage

__all__ = ["LogFormat", "Voice", "columns_of", "printable"]

COLUMNS, FEWEST_COLUMNS = 80, 20
"""width of what is no terminal, and the least to be believed of one"""

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
    always. On a terminal long lines are broken at its width, and how far the work is stands on a
    line of its own that is written anew in place.
    """

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    log_format: LogFormat = LogFormat.text
    command: str = ""
    _line: list[ProgressLine] = field(default_factory=list, init=False, repr=False, compare=False)
    _answer: Answer = field(init=False, repr=False, compare=False)
    _begun: float = field(default_factory=time.monotonic, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_answer", Answer(self.command, self._write))

    @contextmanager
    def following(self) -> Iterator[None]:
        """Show how far the work inside is, where a terminal is there and words are wanted.

        In a JSON log it is a record now and then, where progress is asked for.
        """
        if self.log_format is LogFormat.json and self.verbose:
            with heard_by(ProgressRecords(self.event)):
                yield
            return
        silent = self.quiet or self.as_json or self.log_format is LogFormat.json
        if silent or not sys.stderr.isatty():
            yield
            return
        line = ProgressLine(sys.stderr, lambda: columns_of(sys.stderr))
        self._line.append(line)
        try:
            with heard_by(line):
                yield
        finally:
            line.clear()
            self._line.clear()

    def data(self, text: str, value: Mapping[str, Any]) -> None:
        """Write the product of the command to stdout; with `--json` keep `value` for its end."""
        self._answer.keep(value)
        if self.as_json:
            return
        self._clear()
        sys.stdout.write(printable(_on(sys.stdout, text)) + "\n")
        sys.stdout.flush()

    def because(self, words: str, faults: Iterable[Mapping[str, Any]]) -> None:
        """Keep why the command will end as it does, beside its product, for `--json`."""
        self._answer.reason = (words, list(faults))

    @property
    def kept(self) -> Mapping[str, Any]:
        """The product of the command so far, as `--json` would say it."""
        return self._answer.kept

    def end(self, code: int = 0) -> None:
        """Say how the command ended: with `--json` the one object on stdout, else nothing."""
        if self.as_json:
            self._answer.end(code)

    def failure(self, code: int, kind: str, words: str, faults: Iterable[Any] = ()) -> None:
        """Say why the command failed: with `--json` the one object on stdout, else nothing."""
        if self.as_json:
            self._answer.end(code, failure_of(code, kind, words, faults))

    def progress(self, words: str) -> None:
        """Say that a stage begins."""
        if self.verbose or (not self.quiet and sys.stderr.isatty()):
            took = round(time.monotonic() - self._begun, 3)
            self._words("progress", sentence(words), event="stage", stage=words, seconds=took)

    def event(self, name: str, words: str, facts: Mapping[str, Any]) -> None:
        """Add a record for machines to a JSON log; elsewhere nothing is said."""
        if self.log_format is LogFormat.json and not self.quiet:
            self._words("event", words, event=name, **facts)

    def ended(self, stage: Stage) -> None:
        """Add a record to a JSON log: what a stage took, and the rows that it made."""
        took = {"stage": stage.name, "seconds": round(stage.seconds, 3), "rows": stage.rows}
        self.event("stage_ended", sentence(f"done: {stage.name}"), took)

    def note(self, words: str) -> None:
        """Say what the user should know about the answer."""
        if not self.quiet:
            self._words("note", sentence(words))

    def notes(self, many: Iterable[str]) -> None:
        """Say several notes; figures for the appendix only with `-v`."""
        for words in many:
            if self.verbose or not is_statistic(words):
                self.note(words)

    def headline(self, lines: Sequence[str]) -> None:
        """Say a text of several lines: line by line, or as one record of a JSON log."""
        if not self.quiet:
            for each in [" ".join(lines)] if self.log_format is LogFormat.json else lines:
                self._words("note", each)

    def columns(self) -> int:
        """Return the width of texts on stderr: 80, or that of a narrower terminal."""
        return min(columns_of(sys.stderr), COLUMNS)

    def error(self, words: str) -> None:
        """Say why the command failed."""
        self._words("error", words)

    def _write(self, value: Mapping[str, Any]) -> None:
        self._clear()
        sys.stdout.write(_json(value) + "\n")
        sys.stdout.flush()

    def _clear(self) -> None:
        for line in self._line:
            line.clear()

    def _words(self, level: str, words: str, **facts: Any) -> None:
        self._clear()
        if self.log_format is LogFormat.json:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            line = _json({"time": stamp, "level": level, "message": words, **facts})
        else:
            words = words.replace("\n", "\n  ")  # no line of a message passes for another one
            line = _on(sys.stderr, f"error: {words}" if level == "error" else words)
            line = printable(line)
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def columns_of(stream: TextIO) -> int:
    """Return the width of a terminal, 80 for what is none or does not say it."""
    try:
        return max(os.get_terminal_size(stream.fileno()).columns or COLUMNS, FEWEST_COLUMNS)
    except (OSError, ValueError, AttributeError):
        return COLUMNS


def _on(stream: TextIO, text: str) -> str:
    """Break long lines for a terminal; elsewhere a line stays a line."""
    return fitted(text, columns_of(stream), hanging="  ") if stream.isatty() else text


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
