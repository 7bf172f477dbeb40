"""The worth of units by compiled loops: what `UnitValuer` works out on arrays, for many cells.

Products of matrices are NumPy's in both, so that not a bit differs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.valuation.unit_worth.path_histograms import SCENARIO_STEP, TAIL_WEEKS
from foreship_optimize.valuation.unit_worth.recursion import (
    FOR_EVER,
    LONGEST_WAIT,
    Terms,
    ending_worth,
    first_unsold_worth,
    kept_until_review,
)

__all__ = ["FirstWindow", "Reviews", "values_of_units"]


class FirstWindow(NamedTuple):
    """What the first window does to the units of a block, and demand after it."""

    need: Ints
    """beyond what is there, (B, S)"""
    left: Ints
    """still there at its end, (B, S)"""
    marks: Ints
    """need up to each week-end before its end, (W, B, S)"""
    weekly: Ints
    """demand of the weeks of the horizon, one of which begins at the review, (B, M, S)"""
    first_week: int
    """that begins at the review"""
    weeks: int
    """week-ends from one review to the next, of the first one"""
    nights: int
    """week-ends that a unit not bought lies through before it"""


class Reviews(NamedTuple):
    """When cells are over: as of `later_outcome`."""

    closed: Bools
    ends: Ints


def values_of_units(
    window: FirstWindow, terms: Terms, units: Ints, ranks: int, reviews: Reviews
) -> Floats:
    """Value the units of a block of cells, one row a unit: v_k, p_k, b_k, r_k, shape (N, 4).

    Parameters
    ----------
    units
        To value of each cell, (B,).
    ranks
        K: demand and ranks are told apart up to it.
    """
    from foreship_optimize.valuation.unit_worth.recursion_loops import units_of_block

    worth = _worth_at_first_review(window, terms, ranks, reviews)
    known = np.full((len(units), int(units.max(initial=0))), np.nan)
    deep = np.flatnonzero(units + (window.left - window.need).max(axis=1) > ranks)
    if len(deep):
        mean = window.weekly[deep].mean(axis=(1, 2))
        known[deep] = first_unsold_worth(
            window.need[deep], window.left[deep], worth[deep], terms.rows(deep), mean,
            known.shape[1],
        )  # fmt: skip
    money = _columns(
        terms.sale_after(window.weeks),
        terms.waiting,
        terms.holding * window.nights,
        terms.exit_cost,
        terms.closing_lead,
        terms.holding * terms.review_weeks,
    )
    found = np.empty((int(units.sum()), 4))
    units_of_block(window.need, window.left, window.marks, worth, units, known, money, found)
    return found


def _worth_at_first_review(
    window: FirstWindow, terms: Terms, ranks: int, reviews: Reviews
) -> Floats:
    """R(j | k) at the first review, (B, K, K): the recursion from the horizon back to it."""
    from foreship_optimize.valuation.unit_worth.recursion_loops import (
        law_of_window,
        outcome_of_window,
        windows_of,
    )

    cells, known, paths = window.weekly.shape
    span, count = terms.span_weeks, reviews.closed.shape[1] - 1
    demand = np.empty((cells, count, paths), dtype=np.int32)
    early = np.empty((cells, count, span - 1, paths), dtype=np.int32)
    tail = min(TAIL_WEEKS, known)
    windows_of(window.weekly, window.first_week, span, tail, SCENARIO_STEP, ranks, demand, early)
    outcome = _last_outcome(demand, early, terms, ranks, reviews.ends)
    law, worth = np.empty((cells, ranks, ranks + 1)), np.empty((cells, ranks, ranks))
    waits = np.empty((cells, ranks, ranks) if span > 1 else (cells, 0, 0))
    for review in range(count - 1, -1, -1):
        first = demand[:, review - 1] if review else np.minimum(window.need, ranks)
        first = np.ascontiguousarray(first, dtype=np.int32)
        law_of_window(first, demand, early, review, law, waits)
        then = terms.at_review(review)
        weeks = span if review else window.weeks
        money = _columns(
            then.waiting,
            then.lying[0] if then.lying else 0.0 * then.holding,
            then.next_cost,
            then.exit_cost,
            then.closing_over(weeks),
            then.sale_after(span),
            then.holding * span,
        )
        kept = kept_until_review(law, outcome)
        closed = np.ascontiguousarray(reviews.closed[:, review])
        outcome_of_window(kept, waits, span - 1, closed, money, worth, outcome)
    return worth


def _last_outcome(demand: Ints, early: Ints, terms: Terms, ranks: int, ends: Ints) -> Floats:
    """Value of unit k in the last window by its demand, (B, K + 1, K) (equations 10 and 10a)."""
    from foreship_optimize.valuation.unit_worth.recursion_loops import (
        early_of_last,
        outcome_of_tail,
        stationary,
        tail_of,
    )

    cells, count, _ = demand.shape
    span, beyond = terms.span_weeks, terms.beyond(count)
    law, tail = np.empty((cells, ranks + 1)), np.empty((cells, ranks))
    tail_of(demand, min(max(1, TAIL_WEEKS // span), count), law)
    lain = np.empty((cells, ranks + 1, ranks) if span > 1 else (cells, 0, 0))
    if span > 1:
        early_of_last(demand, early, lain)
    sale, held = beyond.sale_after(span), beyond.holding * span
    longest = np.full(cells, LONGEST_WAIT)
    money = _columns(
        sale, held, beyond.waiting, beyond.next_cost, beyond.exit_cost,
        beyond.closing_over(span), longest,
    )  # fmt: skip
    stationary(law, lain, span - 1, money, tail)
    near = np.flatnonzero(ends < FOR_EVER)
    if len(near):
        inside = lain[near] if span > 1 else None
        tail[near] = ending_worth(law[near], beyond.rows(near), inside, ends[near])
    outcome = np.empty((cells, ranks + 1, ranks))
    outcome_of_tail(tail, _columns(sale, held), outcome)
    return outcome


def _columns(*numbers: Floats) -> Floats:
    """Lay numbers of each cell side by side, (B, n)."""
    return np.stack(numbers, axis=1)
