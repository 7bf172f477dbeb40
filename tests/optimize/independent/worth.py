"""What the k-th unit of a cell is worth, from docs/value.md alone: slow, plain, path by path.

Every equation is a function of its own. Ranks are never cut short: every unit that could
physically be there has a value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tests.optimize.independent.arrival import Law
from tests.optimize.independent.market import Cell, Market
from tests.optimize.independent.money import Money, closing_over
from tests.optimize.independent.net_demand import Counts, demand_until, need_and_left

__all__ = ["Floats", "Worth", "arrivals", "arrivals_by", "on_hand"]

Floats = npt.NDArray[np.float64]
NEVER = 10**6


@dataclass(frozen=True)
class Worth:
    """Units of a cell in order: chance p_k and value v_k."""

    chance: Floats
    value: Floats


# the recursion: equations 8 to 14


@dataclass(frozen=True)
class Terms:
    """Money of a cell for units that arrive on one day."""

    money: Money
    lead: float
    """D: chance that the cell closes before the arrival"""
    span: int
    """n: weeks of a later window"""
    plan: int
    """plan of the review that these terms are of: 1 is the next one"""
    every: int
    """w: weeks from plan to plan"""
    stored: bool = True
    """whether what is kept then pays for storage: not behind the horizon"""
    turn: int = 0
    """reviews since the first one"""

    @property
    def next_cost(self) -> float:
        """c_next at that review."""
        return self.money.landed_at(self.plan)

    @property
    def lying(self) -> float:
        """Equation 33a: storage from this review to the next."""
        first = self.plan - self.turn * self.span // self.every
        ends = [first + each * self.span // self.every for each in (self.turn, self.turn + 1)]
        return sum(self.money.lying[slice(*ends)]) if self.stored else 0.0

    def later(self, windows: int) -> Terms:
        """The same at the review that many windows later."""
        return replace(self, plan=self.plan + windows * self.span // self.every, turn=windows)

    def at_review(self, value: Floats | float, weeks: int) -> Floats:
        """Equation 8: worth of an unsold unit at a review `weeks` after the one before."""
        closing = closing_over(self.money.closing, weeks)
        value = value - self.lying
        kept = np.minimum(self.next_cost, np.maximum(-self.money.exit, value))
        return np.asarray((1.0 - closing) * kept - closing * self.money.exit)

    def sale(self, weeks: int) -> float:
        """Equation 11: a sale counts at least as much as keeping the unit."""
        money = self.money
        kept = float(self.at_review(money.benefit, weeks)) - money.holding * weeks
        return max(money.benefit, kept)

    @property
    def waiting(self) -> float:
        """Equation 13: cost of a week-end before a sale."""
        money = self.money
        return money.holding + money.closing * max(money.benefit + money.exit, 0.0)


@dataclass(frozen=True)
class Later:
    """Demand of the windows after the first review."""

    wants: list[Counts]
    """demand of each window, (S,)"""
    early: list[list[Counts]]
    """for each window, demand up to each week-end inside it"""


def later_windows(cell: Cell, review: int, span: int) -> Later:
    """Windows of `span` weeks from the first review to the end of the horizon and a little on."""
    weeks = weeks_from(cell, review % 7)
    first = review // 7
    count = max(1, math.ceil((len(weeks) - first) / span))
    weeks = extended(weeks, first + count * span)[first:]
    wants, early = [], []
    for window in range(count):
        inside = np.cumsum(weeks[window * span : (window + 1) * span], axis=0)
        wants.append(inside[-1])
        early.append(list(inside[:-1]))
    return Later(wants, early)


def weeks_from(cell: Cell, start: int) -> list[Counts]:
    """Demand of every seven days of the horizon, the first of them from day `start` on."""
    days = len(cell.paths)
    count = max(1, (days - start) // 7)
    return [
        cell.paths[start + 7 * week : start + 7 * week + 7].sum(axis=0) for week in range(count)
    ]


def extended(weeks: list[Counts], count: int) -> list[Counts]:
    """Repeat the last weeks (at most four) beyond the horizon, with the scenarios turned."""
    tail = min(4, len(weeks))
    known = len(weeks)
    more = [
        np.roll(weeks[known - tail + step % tail], 37 * (step + 1))
        for step in range(max(0, count - known))
    ]
    return (weeks + more)[:count]


def waited(early: list[Counts], wants: Counts, ranks: int) -> Callable[[int, int], float]:
    """Mean week-ends that unit k lay through, given that its window wanted a units."""

    def mean(wanted: int, unit: int) -> float:
        some = np.minimum(wants, ranks) == wanted
        if not early or not some.any():
            return 0.0
        return float(sum((mark[some] < unit).mean() for mark in early))

    return mean


def window_outcome(
    terms: Terms, ranks: int, worth: Callable[[int], Floats], lain: Callable[[int, int], float]
) -> Floats:
    """Equation 9: value of unit k in a window that wants a, table [a, k - 1].

    Parameters
    ----------
    worth
        R(j | k) for j = 1..ranks, by k.
    """
    span, held = terms.span, terms.money.holding * terms.span
    table = np.zeros((ranks + 1, ranks))
    for unit in range(1, ranks + 1):
        unsold = worth(unit) - held
        for wanted in range(ranks + 1):
            if wanted >= unit:
                late = lain(wanted, unit) if span > 1 else 0.0
                table[wanted, unit - 1] = terms.sale(span) - terms.waiting * late
            else:
                table[wanted, unit - 1] = unsold[unit - wanted - 1]
    return table


def stationary(terms: Terms, law: Floats, ranks: int, lain: Callable[[int, int], float]) -> Floats:
    """Equation 10: R(j) where the same law of demand repeats for ever."""
    span, held = terms.span, terms.money.holding * terms.span
    worth = np.zeros(ranks)
    for unit in range(1, ranks + 1):
        sold = law[unit:].sum()
        known = sold * terms.sale(span) - (1.0 - sold) * held
        if span > 1:
            known -= terms.waiting * sum(
                law[wanted] * lain(wanted, unit) for wanted in range(unit, ranks + 1)
            )
        known += sum(law[wanted] * worth[unit - wanted - 1] for wanted in range(1, unit))
        worth[unit - 1] = own_fixpoint(terms, float(known), float(law[0]))
    return worth


def own_fixpoint(terms: Terms, known: float, idle: float) -> float:
    """Solve x = known + idle R(x) and return R(x): try each piece of R."""
    money = terms.money
    low = known + idle * float(terms.at_review(-money.exit, terms.span))
    if low <= -money.exit:
        return float(terms.at_review(low, terms.span))
    if math.isfinite(terms.next_cost):
        high = known + idle * float(terms.at_review(terms.next_cost, terms.span))
        if high >= terms.next_cost:
            return float(terms.at_review(high, terms.span))
    closing = closing_over(money.closing, terms.span)
    slope = idle * (1.0 - closing)
    if slope >= 1.0:
        return float(terms.at_review(NEVER, terms.span))
    return float(terms.at_review((known - idle * closing * money.exit) / (1.0 - slope), terms.span))


def ending(
    terms: Terms, law: Floats, ranks: int, lain: Callable[[int, int], float], windows: int
) -> Floats:
    """Equation 10a: R(j) at a review that many windows before the cell's end."""
    worth = np.full(ranks, -terms.money.exit)
    for _ in range(windows):
        kept = worth
        outcome = window_outcome(terms, ranks, lambda unit, kept=kept: kept, lain)
        worth = terms.at_review(law @ outcome, terms.span)
    return worth


