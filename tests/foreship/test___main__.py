"""How the command line ends before a command has begun."""

from __future__ import annotations

import json
import sys

import pytest

from foreship.__main__ import _stopped_early
from foreship.errors import Stopped


@pytest.mark.parametrize(("error", "code"), [(Stopped("SIGTERM"), 143), (KeyboardInterrupt(), 130)])
def test_a_stop_while_the_program_starts_has_its_exit_code(
    error: BaseException,
    code: int,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sentence and no traceback; with `--json` the one object too."""
    monkeypatch.setattr(sys, "argv", ["foreship", "run", "shop", "--json"])
    assert _stopped_early(error) == code
    said = capfd.readouterr()
    assert said.err.startswith("error: ") and said.err.count("\n") == 1 and "sig" not in said.err
    told = json.loads(said.out)
    assert (told["exit_code"], told["ok"], told["error"]["exit_code"]) == (code, False, code)
