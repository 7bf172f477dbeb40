"""What a table holds as one hash: alike where two tables say the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_foundation.tables import contents
from foreship_foundation.tables.contents import content_hash


def table() -> pd.DataFrame:
    """Return a table with a column of every kind."""
    return pd.DataFrame(
        {
            "item": ["00123", "NA", "b"],
            "units": [1, 2, 2],
            "cost": [0.5, np.nan, -1.0],
            "day": pd.to_datetime(["2026-11-16", "2026-11-17", None]),
            "name": ["", None, "x"],
        }
    )


@pytest.mark.parametrize(
    "same",
    [
        lambda known: known.iloc[::-1],
        lambda known: known[known.columns[::-1]],
        lambda known: known.set_axis([7, 8, 9]),
        lambda known: known.astype({"units": float, "item": object}),
        lambda known: known.astype({"day": "datetime64[s]", "item": "category"}),
        lambda known: known.assign(name=["", "", "x"]),
        lambda known: known.copy(),
    ],
)
def test_types_order_and_blanks_do_not_matter(same) -> None:
    """The same rows are the same content, however they are kept."""
    assert content_hash(same(table())) == content_hash(table())


@pytest.mark.parametrize(
    "other",
    [
        lambda known: known.assign(units=[1, 2, 3]),
        lambda known: known.assign(units=[2, 1, 2]),  # the same values in other rows
        lambda known: known.assign(item=["123", "NA", "b"]),
        lambda known: known.assign(cost=[0.5, 0.0, -1.0]),
        lambda known: known.rename(columns={"cost": "price"}),
        lambda known: known.drop(columns="name"),
        lambda known: pd.concat([known, known.iloc[[2]]]),
        lambda known: known.iloc[:2],
        lambda known: known.iloc[:0],
        lambda known: known.assign(day=known["day"] + pd.Timedelta(days=1)),
    ],
)
def test_any_other_value_is_another_content(other) -> None:
    """A value, its row, a column's name, a row twice or not at all."""
    assert content_hash(other(table())) != content_hash(table())


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab")), max_size=6),
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab")), max_size=6),
)
def test_contents_are_equal_exactly_where_the_rows_are(one: list, two: list) -> None:
    """Compared with the rows themselves, sorted."""
    frames = [pd.DataFrame(rows, columns=["units", "item"]) for rows in (one, two)]
    first, second = map(content_hash, frames)
    assert (first == second) == (sorted(one) == sorted(two))


def test_how_many_rows_are_looked_at_at_once_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One by one they are the same content, also where a slice has no text, no day, no number."""
    whole = content_hash(table())
    monkeypatch.setattr(contents, "AT_ONCE", 1)
    assert content_hash(table()) == whole
