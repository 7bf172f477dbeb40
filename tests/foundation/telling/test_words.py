"""Counts, lists, shares, money and sentences are written one way, in every room."""

from __future__ import annotations

import math

import pytest

from foreship_foundation.telling import words


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 weeks"), (1, "1 week"), (2, "2 weeks"), (12_345, "12,345 weeks")]
)
def test_a_noun_is_as_many_as_its_count(count: int, said: str) -> None:
    """One is singular, none and many are plural; thousands stand in groups."""
    assert words.plural(count, "week") == said
    verb = "cell has" if count == 1 else "cells have"
    assert words.plural(count, "cell has", "cells have") == f"{count:,} {verb}"


@pytest.mark.parametrize(
    ("names", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_has_one_and(names: list[str], said: str) -> None:
    """Commas, and one word before the last name."""
    assert words.listed(names) == said
    assert words.listed(names, last="or") == said.replace(" and ", " or ")


def test_a_long_list_counts_what_it_does_not_name() -> None:
    """What is left out is counted, and takes the place of the last name."""
    assert words.listed("abcde", most=2) == "a, b and 3 more"
    assert words.listed("abc", most=3) == "a, b and c"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([3, 4, 5, 6], "Thursday to Sunday"),
        ([5, 6], "Saturday and Sunday"),
        ([6, 0, 1, 2, 4], "Monday to Wednesday, Friday and Sunday"),
        ([], ""),
    ],
)
def test_neighbouring_weekdays_are_a_range(days: list[int], said: str) -> None:
    """From three on, in whatever order they come."""
    assert words.weekdays(days) == said


def test_shares_and_money_have_no_minus_nought_and_no_nan() -> None:
    """What is rounded to 0 has no sign; what is not known is said to be so."""
    assert [words.percent(each) for each in (0.05, -0.001, -0.5)] == ["5 %", "0 %", "\u221250 %"]
    assert words.percent(0.00049, 2) == "0.05 %"
    assert [words.chance(each) for each in (0.235, 1.0)] == ["23.5 %", "100.0 %"]
    assert [words.money(each) for each in (-0.001, 1234.5)] == ["0.00", "1,234.50"]
    assert words.money(math.nan) == words.percent(math.inf) == "unknown"
    assert words.units(-3) == "\u22123" and words.units(3, sign=True) == "+3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("two lanes left out", "Two lanes left out."),
        ("is the export complete?", "Is the export complete?"),
        ("orders: two rows", "orders: two rows."),
        ("orders.date: not a date", "orders.date: not a date."),
        ("A-1 is overfull", "A-1 is overfull."),
        ("the limits cannot all hold:", "The limits cannot all hold:"),
        ("Done.", "Done."),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_and_ends_with_a_stop(text: str, said: str) -> None:
    """Names of tables, columns and items keep their letters."""
    assert words.sentence(text) == said
    assert words.sentence(said) == said


def test_notes_are_sentences_each_once() -> None:
    """The same note of two rooms is said once; figures for the appendix are told apart."""
    said = words.sentences(["one left out", "One left out.", f"{words.STATISTICS}gap 2"])
    assert said == ["One left out.", "Statistics: gap 2."]
    assert [words.is_statistic(each) for each in said] == [False, True]


def test_no_word_is_torn_and_no_table_is_touched() -> None:
    """Lines end between words, a percentage stays whole, columns stay under each other."""
    text = "of past orders 100 % are real\n  a   table  of   columns that is long\nshort"
    lines = words.fitted(text, 19, hanging="  ").split("\n")
    assert lines == [
        "of past orders",
        "  100 % are real",
        "  a   table  of   columns that is long",
        "short",
    ]
    assert words.fitted("  - a point of some words", 16, hanging="  ").split("\n") == [
        "  - a point of",
        "    some words",
    ]
    long = "x" * 30
    assert words.fitted(f"see {long} there", 12).split("\n") == ["see", long, "there"]


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (2_000_000.0, 6, "2,000,000"),
        (12_345.678, 3, "12300"),
        (1e-5, 6, "0.00001"),
        (-1e-15, 6, "0"),
        (0.1 + 0.2, 6, "0.3"),
        (math.inf, 6, "unknown"),
    ],
)
def test_a_number_has_no_exponent_and_no_tail(value: float, digits: int, said: str) -> None:
    """As many digits as count, in groups from a million on."""
    assert words.number(value, digits) == said
