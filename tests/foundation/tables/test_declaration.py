"""Columns and tables as they are declared: their words, and what may be left out of them."""

from __future__ import annotations

import math

import pytest

from foreship_foundation.tables.declaration import Column, Table

PAIR = Table(
    "pairs", "two and more",
    (
        Column("a", "id", "first", required=True),
        Column("b", "id", "second", required=True),
        Column("n", "number", "how many", default=2.5),
    ),
    key=("a", "b"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"low": 0.0, "high": 1.0}, "0 to 1"),
        ({"low": 2.0}, "2 or more"),
        ({"above_zero": True, "low": 0.0}, "above 0"),
        ({"choices": ("yes", "no"), "low": 0.0}, "one of yes, no"),
        ({}, ""),
    ],
)
def test_a_range_is_said_in_words(about: dict, words: str) -> None:
    """Words before numbers, and `above 0` before a lower end."""
    assert Column("x", "number", "any", **about).span() == words


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"required": True, "default": 1.0}, "required"),
        ({"default": 2.5}, "2.5"),
        ({"default": math.inf, "default_words": "unlimited"}, "unlimited"),
        ({"default": math.inf}, "blank"),
        ({"default": ""}, "blank"),
        ({"default": 0}, "0"),
    ],
)
def test_a_blank_is_said_in_words(about: dict, words: str) -> None:
    """Plain numbers stand for themselves; what is no number needs words of its own."""
    assert Column("x", "number", "any", **about).blank() == words


def test_a_part_of_a_table_keeps_its_key_whole_or_not_at_all() -> None:
    """A row is named by both columns: without one of them it has no name."""
    assert PAIR.only("b", "a").key == ("a", "b")
    assert PAIR.only("b", "a").names == ("b", "a")
    assert PAIR.only("a", "n").key == ()
    with pytest.raises(KeyError, match="pairs has no column c"):
        PAIR.only("a", "c")


def test_a_table_says_what_it_needs_and_what_it_may_have() -> None:
    """Optional columns stand in brackets, where there are any."""
    assert str(PAIR) == "pairs: a, b [n]"
    assert str(PAIR.only("a")) == "pairs: a"
    more = PAIR.and_also(Column("m", "text", "more"))
    assert str(more) == "pairs: a, b [n, m]" and more.key == PAIR.key
    assert more.column("m").meaning == "more"
