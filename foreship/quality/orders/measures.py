"""A unit of measure that changed in mid-history: cases until May, pieces since."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from foreship.errors import Fault
from foreship.quality.evidence import Evidence, Lines
from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.telling.words import number

__all__ = ["units_stay_the_same"]

BLOCKS = 12
"""stretches of a group's lines in order of time, each with its middle quantity"""
FEWEST = 12
"""lines on either side of a change"""
LEAST_FACTOR = 3.0
"""times by which every stretch on one side exceeds every one on the other"""
APART = 1.5
"""times by which the lower tenth of one side exceeds the upper tenth of the other"""
CASES = (6, 10, 12, 20, 24, 25, 30, 48, 50, 60, 100, 144, 500, 1000)
"""usual contents of a case"""
ALL, FEW = 0.95, 0.5
"""shares of lines that come in whole cases on the side of pieces, and on the other one"""
MANY_LINES = 2_000_000
"""lines of which only some days are looked at"""


def units_stay_the_same(seen: Evidence) -> Iterator[Fault]:
    """A unit of measure that changes in mid-history: quantities jump, and stay."""
    lines = seen.lines
    if lines is None or len(lines) < 2 * FEWEST:
        return
    some = _some_days(lines)
    groups = {
        "of all items": np.zeros(len(lines), dtype=np.int64),
        "of a region": lines.region,
        "of an item": lines.item,
    }
    for word, group in groups.items():
        changed = np.zeros(len(lines), dtype=bool)
        for code, day in _changes(group[some], lines.day[some], lines.units[some]):
            changed |= (group == code) & (lines.day == day)
        if changed.any():
            words = (
                f"quantities {word} jump by {number(LEAST_FACTOR)} times or more that day, and stay"
            )
            remedy = "did pieces become cases, or cases pieces?"
            yield seen.about_lines(changed, "quantity", words, remedy)
            return


def _some_days(lines: Lines) -> Ints:
    """Return the lines looked at: those of every n-th day where there are very many."""
    every = len(lines) // MANY_LINES + 1
    every += every % 7 == 0
    return np.flatnonzero(lines.day % every == 0)


def _changes(group: Ints, day: Ints, units: Ints) -> Iterator[tuple[int, int]]:
    """Yield the groups whose quantities jump, with the first day of the later side."""
    order = np.lexsort((units, day, group))
    group, day, units = group[order], day[order], units[order]
    first = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    last = np.append(first[1:], len(group))
    for place in np.flatnonzero(_may_jump(units, first, last)).tolist():
        split = _jump(units[first[place] : last[place]])
        if split:
            yield int(group[first[place]]), int(day[first[place] + split])


def _may_jump(units: Ints, first: Ints, last: Ints) -> Bools:
    """Tell which groups are worth a closer look, by the mean logarithm of each stretch."""
    length = last - first
    group = np.repeat(np.arange(len(first)), length)
    stretch = (np.arange(len(units)) - first[group]) * BLOCKS // length[group]
    size = np.bincount(group * BLOCKS + stretch, np.log(np.maximum(units, 1)))
    count = np.bincount(group * BLOCKS + stretch, minlength=len(first) * BLOCKS)
    mean = np.pad(size, (0, len(count) - len(size))) / np.maximum(count, 1)
    mean = mean.reshape(-1, BLOCKS)
    until, since = _extremes(mean)
    # the stretch in between may hold the change itself
    up, down = since[1][:, 2:] - until[0][:, :-2], until[1][:, :-2] - since[0][:, 2:]
    far = np.maximum(up, down).max(axis=1) >= np.log(LEAST_FACTOR) / 2
    return np.asarray(far & (length >= 2 * FEWEST))


def _extremes(middle: Floats) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return the largest and smallest stretch up to each one, and from each one on."""
    back = middle[..., ::-1]
    until = np.maximum.accumulate(middle, axis=-1), np.minimum.accumulate(middle, axis=-1)
    since = np.maximum.accumulate(back, axis=-1), np.minimum.accumulate(back, axis=-1)
    return until, (since[0][..., ::-1], since[1][..., ::-1])


def _jump(units: Ints) -> int:
    """Return how many lines in order of time stand before a jump, 0 where there is none."""
    edges = np.linspace(0, len(units), min(BLOCKS, len(units) // 3) + 1).astype(np.int64)
    middle = np.array([np.median(units[a:b]) for a, b in pairwise(edges)])
    until, since = _extremes(middle)
    factor = np.maximum(since[1][1:] / until[0][:-1], until[1][:-1] / since[0][1:])
    split = int(factor.argmax())
    if factor[split] < LEAST_FACTOR:
        return 0
    # the change falls into one of the two stretches that meet there: take the clearest line
    at = _sharpest(units, int(edges[split]), int(edges[split + 2]))
    sides = sorted((units[:at], units[at:]), key=np.median)
    if min(map(len, sides)) < FEWEST:
        return 0
    return at if _apart(*sides) or _cases(*sides) else 0


def _sharpest(units: Ints, first: int, last: int) -> int:
    """Return the cut in (first, last) between which sides the logarithms differ most."""
    size = np.log(np.maximum(units, 1))
    total = np.append(0.0, size.cumsum())
    cut = np.arange(max(first, 1), min(last, len(units) - 1) + 1)
    mean = total[cut] / cut, (total[-1] - total[cut]) / (len(units) - cut)
    between = cut * (len(units) - cut) * (mean[0] - mean[1]) ** 2
    return int(cut[between.argmax()])


def _apart(small: Ints, large: Ints) -> bool:
    """Tell whether the two sides hardly overlap."""
    return bool(np.quantile(large, 0.1) >= APART * np.quantile(small, 0.9))


def _cases(small: Ints, large: Ints) -> bool:
    """Tell whether nearly all of one side come in whole cases of some size, the others seldom."""
    return any((large % n == 0).mean() >= ALL and (small % n == 0).mean() <= FEW for n in CASES)
