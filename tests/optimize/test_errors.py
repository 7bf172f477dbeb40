"""Errors of the room: a family, each a sentence or a list of them, that survive a process."""

from __future__ import annotations

import pickle

import pytest

from foreship_optimize import errors
from foreship_optimize.errors import AuditFailed, LimitsConflict, OptimizeError, TableFault


def test_every_error_is_of_the_family():
    """Whoever catches the parent catches all of them."""
    kinds = [getattr(errors, name) for name in errors.__all__]
    assert len(kinds) == 6
    assert all(issubclass(each, OptimizeError) for each in kinds)


@pytest.mark.parametrize(
    ("kind", "head", "told"),
    [
        (TableFault, [], "faults"),
        (LimitsConflict, ["the limits cannot all hold:"], "conflicts"),
        (AuditFailed, ["the plan failed its audit:"], "violations"),
    ],
)
def test_lists_are_told_a_line_each_and_survive_a_worker(kind, head: list[str], told: str):
    """As text a line a fault; sent from another process, the same error with the same list."""
    sent = pickle.loads(pickle.dumps(kind(["one", "two"])))
    assert type(sent) is kind
    assert getattr(sent, told) == ["one", "two"]
    assert str(sent) == "\n".join([*head, "one", "two"])
