"""An action on a draft is what a planner may decide, and nothing else."""

from __future__ import annotations

import pytest

from foreship.approval.edits import Edit
from foreship.workbench.drafts.entry import LONGEST_COMMENT, Entry
from tests.foreship.workbench.drafted import action


@pytest.mark.parametrize(
    ("decision", "quantity"),
    [("change", 0), ("drop", 0), ("freeze", 7), ("keep", None), ("", None)],
)
def test_what_may_be_decided_is_an_entry_and_comes_back_whole(
    decision: str, quantity: int | None
) -> None:
    """Each decision with the quantity that belongs to it survives its plain values."""
    entry = action(3, decision, quantity, 'why, "so"\n')
    assert Entry.of(entry.to_dict()) == entry


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "raise"}, {"decision": "change", "quantity": None}, {"quantity": -1},
        {"decision": "drop", "quantity": 3}, {"decision": "keep", "quantity": 3},
        {"line": -1}, {"line": True}, {"line": "1"}, {"base": 1.5}, {"quantity": 2.0},
        {"comment": "x" * (LONGEST_COMMENT + 1)}, {"comment": None}, {"who": "else"},
    ],
)  # fmt: skip
def test_what_nobody_can_have_decided_is_no_entry(wrong: dict[str, object]) -> None:
    """Other words, quantities that do not belong to a decision, fields of other kinds."""
    with pytest.raises(ValueError, match="no entry of a draft"):
        Entry.of(action().to_dict() | wrong)


def test_an_entry_is_an_edit_of_an_approval() -> None:
    """Line, decision, quantity and comment go over."""
    assert action(3, "freeze", 7, "agreed").edit == Edit(3, "freeze", 7, "agreed")
