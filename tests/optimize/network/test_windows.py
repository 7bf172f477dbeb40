"""Windows of the assortment against a plain look at every day."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foreship_optimize.network.windows import Windows

CELLS, DAYS = 4, range(-6, 30)
ROWS = st.lists(
    st.tuples(st.integers(0, CELLS - 1), st.integers(-20, 20), st.integers(0, 12)), max_size=12
)


def windows_of(rows: list[tuple[int, int, int]]) -> Windows:
    """Return the windows of rows (cell, first day, days it stays open after it)."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Windows.of_rows(CELLS, table[:, 0], table[:, 1], table[:, 1] + table[:, 2])


@given(ROWS)
def test_a_cell_is_open_while_any_of_its_rows_is(rows: list[tuple[int, int, int]]) -> None:
    """On each day from `as_of` on; a cell without rows always is, one that is over never."""
    windows = windows_of(rows)
    for cell in range(CELLS):
        mine = [(first, first + more) for of, first, more in rows if of == cell]
        for day in range(30):
            found = windows.admit(np.array([cell]), np.array([day]), 1).tolist()
            assert found == [not mine or any(first <= day <= last for first, last in mine)]


@given(ROWS)
def test_the_end_is_that_of_the_open_window_else_of_the_next(
    rows: list[tuple[int, int, int]],
) -> None:
    """Days open without a break from the day, or from the next day that is open, on."""
    windows = windows_of(rows)
    for cell in range(CELLS):
        days = {
            day for of, first, more in rows if of == cell for day in range(first, first + more + 1)
        }
        for day in range(30):
            ahead = sorted(each for each in days if each >= day)
            if not ahead:
                continue
            last = ahead[0]
            while last + 1 in days:
                last += 1
            assert windows.end_after(np.array([cell]), day).tolist() == [last]


def test_rows_that_follow_on_each_other_are_one_window() -> None:
    """To day 6 and from day 7: one; a day between makes two."""
    assert windows_of([(0, 0, 6), (0, 7, 3)]).last_day[0].tolist() == [10]
    assert windows_of([(0, 0, 6), (0, 8, 3)]).last_day[0].tolist() == [6, 11]
