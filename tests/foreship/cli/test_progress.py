"""The progress line: stage, share done, time left, on one line of a terminal."""

from __future__ import annotations

import io

import pytest

from foreship.cli.progress import BLANK, ProgressLine, progress_in_words


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
    """A new stage at once, more of it after a pause, the end always; cut at the width."""
    stream, clock = io.StringIO(), Clock()
    line = ProgressLine(stream, lambda: 20, clock)
    for done in range(4):
        line("Fitting", done, 4)
    clock.seconds += 3.0
    line("Fitting", 3, 4)
    line("Sample paths of all cells", 0, 9)
    line("Fitting", 4, 4)
    line.clear()
    line.clear()
    shown = stream.getvalue().split(BLANK)
    assert shown == [
        "",
        "Fitting: 0 %",
        "Fitting: 75 %, 1 s left"[:19],
        "Sample paths of all",
        "Fitting: 100 %",
        "",
    ]
    assert "\n" not in stream.getvalue()
