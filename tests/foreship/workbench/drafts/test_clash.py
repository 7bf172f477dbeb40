"""Who decides on a line without having seen what another decided about it is told so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foreship.workbench.drafts.clash import clash_of, newest_by_line
from tests.foreship.workbench.drafted import action

THEIRS = replace(action(4, "change", 9, author="Ben"), version=3)


@pytest.mark.parametrize(
    ("mine", "clashes"),
    [
        (action(4, "change", 12, base=2), True),
        (action(4, "change", 12, base=3), False),
        (action(4, "change", 9, base=0), False),
        (action(4, "change", 9, "because", base=0), True),
        (action(4, "", None, base=2), True),
        (action(5, "change", 12, base=0), False),
    ],
)
def test_only_what_was_not_seen_and_says_otherwise_clashes(mine: object, clashes: bool) -> None:
    """Seen, said alike or of another line: kept; else both are handed back with the version."""
    found = clash_of(mine, newest_by_line([THEIRS]), 7)  # type: ignore[arg-type]
    assert (found is not None) == clashes
    if found is not None:
        assert (found.mine, found.theirs, found.version) == (mine, THEIRS, 7)


def test_of_each_line_the_last_entry_counts() -> None:
    """An earlier one of the same line is history."""
    first, second = replace(THEIRS, version=1), replace(THEIRS, version=2, quantity=1)
    assert newest_by_line([first, second]) == {4: second}
