"""One object a command: the same frame, said once, with a reason wherever it is no success."""

from __future__ import annotations

from typing import Any

import pytest

from foreship.cli.terminal.answer import Answer, failure_of
from foreship.exit_codes import DONE, EXIT_CODES


def answered(code: int, kept: dict[str, Any], error: dict[str, Any] | None = None) -> list[Any]:
    """Return what was said by an answer that was kept and is ended twice."""
    said: list[Any] = []
    answer = Answer("run", said.append)
    answer.keep(kept)
    answer.end(code, error)
    answer.end(0)
    return said


@pytest.mark.parametrize("code", EXIT_CODES)
def test_every_exit_code_is_either_a_success_or_has_an_error(code: int) -> None:
    """A plan that waits for a person (6) was made as asked; whatever else is not 0 failed."""
    (said,) = answered(code, {"run": "a"})
    assert (said["ok"], "error" in said) == (code in DONE, code not in DONE)
    assert said["run"] == "a"
    if code not in DONE:
        error = said["error"]
        assert error["exit_code"] == code
        assert error["kind"] and error["message"] and error["remedy"]


def test_an_error_leaves_out_what_was_kept_before() -> None:
    """What was said to be done before it failed would be taken for done."""
    (said,) = answered(8, {"run": "a"}, failure_of(8, "StorageError", "no room"))
    assert "run" not in said and said["error"]["message"] == "no room"


def test_a_reason_stands_beside_what_was_kept() -> None:
    """A command whose product is what is at fault says both: what it found, and why it failed."""
    said: list[Any] = []
    answer = Answer("check", said.append)
    answer.keep({"sound": False})
    answer.reason = ("shop has 1 fault:", [{"remedy": "give a Monday"}])
    answer.end(3)
    error = said[0]["error"]
    assert said[0]["sound"] is False
    assert (error["message"], error["remedy"]) == ("shop has 1 fault:", "give a Monday")


def test_the_remedy_of_one_fault_is_that_of_the_failure() -> None:
    """Where faults differ, it is that of their exit code."""
    faults = [{"remedy": "give a Monday"}, {"remedy": "give a Monday"}]
    assert failure_of(3, faults=faults)["remedy"] == "give a Monday"
    assert "check" in failure_of(3, faults=[*faults, {"remedy": "other"}])["remedy"]
