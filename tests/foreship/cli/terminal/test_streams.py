"""Closed, broken and full streams lose words at most, never the work or its exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
PROGRAM = """
import sys
sys.path.insert(0, {root!r})
from foreship.cli.terminal.streams import steady_streams
steady_streams()
from foreship.cli.terminal.voice import Voice
from foreship.errors import StorageError
voice = Voice(as_json={as_json})
voice.note("a word")
print(open({path!r}, "w").fileno(), file=sys.stderr)
try:
    voice.data("x" * {size}, {{"name": "Łódź \\udce9"}})
    voice.end()
except OSError:
    sys.exit(8)
"""


def ended(redirection: str, folder: Path, size: int = 3, as_json: bool = False) -> tuple[int, str]:
    """Run the program with streams as a shell sets them; its exit code and what was said."""
    program = folder / "program.py"
    code = PROGRAM.format(root=str(ROOT), path=str(folder / "file"), size=size, as_json=as_json)
    program.write_text(code)
    words = ["bash", "-c", f"set -o pipefail; {sys.executable} {program} {redirection}"]
    found = subprocess.run(words, capture_output=True, text=True, check=False)
    return found.returncode, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("redirection", "code"),
    [(">&-", 0), ("2>&-", 0), (">&- 2>&- <&-", 0), ("2>/dev/full", 0), (">/dev/full", 8)],
)
def test_streams_that_take_nothing_do_not_break_the_work(
    redirection: str, code: int, tmp_path: Path
) -> None:
    """Closed streams and a log on a full disk: 0; data on a full disk: storage. No traceback."""
    found, said = ended(redirection, tmp_path)
    assert found == code
    assert "Traceback" not in said and "Exception" not in said


def test_a_reader_that_leaves_is_no_failure(tmp_path: Path) -> None:
    """`| head` closes the pipe while megabytes are still to come."""
    assert ended("2>/dev/null | head -c 5", tmp_path, size=3_000_000) == (0, "xxxxx")


def test_a_file_never_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """What is opened next has a number of its own: nothing printed can end up in it."""
    code, said = ended(">&- <&-", tmp_path)
    assert code == 0
    assert int(said.splitlines()[-1]) > 2


def test_letters_that_the_stream_does_not_know_are_spelled_out(tmp_path: Path) -> None:
    """On a stream of ASCII, JSON is still JSON."""
    code, said = ended("2>/dev/null", tmp_path, as_json=True)
    plain = f"PYTHONIOENCODING=ascii {sys.executable} {tmp_path / 'program.py'} 2>/dev/null"
    ascii_only = subprocess.run(["bash", "-c", plain], capture_output=True, check=False)
    assert (code, ascii_only.returncode) == (0, 0)
    assert "Łódź" in said
    plain_words = ascii_only.stdout.decode("ascii")
    assert plain_words.endswith(', "name": "\\u0141\\u00f3d\\u017a \\udce9"}\n')
