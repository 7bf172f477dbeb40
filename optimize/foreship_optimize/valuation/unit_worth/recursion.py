"""The value of the k-th unit of a cell, by backward recursion over the reviews.

The equations are numbered as in docs/value.md. All arrays carry a block of B cells first;
unit k stands at position k - 1.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.valuation.unit_worth.path_histograms import (
    PathHistograms,
    counted,
    early_weeks,
    stayed,
    tail_law,
    waits_if_stayed,
)

__all__ = [
    "FOR_EVER",
    "Terms",
    "ending_worth",
    "first_unsold_worth",
    "kept_until_review",
    "later_outcome",
    "stationary_worth",
    "value_of_window",
    "worth_at_review",
    "worth_if_stayed",
]


FOR_EVER: Final = 104
"""Windows beyond the horizon from which on a known end is taken never to come."""
LONGEST_WAIT: Final = 1e4
"""Weeks after which a unit is taken never to be reached by demand."""
PRODUCT_ROWS: Final = 48
"""Rows of a product taken at a time: few enough that BLAS does not wake threads of its own, which
on a busy machine wait for each other ten times as long as they work. Never changes a bit."""


@dataclass(frozen=True)
class Terms:
    """Money of a block of cells, one number a cell [money a unit]."""

    benefit: Floats
    """b: what a sale from staging adds"""
    next_cost: Floats
    """c_next: landed cost of a unit at the next review; inf where none can come"""
    exit_cost: Floats
    """e: cheapest exit, negative where an exit pays"""
    holding: Floats
    """h: a unit lying in the region at a week-end"""
    closing: Floats
    """d: weekly chance that the cell closes without notice [0, 1)"""
    closing_lead: Floats
    """D: the same chance over the lead time [0, 1)"""
    review_weeks: int
    """w: weeks from the arrival of one plan to the arrival of the next"""
    span_weeks: int
    """n: weeks from a review until the plan made then has had its window: lead time + w"""
    later_costs: tuple[Floats, ...] = ()
    """c_next at the reviews after that, the last one for all that follow; none where it never
    changes"""
    lying: tuple[Floats, ...] = ()
    """what a unit that is kept pays for storage at the first review and those after it, as the
    costs; none where storage is never scarce (equation 33a)"""

    def rows(self, index: Ints | slice) -> Terms:
        """Return the same terms for some of the cells."""
        arrays = {each.name: getattr(self, each.name)[index] for each in fields(self)[:-4]}
        later = tuple(cost[index] for cost in self.later_costs)
        paid = tuple(each[index] for each in self.lying)
        return replace(self, **arrays, later_costs=later, lying=paid)

    def at_review(self, review: int) -> Terms:
        """Return the terms as seen from that many reviews after the first one."""
        if not self.later_costs or not review:
            return self
        cost = self.later_costs[min(review, len(self.later_costs)) - 1]
        lying = self.lying[min(review, len(self.lying) - 1) :] if self.lying else ()
        return replace(self, next_cost=cost, lying=lying)

    def beyond(self, windows: int) -> Terms:
        """Return the terms after so many windows: what lies there then pays for no storage."""
        return replace(self.at_review(windows), lying=())

    def closing_over(self, weeks: int) -> Floats:
        """Chance that the cell closes within that many weeks, shape (B,)."""
        return np.asarray(1.0 - (1.0 - self.closing) ** weeks)

    def sale_after(self, weeks: int) -> Floats:
        """Equation 11: a sale counts at least as much as keeping the unit until the review."""
        kept = worth_at_review(self.benefit, self, weeks) - self.holding * weeks
        return np.maximum(self.benefit, kept)

    @property
    def waiting(self) -> Floats:
        """Cost of each week-end before a sale: holding, and the sale lost if the cell closes."""
        return self.holding + self.closing * np.maximum(self.benefit + self.exit_cost, 0.0)

    def on_arrival(self, outcome: Floats) -> Floats:
        """Equation 12: an outcome at arrival, seen from `as_of`: the cell may close before."""
        lead = self.closing_lead[:, None]
        return np.asarray((1.0 - lead) * outcome - lead * self.exit_cost[:, None])


def _broadcast(each: Floats, like: Floats) -> Floats:
    """Give an array with one number a cell the trailing axes of another."""
    return each.reshape(each.shape + (1,) * (like.ndim - 1))


def worth_at_review(value: Floats, terms: Terms, weeks: int) -> Floats:
    """Equation 8: worth R of an unsold unit at a review `weeks` after the previous one.

    Parameters
    ----------
    value
        Worth of the unit there if it is kept, shape (B, ...).
    """
    exit_cost = _broadcast(terms.exit_cost, value)
    closing = _broadcast(terms.closing_over(weeks), value)
    if terms.lying:
        value = value - _broadcast(terms.lying[0], value)
    kept = np.minimum(_broadcast(terms.next_cost, value), np.maximum(-exit_cost, value))
    return np.asarray((1.0 - closing) * kept - closing * exit_cost)


def stationary_worth(law: Floats, terms: Terms, early: Floats | None = None) -> Floats:
    """Equation 10: R(j) at a review if the same distribution of demand repeats for ever.

    Parameters
    ----------
    law
        P(demand of a window of n weeks = a), shape (B, K + 1), the last entry for K or more.
    early
        As from `histograms.early_weeks`.

    Returns
    -------
    R(j), shape (B, K). Solved rank by rank: the equation of a rank is piecewise linear in its
    own value with a slope below one, so that its fixpoint is known exactly.
    """
    cells, width = law.shape
    span = terms.span_weeks
    worth = np.zeros((cells, width - 1))
    at_least = law[:, ::-1].cumsum(axis=1)[:, ::-1]
    sale, held = terms.sale_after(span), terms.holding * span
    for rank in range(1, width):
        sold = at_least[:, rank]
        known = sold * sale - (1.0 - sold) * held
        if early is not None:
            weeks = (law[:, rank:] * early[:, rank:, rank - 1]).sum(axis=1)
            known = known - terms.waiting * weeks
        if rank > 1:
            known = known + (law[:, 1:rank] * worth[:, rank - 2 :: -1]).sum(axis=1)
        worth[:, rank - 1] = _own_fixpoint(known, law[:, 0], terms)
    return worth


def ending_worth(law: Floats, terms: Terms, early: Floats | None, windows: Ints) -> Floats:
    """Equation 10a: R(j) at a review that many windows before the cell's known end.

    Parameters
    ----------
    law, early
        As of `stationary_worth`.
    windows
        Windows from that review to the first one at which the cell is over, shape (B,), 0 or more.

    Returns
    -------
    R(j), shape (B, K).
    """
    cells, ranks = len(law), law.shape[1] - 1
    worth = np.repeat(-terms.exit_cost[:, None], ranks, axis=1)
    for window in range(int(windows.max(initial=0))):
        kept = np.broadcast_to(worth[:, None, :], (cells, ranks, ranks))
        outcome = value_of_window(kept, terms, early)
        before = worth_at_review((law[:, None, :] @ outcome)[:, 0], terms, terms.span_weeks)
        worth = np.where((window < windows)[:, None], before, worth)
    return worth


def _own_fixpoint(known: Floats, idle: Floats, terms: Terms) -> Floats:
    """Solve x = known + idle R(x), branch by branch, and return R(x)."""
    closing = terms.closing_over(terms.span_weeks)
    slope = idle * (1.0 - closing)
    level = known - idle * closing * terms.exit_cost
    endless = slope >= 1.0
    inside = np.where(endless, 0.0, level / np.where(endless, 1.0, 1.0 - slope))
    # No demand and no end: any holding cost adds up without limit, none leaves the unit as it is.
    drift = np.sign(level) * LONGEST_WAIT * np.maximum(1.0, np.abs(terms.exit_cost))
    value = np.where(endless & (level != 0.0), drift, inside)
    return worth_at_review(value, terms, terms.span_weeks)


def later_outcome(histograms: PathHistograms, terms: Terms, closed: Bools, ends: Ints) -> Floats:
    """Equation 9: run the recursion from the horizon back to the first review.

    Parameters
    ----------
    histograms
        Demand of T windows counted from the first review.
    terms
        Money of the cells.
    closed
        True where the cell is over by review t = 1..T + 1, shape (B, T + 1).
    ends
        Windows from review T + 1 to the first one at which the cell is over, shape (B,);
        `FOR_EVER` or more: no end is in sight.

    Returns
    -------
    Worth of unit k at the first review when the window after it wants a units, before the
    week-ends that it waits there, shape (B, K + 1, K).
    """
    law = tail_law(histograms, terms.span_weeks)
    last = early_weeks(histograms, histograms.count - 1)
    beyond = terms.beyond(histograms.count)
    tail = stationary_worth(law, beyond, last)
    near = np.flatnonzero(ends < FOR_EVER)
    if len(near):
        early = None if last is None else last[near]
        tail[near] = ending_worth(law[near], beyond.rows(near), early, ends[near])
    worth = np.broadcast_to(tail[:, None, :], (len(tail), histograms.ranks, histograms.ranks))
    outcome = value_of_window(worth, beyond, None)
    for window in range(histograms.count - 2, -1, -1):
        joint = counted(
            histograms.windows[:, window], histograms.windows[:, window + 1], histograms.ranks
        )
        span, then = terms.span_weeks, terms.at_review(window + 1)
        waits = waits_if_stayed(histograms.windows[:, window], histograms, window + 1)
        worth = worth_if_stayed(joint, outcome, then, span, closed[:, window + 1], waits)
        outcome = value_of_window(worth, then, None)
    return outcome


def value_of_window(worth: Floats, terms: Terms, early: Floats | None) -> Floats:
    """Value of unit k in a window with demand a: sold, or unsold and reviewed.

    Parameters
    ----------
    worth
        R(j | k) at the end of the window, shape (B, K, K) with k first.
    early
        As from `histograms.early_weeks`.
    """
    ranks, span = worth.shape[2], terms.span_weeks
    wanted, unit = np.arange(ranks + 1)[:, None], np.arange(1, ranks + 1)[None, :]
    left = np.maximum(unit - wanted, 1)
    unsold = worth[:, unit - 1, left - 1] - (terms.holding * span)[:, None, None]
    sold = terms.sale_after(span)[:, None, None] + np.zeros_like(unsold)
    if early is not None:
        sold = sold - terms.waiting[:, None, None] * early
    return np.where(wanted >= unit, sold, unsold)


def worth_if_stayed(
    joint: Floats,
    outcome: Floats,
    terms: Terms,
    weeks: int,
    closed: Bools,
    waits: Floats | None = None,
) -> Floats:
    """R(j | k), shape (B, K, K): demand of the next window, given that unit k stayed.

    `waits` are the week-ends that unit j lies through there before it is sold, as from
    `histograms.waits_if_stayed`.
    """
    kept = kept_until_review(stayed(joint), outcome)
    if waits is not None:
        kept -= terms.waiting[:, None, None] * waits
    worth = worth_at_review(kept, terms, weeks)
    return np.where(closed[:, None, None], -terms.exit_cost[:, None, None], worth)


def kept_until_review(law: Floats, outcome: Floats) -> Floats:
    """Mean worth of units that are kept through a window, by its law, (B, K, K)."""
    kept = np.empty((len(outcome), outcome.shape[2], outcome.shape[2]))
    for first in range(0, law.shape[1], PRODUCT_ROWS):
        some = slice(first, first + PRODUCT_ROWS)
        np.matmul(law[:, some], outcome, out=kept[:, some])
    return kept


def first_unsold_worth(
    need: Ints, left: Ints, worth: Floats, terms: Terms, mean_week: Floats, units: int
) -> Floats:
    """Mean worth r_k of unit k if not bought in its first window (equation 9).

    Parameters
    ----------
    need
        Units the first window wants beyond what is there, (B, S).
    left
        Units still there, or coming later, at the end of it, (B, S).
    worth
        R(j | k) at the first review, (B, K, K), from `worth_if_stayed`.
    mean_week
        Mean demand of a week, for ranks beyond K (equation 20), (B,).
    units
        Number of ranks k = 1..units to return.

    Returns
    -------
    r_k, shape (B, units); the best rank's worth where every path buys the unit.
    """
    cells, _, ranks = worth.shape
    mean = np.empty((cells, units))
    ahead = left - need
    first = np.arange(cells)[:, None] * ranks - 1
    for unit in range(1, units + 1):
        table = np.ascontiguousarray(worth[:, min(unit, ranks) - 1])
        rank, stays = unit + ahead, need < unit
        reviewed = table.ravel()[np.minimum(np.maximum(rank, 1), ranks) + first]
        deep = np.flatnonzero((rank > ranks).any(axis=1))
        if len(deep):
            excess = np.maximum(rank[deep] - ranks, 0)
            reviewed[deep] = deeper(reviewed[deep], excess, terms.rows(deep), mean_week[deep])
        count = stays.sum(axis=1)
        total = np.where(stays, reviewed, 0.0).sum(axis=1)
        mean[:, unit - 1] = np.where(count > 0, total / np.maximum(count, 1), table[:, 0])
    return mean


def deeper(worth: Floats, excess: Ints, terms: Terms, mean_week: Floats) -> Floats:
    """Equation 20: worth of a unit `excess` ranks behind one whose worth is known.

    It waits until mean demand has used up the units before it, pays holding and may see its
    cell close meanwhile; leaving now is never worse than that.
    """
    mean = np.maximum(mean_week, 1e-12)[:, None]
    weeks = np.minimum(excess / mean, LONGEST_WAIT)
    closing = terms.closing[:, None]
    alive = (1.0 - closing) ** weeks
    lying = np.where(closing > 0.0, (1.0 - alive) / np.where(closing > 0.0, closing, 1.0), weeks)
    exit_cost = terms.exit_cost[:, None]
    waited = alive * worth - (1.0 - alive) * exit_cost - terms.holding[:, None] * lying
    return np.where(excess > 0, np.minimum(worth, np.maximum(-exit_cost, waited)), worth)
