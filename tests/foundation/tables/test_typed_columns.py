"""One column of a frame in memory: typed by its kind, with what is at fault marked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.tables.declaration import Column
from foreship_foundation.tables.typed_columns import TypedColumn, typed_column


def typed(values: list, kind: str, **about) -> TypedColumn:
    """Type a column of objects, as a careless frame holds it."""
    return typed_column(pd.Series(values, dtype=object), Column("x", kind, "any", **about))


def test_text_is_kept_whole_numbers_are_text_and_all_else_is_at_fault() -> None:
    """7 and '7' are one id; True, 7.5 and a list are none."""
    found = typed(["007", 7, "7", True, 7.5, ""], "id")
    assert found.values.tolist() == ["007", "7", "7", "", "", ""]
    assert found.bad.tolist() == [False, False, False, True, True, False]
    assert found.blank.tolist() == [False, False, False, False, False, True]
    assert found.right == "text"
    # 7 and '7' are apart as objects, so texts themselves are compared
    assert found.comparable.tolist() == found.values.tolist()
    plain = typed(["b", "a", "b"], "id")
    assert plain.alike is not None and plain.comparable[0] == plain.comparable[2]


def test_numbers_with_blanks_are_ids_where_nothing_must_match() -> None:
    """An order's number may be a fraction for its blanks; an id that others refer to may not."""
    order = typed([536365.0, np.nan, 7.5], "id", default="")
    assert order.values.tolist() == ["536365", "", ""]
    assert order.bad.tolist() == [False, False, True]
    assert typed([7.0], "id", required=True).bad.all()
    assert typed([7.0], "id", refers=("items.item",)).bad.all()


def test_a_word_that_is_no_choice_is_at_fault() -> None:
    """A blank is judged by the table."""
    found = typed(["fix", "fixed", ""], "text", choices=("fix", "forbid"))
    assert found.bad.tolist() == [False, True, False]
    assert found.right == "one of fix, forbid"


def test_days_lose_their_hour_and_zone_and_weeks_are_mondays() -> None:
    """Late on a Monday in Berlin is that Monday; a Tuesday names no week; 1899 is too far."""
    late = pd.Timestamp("2026-11-16 23:30", tz="Europe/Berlin")
    found = typed_column(pd.Series([late, pd.NaT]), Column("x", "date", "any"))
    assert found.values[0] == np.datetime64("2026-11-16")
    assert found.blank.tolist() == [False, True] and not found.bad.any()
    weeks = typed(["2026-11-16", "2026-11-17", "1899-12-25", "soon"], "week")
    assert weeks.bad.tolist() == [False, True, True, True]
    assert typed_column(pd.Series([20261116]), Column("x", "date", "any")).bad.tolist() == [True]
    assert weeks.right == "a Monday, by which its week is named"


@pytest.mark.parametrize(
    ("kind", "about", "values", "bad"),
    [
        ("units", {"low": 0.0, "high": 1e9}, [1, 1.5, -1, 1e13], [False, True, True, True]),
        ("flag", {}, [0, 1, 2, 0.5], [False, False, True, True]),
        ("number", {"default": np.inf, "low": 0.0}, [np.inf, -np.inf, "3", "x"],
         [False, True, False, True]),
        ("money", {"above_zero": True}, [0.0, 0.01, np.inf, True], [True, False, True, False]),
    ],
)  # fmt: skip
def test_numbers_are_judged_by_kind_and_range(kind: str, about: dict, values: list, bad: list):
    """Whole numbers up to 10**9, flags 0 or 1, infinity only where it stands for unlimited."""
    assert typed(values, kind, **about).bad.tolist() == bad


def test_large_counts_never_pass_through_a_float() -> None:
    """One below the most stays so; what is blank or bad takes the default."""
    found = typed_column(pd.Series([10**9 - 1, -1]), Column("x", "units", "any", default=4, low=0))
    assert found.values.tolist() == [10**9 - 1, 4]
    assert found.right == "a whole number, 0 or more"


def test_weekdays_are_kept_as_written_and_other_words_are_at_fault() -> None:
    """A blank is every day; a number is no weekday."""
    found = typed(["Mon, fri", "Funday", "", 1], "weekdays", default="")
    assert found.values.tolist() == ["Mon, fri", "Funday", "", "1"]
    assert found.bad.tolist() == [False, True, False, True]
    assert found.blank.tolist() == [False, False, True, False]
    assert found.right == "of Mon, Tue, Wed, Thu, Fri, Sat, Sun"
