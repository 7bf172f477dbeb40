"""The progress line: stage, share done, time left, on one line of a terminal."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest

from foreship.cli.commands import app
from foreship.cli.terminal.progress import (
    BLANK,
    ProgressLine,
    ProgressRecords,
    progress_in_words,
)
from tests.foreship.good_workspace import write_workspace
from tests.foreship.small_variants import AS_OF, SETTINGS, whole_frames


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


@pytest.mark.parametrize(
    ("done", "of", "seconds", "said"),
    [
        (0, 4, 0.0, "Fitting: 0 %"),
        (1, 4, 0.2, "Fitting: 25 %"),
        (1, 4, 2.0, "Fitting: 25 %, 6 s left"),
        (1, 4, 100.0, "Fitting: 25 %, 5 min left"),
        (4, 4, 9.0, "Fitting: 100 %"),
        (0, 0, 9.0, "Fitting .."),
        (1, 0, 9.0, "Fitting: 1 round so far"),
        (7, 0, 9.0, "Fitting: 7 rounds so far"),
    ],
)
def test_time_left_follows_from_the_pieces_done(
    done: int, of: int, seconds: float, said: str
) -> None:
    """What is left takes as long a piece as what is done; nothing is said of it too early."""
    assert progress_in_words("Fitting", done, of, seconds) == said


def test_the_line_is_rewritten_in_place_at_the_pace_of_eyes() -> None:
    """A new stage at once, more of it after a pause; cut at the width, and taken away."""
    stream, clock = io.StringIO(), Clock()
    line = ProgressLine(stream, lambda: 20, clock)
    for done in range(4):
        line("Fitting", done, 4)
    clock.seconds += 3.0
    line("Fitting", 3, 4)
    line("Fitting", 4, 4)
    line("Sample paths of all cells", 0, 9)
    line.clear()
    line.clear()
    shown = stream.getvalue().split(BLANK)
    assert shown == [
        "",
        "Fitting: 0 %",
        "Fitting: 75 %, 1 s left"[:19],
        "Sample paths of all",
        "",
    ]
    assert "\n" not in stream.getvalue()


class Terminal:
    """A pseudo-terminal of 60 columns, read as it is written to."""

    def __init__(self) -> None:
        import fcntl
        import struct
        import termios

        self.ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
        self.stream = os.fdopen(theirs, "w", encoding="utf-8")
        self._read: list[bytes] = []
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        try:
            while piece := os.read(self.ours, 4096):
                self._read.append(piece)
        except OSError:  # its other end is closed
            return

    def text(self) -> str:
        """Close it and return all that was written."""
        self.stream.close()
        self._reader.join(10.0)
        os.close(self.ours)
        return b"".join(self._read).decode("utf-8").replace("\r\n", "\n")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace to run."""
    folder = tmp_path_factory.mktemp("progress") / "shop"
    return write_workspace(folder, whole_frames(), settings=SETTINGS)


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, *words: object) -> str:
    """Run a command with stderr on a terminal; return what was written there."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal.stream)
    try:
        app(list(map(str, words)), standalone_mode=False)
    finally:
        monkeypatch.undo()
    return terminal.text()


@pytest.mark.sweep
@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals")
def test_a_terminal_is_shown_how_far_a_run_is_and_a_log_is_not(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its stages on one line, gone before anything else is said; words end at its width."""
    shown = on_a_terminal(monkeypatch, "run", shop, "--as-of", AS_OF.date())
    after = shown[shown.index("Forecast as of") :]
    for stage in ("Drawing sample paths", "Weighing whole orders", "Valuing units", "Solving"):
        assert BLANK + stage in after
    lines = shown.split("\n")
    assert all(len(line.split(BLANK)[-1]) <= 60 for line in lines)
    assert not any(BLANK in line and line.split(BLANK)[-1].startswith("Drawing") for line in lines)
    for quiet in ("--quiet", "--json"):
        assert BLANK not in on_a_terminal(monkeypatch, "run", shop, "--as-of", AS_OF.date(), quiet)
    capsys.readouterr()
    app(["run", str(shop), "--as-of", str(AS_OF.date())], standalone_mode=False)
    assert BLANK not in capsys.readouterr().err


def test_records_say_the_ends_of_a_stage_and_two_a_second_between() -> None:
    """Whoever reads a log is not flooded, and misses no end."""
    clock, said = Clock(), list[tuple[str, float]]()
    heard = ProgressRecords(
        lambda _, __, facts: said.append((facts["stage"], facts["done"])), clock
    )
    for done in range(101):
        heard("Fitting", done, 100)
        clock.seconds += 0.01
    heard("Scoring", 0, 2)
    assert said == [("Fitting", 0), ("Fitting", 50), ("Fitting", 100), ("Scoring", 0)]
