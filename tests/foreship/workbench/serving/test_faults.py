"""Errors are pages: what is wrong, where, and what would be right; never a traceback."""

from __future__ import annotations

import pytest

from foreship.errors import (
    Fault,
    InputError,
    StorageError,
    Tampered,
    UsageError,
    WorkspaceLocked,
)
from foreship.workbench.door.knock import Refused
from foreship.workbench.door.places import NotFound
from foreship.workbench.serving.faults import answer_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("no run"), 404), (UsageError("wrong"), 400), (InputError("bad"), 400),
        (WorkspaceLocked("held"), 423), (StorageError("full"), 507), (Tampered("other"), 500),
        (Refused(413, "large"), 413), (OSError(28, "No space left"), 507),
    ],
)  # fmt: skip
def test_each_kind_has_its_status_and_its_words(
    error: Exception, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """The words are those that a command says; nothing goes to stderr."""
    answer = answer_of(error)
    assert answer.status == status
    assert str(error).split("] ")[-1].capitalize() in str(answer.body)
    assert capsys.readouterr().err == ""


def test_the_system_s_reason_stands_beside_its_file() -> None:
    """A reason alone leaves one searching."""
    told = str(answer_of(OSError(13, "Permission denied", "/shop/runs")).body)
    assert "/shop/runs: Permission denied" in told


def test_every_fault_of_a_table_is_a_row() -> None:
    """With table, column, rows, values, problem and remedy, as text."""
    fault = Fault("<orders>", "not a date", "write 2026-11-16", "date", (3, 4), ("x", "<y>"), 2)
    shown = str(answer_of(InputError("orders has 2 faults", [fault, fault])).body)
    assert shown.count("<tr>") == 3
    for each in ("&lt;orders&gt;", "3, 4", "x, &lt;y&gt;", "not a date", "write 2026-11-16"):
        assert shown.count(f"<td>{each}</td>") == 2
    assert "Correct the tables" not in shown  # each fault says it better
    assert "Correct the tables" in str(answer_of(InputError("orders is damaged")).body)


def test_a_bug_says_its_number_and_keeps_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever looks after the server finds it by the number."""
    try:
        raise KeyError("secret of a table")
    except KeyError as error:
        answer = answer_of(error)
    said = capsys.readouterr().err
    assert answer.status == 500
    assert "secret" not in str(answer.body)
    assert "KeyError: 'secret of a table'" in said
    number = said.split()[1].rstrip(":")
    assert number in str(answer.body)
