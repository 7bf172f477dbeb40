"""Bars are drawn where somebody sees them, by what is installed, and leave nothing behind."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import foreship
from foreship.api import bars
from foreship_foundation.telling.progress import heard_by, is_heard, report

LINE_TAKEN_AWAY = "\x1b[2K"


class Screen(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def _bars_are_wanted() -> Iterator[None]:
    yield
    foreship.progress(True)


@bars.with_bar
def counted(pieces: int) -> int:
    """Count, and say how far it is."""
    for done in range(pieces):
        report("Counting sheep", done, pieces)
    report("Falling asleep", 0, 0)
    return pieces


def test_a_bar_is_drawn_on_a_terminal_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stage by its name, a share where it is known; the last that is written is a blank."""
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    assert counted(3) == 3
    said = screen.getvalue()
    assert "Counting sheep" in said and "0%" in said and "Falling asleep" in said
    assert said.rindex(LINE_TAKEN_AWAY) > said.rindex("Falling asleep")
    assert not is_heard()


def test_nothing_is_drawn_where_nobody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Into a file, when it is not wanted, and where somebody else listens already."""
    monkeypatch.setattr(bars, "_in_ipython", lambda: False)
    assert counted(2) == 2
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    foreship.progress(False)
    assert counted(2) == 2
    foreship.progress(True)
    heard: list[str] = []
    with heard_by(lambda stage, done, of: heard.append(stage)):
        counted(2)
    assert screen.getvalue() == ""
    assert set(heard) == {"Counting sheep", "Falling asleep"}


def test_a_notebook_has_a_line_of_text_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """In IPython stderr need be no terminal; no line is longer than what every notebook shows."""
    shell = SimpleNamespace(get_ipython=object)
    monkeypatch.setitem(sys.modules, "IPython", shell)
    monkeypatch.setattr(sys, "stderr", screen := io.StringIO())
    counted(3)
    assert "Counting sheep" in screen.getvalue()
    assert "\x1b[3" not in screen.getvalue()
    lines = screen.getvalue().replace("\x1b[2K", "").split("\r")
    last = max(at for at, each in enumerate(lines) if "Falling asleep" in each)
    longest = max(len(each) for each in lines if "sheep" in each or "asleep" in each)
    assert 60 > longest > len("Counting sheep")
    assert any(each.startswith(" " * 80) for each in lines[last + 1 :])  # written over at last


def test_tqdm_draws_where_rich_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar a stage, each closed; without either the work goes on without a bar."""
    drawn: list[Any] = []

    class Tqdm:
        total, n = None, 0.0

        def __init__(self, desc: str, **more: Any) -> None:
            self.desc = desc

        def refresh(self) -> None:
            drawn.append((self.desc, self.n, self.total))

        def close(self) -> None:
            drawn.append(f"{self.desc} closed")

    std = ModuleType("tqdm.std")
    std.tqdm = Tqdm  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tqdm.std", std)
    installed = {"tqdm"}
    monkeypatch.setattr(
        bars.importlib.util, "find_spec", lambda name: name if name in installed else None
    )
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    counted(4)
    assert drawn == [
        ("Counting sheep", 0, 4), "Counting sheep closed",
        ("Falling asleep", 0, None), "Falling asleep closed",
    ]  # fmt: skip
    installed.clear()
    assert counted(2) == 2
    assert len(drawn) == 4 and screen.getvalue() == ""


def test_nothing_is_imported_before_there_is_a_bar_to_draw() -> None:
    """Neither by the name nor by turning it on, off, or working where nobody looks."""
    code = (
        "import sys, foreship; foreship.progress(True); foreship.run, foreship.sweep;"
        "print({'rich', 'tqdm', 'IPython', 'pandas'} & {*sys.modules})"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "set()"


@pytest.mark.parametrize("show", ["no", "", None, 0, 1])
def test_bars_are_wanted_or_not(show: Any) -> None:
    """The text "no" would else turn them on."""
    with pytest.raises(foreship.UsageError, match="give True to show bars"):
        foreship.progress(show)
