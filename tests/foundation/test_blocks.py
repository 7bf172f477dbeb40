"""Blocks hold each place once, and are worked on in turn."""

from __future__ import annotations

from functools import partial

from foreship_foundation.blocks import in_turn, rows_of_block, stretches


def test_stretches_follow_each_other() -> None:
    """Every place once; of none there is one empty stretch."""
    assert [each.tolist() for each in stretches(5, 2)] == [[0, 1], [2, 3], [4]]
    assert [each.tolist() for each in stretches(0, 2)] == [[]]


def test_parts_are_made_when_their_turn_comes() -> None:
    """One after another: no part is made before the one before it is done."""
    seen: list[str] = []

    def make(name: str) -> str:
        seen.append(f"make {name}")
        return name

    done = in_turn(str.upper, [partial(make, each) for each in "ab"])
    assert next(done) == "A" and seen == ["make a"]
    assert next(done) == "B" and seen == ["make a", "make b"]


def test_who_works_elsewhere_may_ask_for_smaller_blocks() -> None:
    """Never for larger ones than are wanted; who works here takes what there is."""

    class Elsewhere:
        most_rows = 10

        __call__ = staticmethod(in_turn)

    assert rows_of_block(in_turn, 1_000) == 1_000
    assert rows_of_block(Elsewhere(), 1_000) == 10
    assert rows_of_block(Elsewhere(), 3) == 3
