"""The stage of a run as a sentence."""

from __future__ import annotations

import pytest

from foreship.approval.life import Life, Stage
from foreship.approval.life_words import life_words


@pytest.mark.parametrize(
    ("life", "said"),
    [
        (Life(Stage.draft), ["A draft: nobody has approved or released it."]),
        (
            Life(Stage.superseded, of="2026-11-16-b"),
            ["Superseded: run 2026-11-16-b took its place."],
        ),
        (Life(Stage.released, "Anna", "2026-11-16T08:00:00Z"), ["Released by Anna on 2026-11-16."]),
        (
            Life(Stage.approved, "Anna", "2026-11-16T08:00:00Z", ("money: too much",)),
            ["Approved by Anna on 2026-11-16.", "Held by money: too much."],
        ),
        (Life(Stage.held), ["Held: it is released only after an approval."]),
    ],
)
def test_a_stage_is_told_with_who_and_when(life: Life, said: list[str]) -> None:
    """Each stage has its words; what held the plan stays told after an approval."""
    assert list(life_words(life)) == said
