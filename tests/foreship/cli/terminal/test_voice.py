"""Data go to stdout, words to stderr, in the form asked for."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from foreship.cli.terminal.voice import LogFormat, Voice


def spoken_object(
    capsys: pytest.CaptureFixture[str], value: dict[str, Any], code: int = 0, command: str = ""
) -> dict[str, Any]:
    """Return the object that a command says at its end; no name in it stands for a number."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    voice = Voice(as_json=True, command=command)
    voice.data("ignored", value)
    voice.end(code)
    return dict(json.loads(capsys.readouterr().out, parse_constant=refuse))


def test_data_and_words_never_share_a_stream(capsys: pytest.CaptureFixture[str]) -> None:
    """The product is alone on stdout; notes and errors are on stderr."""
    voice = Voice()
    voice.data("path", {"run": "path"})
    voice.note("two lanes left out")
    voice.error("No lane.")
    out, err = capsys.readouterr()
    assert out == "path\n"
    assert err == "Two lanes left out.\nerror: No lane.\n"


def test_json_is_one_object_with_numpy_scalars(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json stdout is a single object, whatever numbers it holds."""
    said = spoken_object(capsys, {"units": np.int64(3), "id": "00123"}, command="plan")
    assert {"units": said["units"], "id": said["id"]} == {"units": 3, "id": "00123"}
    assert list(said)[:4] == ["json_version", "command", "exit_code", "ok"]
    assert (said["command"], said["exit_code"], said["ok"]) == ("plan", 0, True)


def test_quiet_says_only_errors_and_progress_needs_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Away from a terminal no progress is said; --quiet also withholds notes."""
    Voice().progress("reading")
    Voice(quiet=True).note("a note")
    assert capsys.readouterr().err == ""
    Voice(verbose=True).progress("reading")
    Voice(quiet=True).error("broken")
    assert capsys.readouterr().err == "Reading.\nerror: broken\n"


def test_json_log_is_a_line_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    """A scheduler may parse stderr line by line."""
    voice = Voice(log_format=LogFormat.json)
    voice.note("one\ntwo")
    voice.error("broken")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["message"]) for line in lines] == [
        ("note", "One\ntwo."),
        ("error", "broken"),
    ]


def test_a_headline_is_one_record_of_a_json_log(capsys: pytest.CaptureFixture[str]) -> None:
    """Wrapped for eyes line by line, for machines in one piece."""
    lines = ["Ship 3 units, expected", "gain 2."]
    Voice().headline(lines)
    assert capsys.readouterr().err == "Ship 3 units, expected\ngain 2.\n"
    Voice(log_format=LogFormat.json).headline(lines)
    (record,) = capsys.readouterr().err.splitlines()
    assert json.loads(record)["message"] == "Ship 3 units, expected gain 2."


def test_numbers_that_json_does_not_know_are_null(capsys: pytest.CaptureFixture[str]) -> None:
    """NaN and infinity, plain or numpy's, at any depth."""
    value = {"a": float("nan"), "b": [np.float64("inf")], "c": {"d": np.array([1.0, np.nan])}}
    said = spoken_object(capsys, value)
    assert (said["a"], said["b"], said["c"]) == (None, [None], {"d": [1.0, None]})


EVIL = "a\x1b[2J\x1b]0;b\x07\r\x9b31m\u202e\u2028\x00\x7f\ud800"


@pytest.mark.parametrize("form", LogFormat)
def test_nothing_steers_a_terminal(form: LogFormat, capsys: pytest.CaptureFixture[str]) -> None:
    """Escape codes in words of tables, configs and foreign runs are spelled out in every form."""
    voice = Voice(log_format=form)
    voice.note(EVIL)
    voice.error(EVIL)
    voice.data(EVIL, {})
    machine = Voice(as_json=True)
    machine.data("", {"reason": EVIL})
    machine.end()
    out, err = capsys.readouterr()
    assert (out + err).replace("\n", "").isprintable()
    assert "\\u001b[2J" in out and "\\u009b31m" in err
    assert json.loads(out.splitlines()[-1])["reason"] == EVIL


def test_a_line_of_a_message_does_not_pass_for_another_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A reason of two lines cannot say `error:` at the start of one; letters stay letters."""
    Voice().note("because\nerror: all is lost Łódź")
    assert capsys.readouterr().err == "Because\n  error: all is lost Łódź.\n"
