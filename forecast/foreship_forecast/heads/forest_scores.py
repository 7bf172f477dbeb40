"""What a forest says of many rows: the sums that LightGBM gives, to the bit, for less.

LightGBM walks each row down each tree, and a processor guesses wrong at every second node which
way it goes. Here each node is asked of a stretch of rows at once, also of those that never come to
it: a comparison of columns, of which a processor does many at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints, Singles

__all__ = ["Forest"]

STRETCH = 16_384
"""rows asked at a time, so that their columns stay at hand; never changes a value"""
NEAREST_TO_ZERO = 1e-35
"""below it LightGBM takes a number for zero"""
BLANK_LEFT, ZERO_IS_BLANK, BLANK_IS_KNOWN = 2, 4, 8
"""bits of a node's `decision_type`: where blanks go, whether zeros are such, whether training had
any; where it had none, blanks are zeros"""
FORESTS_KEPT = 8


@dataclass(frozen=True)
class _Node:
    """A question about rows: is a column above a threshold. Those for whom it is go right."""

    place: int
    """among the nodes of its tree, each behind the one above it"""
    column: int
    most: np.float32
    """largest single-precision number that does not exceed the threshold"""
    blank_right: bool
    left: int
    """place of the node on the left; below 0 where that is a leaf"""
    right: int
    passed: int
    """leaves on the left"""


@dataclass(frozen=True)
class _Tree:
    """Nodes, and what the leaves say, numbered from left to right."""

    nodes: tuple[_Node, ...]
    leaves: Floats

    def add_to(self, total: Floats, columns: dict[int, Singles]) -> None:
        """Add to each row what its leaf says, shape (N,)."""
        leaf = np.zeros(len(total), dtype=np.uint8)
        above = np.empty(len(total), dtype=bool)
        # which rows come to a node; all come to the first
        here: dict[int, Bools] = {0: np.ones(len(total), dtype=bool)}
        for node in self.nodes:
            come, column = here.pop(node.place), columns[node.column]
            if node.blank_right:
                np.less_equal(column, node.most, out=above)
                np.greater(come, above, out=above)
            else:
                np.greater(column, node.most, out=above)
                np.logical_and(come, above, out=above)
            passed = above.view(np.uint8)
            leaf += passed if node.passed == 1 else passed * np.uint8(node.passed)
            if node.left > 0:
                here[node.left] = come > above
            if node.right > 0:
                here[node.right], above = above, np.empty(len(total), dtype=bool)
        total += self.leaves[leaf]


@dataclass(frozen=True)
class Forest:
    """Trees that score rows; what they say is added up in their order."""

    trees: tuple[_Tree, ...]

    @classmethod
    @lru_cache(maxsize=FORESTS_KEPT)
    def of(cls, text: str) -> Forest | None:
        """Read the text of a sound forest; None where LightGBM alone can follow it.

        That is a forest that takes zeros for blanks, or tells apart what it calls zero.
        """
        trees = [_fields(each) for each in text.partition("\n\n")[2].split("\n\n\n")[:-1]]
        if any(each["num_leaves"] != "1" and not _followed(each) for each in trees):
            return None
        return cls(tuple(map(_tree, trees)))

    def scores(self, matrix: Singles, rows: Ints) -> Floats:
        """Return what the trees say of some rows of a matrix, shape (N,)."""
        found = np.zeros(len(rows))
        used = sorted({node.column for tree in self.trees for node in tree.nodes})
        for first in range(0, len(rows), STRETCH):
            stretch = slice(first, first + STRETCH)
            some = rows[stretch]
            columns = {column: matrix[some, column] for column in used}
            for tree in self.trees:
                tree.add_to(found[stretch], columns)
        return found


def _fields(text: str) -> dict[str, str]:
    lines = (line.partition("=") for line in text.strip().split("\n"))
    return {name: value for name, _, value in lines}


def _numbers(text: str, kind: type[Any]) -> Any:
    return np.array(text.split(), dtype=kind)


def _followed(tree: dict[str, str]) -> bool:
    """Return whether all thresholds and zeros are what they are for LightGBM."""
    near = np.abs(_numbers(tree["threshold"], np.float64)) < NEAREST_TO_ZERO
    zeros = _numbers(tree["decision_type"], np.int64) & ZERO_IS_BLANK
    return not (near.any() or zeros.any())


def _tree(text: dict[str, str]) -> _Tree:
    """Number the leaves of a tree from left to right, and lay out its nodes."""
    left, right = (_numbers(text[f"{side}_child"], np.int64) for side in ("left", "right"))
    order = list(_leaves(left, right, 0)) if len(left) else [0]
    below = _leaves_below(left, right)
    nodes = tuple(
        _Node(place, column, most, blank, int(left[place]), int(right[place]), below[left[place]])
        for place, (column, most, blank) in enumerate(_questions(text))
    )
    return _Tree(nodes, _numbers(text["leaf_value"], np.float64)[order])


def _questions(text: dict[str, str]) -> Iterator[tuple[int, np.float32, bool]]:
    """Yield the column of each node, the largest value that goes left, and where blanks go."""
    threshold = _numbers(text["threshold"], np.float64)
    with np.errstate(over="ignore"):
        most = threshold.astype(np.float32)
    most = np.where(most > threshold, np.nextafter(most, np.float32(-np.inf)), most)
    decision = _numbers(text["decision_type"], np.int64)
    known = (decision & BLANK_IS_KNOWN) > 0
    right = np.where(known, (decision & BLANK_LEFT) == 0, threshold < 0)
    columns = _numbers(text["split_feature"], np.int64).tolist()
    return zip(columns, most, right.tolist(), strict=True)


def _leaves(left: Ints, right: Ints, node: int) -> Iterator[int]:
    """Yield the leaves below a node from left to right."""
    for child in (int(left[node]), int(right[node])):
        if child < 0:
            yield -child - 1
        else:
            yield from _leaves(left, right, child)


def _leaves_below(left: Ints, right: Ints) -> dict[int, int]:
    """Return how many leaves lie below each child, itself where it is one."""
    found: dict[int, int] = {}
    for node in range(len(left) - 1, -1, -1):
        for child in (int(left[node]), int(right[node])):
            found.setdefault(child, 1)
        found[node] = found[int(left[node])] + found[int(right[node])]
    return found
