"""Rows that name the same thing have the same number, and no others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_foundation.tables.keys import combined_codes


def test_blanks_are_alike_and_columns_do_not_run_together() -> None:
    """(a, bc) is not (ab, c); None is None, NaN is NaN, NaT is NaT."""
    texts = np.array(["a", "ab", None, None], dtype=object)
    more = np.array(["bc", "c", "x", "x"], dtype=object)
    days = np.array(["NaT", "NaT", "NaT", "2026-11-16"], dtype="datetime64[D]")
    numbers = np.array([np.nan, np.nan, 1.0, 1.0])
    codes = combined_codes([texts, more], 4)
    assert len(set(codes[:3].tolist())) == 3 and codes[2] == codes[3]
    codes = combined_codes([days, numbers], 4)
    assert codes[0] == codes[1] and len(set(codes[1:].tolist())) == 3


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", None]), st.integers(0, 2), st.sampled_from([0.5, np.nan])
        ),
        max_size=12,
    )
)
def test_equal_exactly_where_every_column_is(rows: list[tuple]) -> None:
    """Against a comparison row by row."""
    columns = [np.array([row[place] for row in rows], dtype=object) for place in range(3)]
    codes = combined_codes(columns, len(rows)).tolist()
    same = [tuple("blank" if pd.isna(each) else each for each in row) for row in rows]
    for one, first in enumerate(same):
        for other, second in enumerate(same):
            assert (codes[one] == codes[other]) is (first == second)


def test_many_columns_of_many_values_do_not_overflow() -> None:
    """Eight columns of a thousand values: more than 2**63 rows are possible, a thousand differ."""
    rng = np.random.default_rng(0)
    columns = [rng.permutation(1000) for _ in range(8)]
    codes = combined_codes([np.concatenate([each, each]) for each in columns], 2000)
    assert codes[:1000].tolist() == codes[1000:].tolist()
    assert len(np.unique(codes)) == 1000


def test_no_columns_name_one_row() -> None:
    """All rows are alike where nothing tells them apart."""
    assert combined_codes([], 3).tolist() == [0, 0, 0]