def tail_worth(terms: Terms, later: Later, ranks: int, last_day: float, review: int) -> Floats:
    """R(j) at the review after the last window."""
    count = len(later.wants)
    some = later.wants[-max(1, 4 // terms.span) :]
    wanted = np.minimum(np.concatenate(some), ranks)
    law = np.bincount(wanted, minlength=ranks + 1) / len(wanted)
    lain = waited(later.early[-1], later.wants[-1], ranks)
    over = windows_to_end(last_day, review + 7 * terms.span * count, 7 * terms.span)
    if over < 104:
        return ending(terms, law, ranks, lain, over)
    return stationary(terms, law, ranks, lain)


def windows_to_end(last_day: float, review: int, days: int) -> int:
    """Windows from a review to the first one at which the cell is over."""
    if math.isinf(last_day):
        return 104
    return int(np.clip((last_day - review) // days + 1, 0, 104))


def first_review_worth(
    terms: Terms, later: Later, need: Counts, weeks: int, ranks: int, last_day: float, review: int
) -> Callable[[int], Floats]:
    """R(j | k) at the first review, by k: the recursion of equation 9 from the horizon back."""
    count = len(later.wants)
    beyond = replace(terms.later(count), stored=False)
    tail = tail_worth(beyond, later, ranks, last_day, review)

    def closed(index: int) -> bool:
        return review + 7 * terms.span * index > last_day

    def at_once(_wanted: int, _unit: int) -> float:
        return 0.0

    outcome = window_outcome(beyond, ranks, lambda unit: tail, at_once)
    for window in range(count - 2, -1, -1):
        then = terms.later(window + 1)
        worth = worth_given_stayed(
            then, later.wants[window], later, window + 1, outcome, terms.span,
            closed(window + 1), ranks,
        )  # fmt: skip
        outcome = window_outcome(then, ranks, worth, at_once)
    return worth_given_stayed(terms, need, later, 0, outcome, weeks, closed(0), ranks)


def worth_given_stayed(
    terms: Terms, before: Counts, later: Later, window: int, outcome: Floats, weeks: int,
    closed: bool, ranks: int,
) -> Callable[[int], Floats]:  # fmt: skip
    """R(j | k): the next window is read from the paths in which unit k stayed in this one.

    A unit that is sold there pays for the week-ends that it waits before (equation 13a).
    """
    after, early = later.wants[window], later.early[window]

    def worth(unit: int) -> Floats:
        if closed:
            return np.full(ranks, -terms.money.exit)
        stays = before < unit
        if not stays.any():
            return np.asarray(terms.at_review(np.zeros(ranks), weeks))
        value = outcome[np.minimum(after[stays], ranks)].mean(axis=0)
        for mark in early:
            lies = [((mark < j) & (after >= j))[stays].mean() for j in range(1, ranks + 1)]
            value = value - terms.waiting * np.array(lies)
        return terms.at_review(value, weeks)

    return worth


def valued(
    terms: Terms, need: Counts, marks: list[Counts], left: Counts, weeks: int, held_weeks: int,
    count: int, worth: Callable[[int], Floats],
) -> Worth:  # fmt: skip
    """Equations 12, 13 and 16, without hold-back."""
    money = terms.money
    chance, value = np.zeros(count), np.zeros(count)
    for unit in range(1, count + 1):
        p = float((need >= unit).mean())
        benefit = terms.sale(weeks)
        if p > 0.0:
            benefit -= terms.waiting * sum(p - float((mark >= unit).mean()) for mark in marks) / p
        unsold = 0.0
        stays = need < unit
        if stays.any():
            table = worth(unit)
            rank = unit - need[stays] + left[stays]
            unsold = float(table[rank - 1].mean())
        kept = unsold - money.holding * held_weeks
        outcome = p * benefit + (1.0 - p) * kept
        chance[unit - 1] = p
        value[unit - 1] = (1.0 - terms.lead) * outcome - terms.lead * money.exit
    return Worth(chance, value)


@dataclass(frozen=True)
class Review:
    """The end of a window: the next arrival, and the plan that sends it."""

    day: int
    plan: int


def review_after(market: Market, money: Money, day: int, usual: int) -> Review:
    """Equation 2: the first arrival of a later plan after `day`.

    Where none is known within the horizon, the day on which the next plan's units would come by
    the usual lane.
    """
    every = 7 * market.settings.review_weeks
    ahead = max(day - usual, 0) // every + 1
    expected = usual + every * ahead
    after = [(comes, plan) for comes, plan, _ in money.comes if comes > day]
    comes, plan = min(after, default=(NEVER, 1))
    if comes <= expected or comes <= market.days:
        return Review(comes, plan)
    return Review(expected, ahead)


def arrivals(market: Market, money: Money, cell: Cell, day: int, usual: int, count: int) -> Worth:
    """Value units 1..count that arrive on `day`, behind stock and inbound.

    Parameters
    ----------
    usual
        The cell's earliest day of arrival.
    """
    every = market.settings.review_weeks
    review = review_after(market, money, day, usual)
    lead = closing_over(money.closing, day / 7.0)
    terms = Terms(money, lead, every + round(usual / 7), review.plan, every)
    marks, left = need_and_left(cell, day, [*range(day + 7, review.day, 7), review.day])
    need, weeks = marks[-1], len(marks)
    later = later_windows(cell, review.day, terms.span)
    ranks = max(count + int(left.max()), *(int(wants.max()) for wants in later.wants))
    last_day = cell.last_day_after(day)
    worth = first_review_worth(terms, later, need, weeks, ranks, last_day, review.day)
    units = valued(terms, need, marks[:-1], left, weeks, weeks, count, worth)
    return Worth(units.chance, np.minimum(units.value, money.cheapest_by(day)))


def arrivals_by(
    market: Market, money: Money, cell: Cell, law: Law, usual: int, count: int
) -> Worth:
    """Equation 31a: the mean over the days of a law."""
    chance, value = np.zeros(count), np.zeros(count)
    for day, weight in law:
        units = arrivals(market, money, cell, day, usual, count)
        chance, value = chance + weight * units.chance, value + weight * units.value
    return Worth(chance, value)


def on_hand(market: Market, money: Money, cell: Cell, usual: int) -> Worth:
    """Value the units on hand: their first window starts at once (equation 14)."""
    every = market.settings.review_weeks
    review = review_after(market, money, usual, usual)
    terms = Terms(money, 0.0, every + round(usual / 7), review.plan, every)
    marks = [demand_until(cell, mark) for mark in range(7, review.day, 7)]
    need = demand_until(cell, review.day)
    later = later_windows(cell, review.day, terms.span)
    weeks = terms.span + max(0, round((review.day - usual - 7 * every) / 7))
    ranks = max(cell.on_hand, *(int(wants.max()) for wants in later.wants))
    last_day = cell.last_day_after(0)
    worth = first_review_worth(terms, later, need, weeks, ranks, last_day, review.day)
    none = np.zeros_like(need)
    return valued(terms, need, marks, none, weeks, len(marks) + 1, cell.on_hand, worth)
