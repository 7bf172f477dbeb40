"""Data go to stdout, words to stderr, in the form asked for."""

from __future__ import annotations

import json

import numpy as np
import pytest

from foreship.cli.voice import LogFormat, Voice


def test_data_and_words_never_share_a_stream(capsys: pytest.CaptureFixture[str]) -> None:
    """The product is alone on stdout; notes and errors are on stderr."""
    voice = Voice()
    voice.data("path", {"run": "path"})
    voice.note("two lanes left out")
    voice.error("no lane")
    out, err = capsys.readouterr()
    assert out == "path\n"
    assert err == "two lanes left out\nerror: no lane\n"


def test_json_is_one_object_with_numpy_scalars(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json stdout is a single object, whatever numbers it holds."""
    Voice(as_json=True).data("ignored", {"units": np.int64(3), "id": "00123"})
    assert json.loads(capsys.readouterr().out) == {"units": 3, "id": "00123"}


def test_quiet_says_only_errors_and_progress_needs_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Away from a terminal no progress is said; --quiet also withholds notes."""
    Voice().progress("reading")
    Voice(quiet=True).note("a note")
    assert capsys.readouterr().err == ""
    Voice(verbose=True).progress("reading")
    Voice(quiet=True).error("broken")
    assert capsys.readouterr().err == "reading\nerror: broken\n"


def test_json_log_is_a_line_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    """A scheduler may parse stderr line by line."""
    voice = Voice(log_format=LogFormat.json)
    voice.note("one\ntwo")
    voice.error("broken")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["message"]) for line in lines] == [
        ("note", "one\ntwo"),
        ("error", "broken"),
    ]
