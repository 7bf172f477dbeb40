"""Short numbers hold what they were given, or longer ones are taken; parts change no digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreship_optimize.arrays import Sparse, add_up, parts, short, shortened, shortest

EDGES = [0, 1, 254, 255, 256, 65_535, 65_536, 2**31 - 1, 2**31, 2**62]


@pytest.mark.parametrize(
    ("most", "kind"),
    [(0, np.uint8), (255, np.uint8), (256, np.uint16), (65_536, np.int32), (2**31, np.int64)],
)
def test_the_shortest_kind_is_the_first_that_holds_the_largest_number(most: int, kind: type):
    """255 still fits a byte, 256 does not; nothing is ever cut off."""
    found = shortest(np.array([0, most]))
    assert found.dtype == kind
    assert found.tolist() == [0, most]


def test_a_number_below_nought_has_no_kind_without_sign():
    """-1 would read 255."""
    with pytest.raises(ValueError, match="below 0"):
        shortest(np.array([-1, 3]))


@given(st.lists(st.sampled_from([*EDGES, *(-edge for edge in EDGES)])))
def test_four_bytes_only_where_they_hold_every_number(values: list[int]):
    """The same numbers come back, on either side of 2^31 and without any number at all."""
    found = short(np.array(values, dtype=np.int64))
    fits = all(-(2**31) <= value < 2**31 for value in values)
    assert found.dtype == (np.int32 if fits else np.int64)
    assert found.tolist() == values


def test_only_long_whole_numbers_of_a_table_are_shortened():
    """Money and truths stay as they are."""

    @dataclass(frozen=True)
    class Table:
        index: np.ndarray
        far: np.ndarray
        money: np.ndarray
        true: np.ndarray

    table = Table(np.array([1, -1]), np.array([2**40]), np.array([0.5]), np.array([True]))
    kinds = [column.dtype for column in vars(shortened(table)).values()]
    assert kinds == [np.int32, np.int64, np.float64, np.bool_]


@given(st.lists(st.sampled_from([0, 0, 0, *EDGES])))
def test_bits_and_others_give_every_number_back(values: list[int]):
    """Eight places share a byte; lengths that are no multiple of eight come back whole."""
    found = Sparse.of(np.array(values, dtype=np.int64)).dense()
    assert found.tolist() == values


@given(st.integers(0, 50), st.integers(1, 20))
def test_parts_cover_every_entry_once(count: int, size: int):
    """In order, none longer than asked for."""
    slices = list(parts(count, size))
    covered = [place for part in slices for place in range(count)[part]]
    assert covered == list(range(count))
    assert all(0 < part.stop - part.start <= size for part in slices)


def test_sums_in_parts_are_those_in_one_to_the_last_digit():
    """Weights are added one after the other in either case: no digit depends on the parts."""
    rng = np.random.default_rng(0)
    place, weight = rng.integers(0, 7, 1000), rng.normal(0, 1e6, 1000) ** 3
    total = np.zeros(7)
    for part in parts(1000, 13):
        add_up(total, short(place[part]), weight[part])
    assert total.tobytes() == np.bincount(place, weight, 7).tobytes()
