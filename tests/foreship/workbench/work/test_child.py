"""A command as a process of its own: it inherits no secret, and ends when it must."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from foreship.workbench.work.child import Child
from foreship.workbench.work.said import Said

PROGRAM = """
import json, os, signal, sys, time
if sys.argv[1] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(json.dumps({"event": "stage", "stage": "deaf"}), file=sys.stderr, flush=True)
    time.sleep(60)
print(json.dumps({"secret": os.environ.get("FORESHIP_SERVE_TOKEN"), "argv": sys.argv[1:]}))
"""


def _child(folder: Path, *command: str, said: Said | None = None) -> Child:
    program = (sys.executable, "-c", PROGRAM)
    return Child(command, folder, folder / "answer", said or Said(), program)


def test_words_are_handed_over_as_they_are_and_no_secret_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No shell reads them; what the proxy shares with the server is not the command's."""
    monkeypatch.setenv("FORESHIP_SERVE_TOKEN", "a secret of the proxy")
    child = _child(tmp_path, "plan", "$(touch x); --set=a b")
    assert child.listen() == 0
    told = ["plan", "$(touch x); --set=a b", "--json", "-v", "--log-format", "json"]
    assert json.loads(child.answer()) == {"secret": None, "argv": told}
    assert not list(tmp_path.iterdir())


def test_it_is_killed_where_it_does_not_hear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was given its time."""
    monkeypatch.setattr("foreship.workbench.work.child.GRACE", 0.1)

    class Ear(Said):
        def hear(self, line: str) -> None:
            super().hear(line)
            child.stop()

    child = _child(tmp_path, "deaf", said=Ear())
    assert (child.listen(), child.answer()) == (128 + 9, "")


def test_an_answer_beyond_measure_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read into memory."""
    monkeypatch.setattr("foreship.workbench.work.child.LARGEST_ANSWER", 10)
    child = _child(tmp_path, "plan")
    assert (child.listen(), child.answer()) == (0, "")
