"""What the k-th unit of a cell is worth, from docs/value.md alone: slow, plain, path by path.

Every equation is a function of its own. Ranks are never cut short: every unit that could
physically be there has a value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.optimize.independent.market import EXITS, Cell, Lane, Market

__all__ = ["Money", "Worth", "arrivals", "money_of", "need_and_left", "on_hand", "review_after"]

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
NEVER = 10**6


@dataclass(frozen=True)
class Money:
    """Money of a cell [a unit]."""

    benefit: float
    next_cost: float
    exit: float
    holding: float
    closing: float
    direct: float
    """parcel cost; infinite where nobody serves"""


@dataclass(frozen=True)
class Worth:
    """Units of a cell in order: chance p_k and value v_k."""

    chance: Floats
    value: Floats


# money: equations 4 to 7


def money_of(market: Market, cell: Cell) -> Money:
    """Equations 4 to 7 for one cell."""
    closing = 1.0 - (1.0 - market.settings.obsolescence_per_year) ** (1.0 / 52.0)  # 6
    exit_cost = cheapest_exit(market, cell)
    direct = parcel(market, cell)
    return Money(
        benefit=sale(market, cell, direct),
        next_cost=next_landed(market, cell, closing, exit_cost),
        exit=exit_cost,
        holding=market.items[cell.item]["holding"],
        closing=closing,
        direct=direct,
    )


def sale(market: Market, cell: Cell, direct: float) -> float:
    """Equation 4: what a sale from staging adds."""
    facts, last_mile = market.items[cell.item], market.regions[cell.region]["last_mile"]
    if math.isinf(direct):
        return facts["margin"] - last_mile
    lost = facts["lost"]
    return (1.0 - lost) * (direct - last_mile) + lost * (facts["margin"] - last_mile)


def cheapest_exit(market: Market, cell: Cell) -> float:
    """Equation 5: the cheapest exit but a redirect; written off at its cost without any."""
    back = [
        market.freight(lane, cell.item)
        for lane in market.lanes_between({cell.region}, set(market.hubs))
    ]
    costs = []
    for kind, leads_to in EXITS.items():
        row = market.exit_row(kind, cell.region, cell.item)
        if row is None or leads_to == "region":
            continue
        lane = 0.0 if leads_to == "" else min(back, default=math.inf)
        costs.append(market.exit_cost(row, cell.item) + lane)
    best = min(costs, default=math.inf)
    return market.items[cell.item]["unit_cost"] if math.isinf(best) else best


def holders(market: Market, item: str, before: float) -> set[str]:
    """Hubs that hold an item, or will before that day."""
    found = {hub for hub, held in market.hub_stock if held == item}
    found |= {
        hub
        for (hub, held), rows in market.hub_inbound.items()
        if held == item and any(day < before for day, _ in rows)
    }
    return found


def parcel(market: Market, cell: Cell) -> float:
    """Parcel cost from the cheapest hub that holds the item, else from one that soon will."""
    for before in (1, 7 * market.settings.review_weeks):
        hubs = holders(market, cell.item, before)
        costs = [lane.direct_cost for lane in parcel_lanes(market, cell) if lane.origin in hubs]
        if costs:
            return min(costs)
    return math.inf


def parcel_lanes(market: Market, cell: Cell) -> list[Lane]:
    """One lane of each hub to the region, whose parcel serves it: that open today, else any."""
    found: dict[str, Lane] = {}
    rows = [
        lane
        for lane in market.lanes
        if lane.destination == cell.region and lane.origin in market.hubs and lane.last >= 0
    ]
    today = market.lanes_between(set(market.hubs), {cell.region})
    for lane in sorted(rows, key=lambda each: (each not in today, each.first)):
        found.setdefault(lane.origin, lane)
    return list(found.values())


def next_landed(market: Market, cell: Cell, closing: float, exit_cost: float) -> float:
    """Equation 7: landed cost of a unit at the next review; infinite where none can come."""
    if not cell.stocked:
        return math.inf
    hubs = holders(market, cell.item, math.inf)
    lanes = market.lanes_between(hubs, {cell.region}, 7 * market.settings.review_weeks)
    landed = []
    for lane in lanes:
        lead = closing_over(closing, lane.lead / 7.0)
        cost = (market.freight(lane, cell.item) + lead * exit_cost) / (1.0 - lead)
        landed.append(max(cost, -exit_cost))
    return min(landed, default=math.inf)


def closing_over(closing: float, weeks: float) -> float:
    """Chance that a cell closes within so many weeks."""
    return 1.0 - (1.0 - closing) ** weeks


# demand: equation 2


def demand_until(cell: Cell, day: int) -> Counts:
    """Demand before a day, shape (S,); days beyond the horizon count as its end."""
    return np.asarray(cell.paths[: max(day, 0)].sum(axis=0), dtype=np.int64)


def need_and_left(cell: Cell, start: int, ends: list[int]) -> tuple[list[Counts], Counts]:
    """Equation 2: need from `start` until each of `ends`, and what is left at the last one."""
    scenarios = cell.paths.shape[1]
    stock = np.full(scenarios, cell.on_hand, dtype=np.int64)
    need = np.zeros(scenarios, dtype=np.int64)
    marks: dict[int, Counts] = {}
    last = max(ends)
    for day in range(last + 1):
        for arrival, units in cell.coming:
            if arrival == day:
                stock = stock + units
        if day in ends:
            marks[day] = need.copy()
        if day == last:
            break
        wanted = cell.paths[day] if day < len(cell.paths) else np.zeros(scenarios, dtype=np.int64)
        if day >= start:
            need = need + np.maximum(wanted - stock, 0)
        stock = np.maximum(stock - wanted, 0)
    later = sum(units for day, units in cell.coming if day > last)
    return [marks[end] for end in ends], stock + later


# the recursion: equations 8 to 14


@dataclass(frozen=True)
class Terms:
    """Money of a cell for units that arrive on one day."""

    money: Money
    lead: float
    """D: chance that the cell closes before the arrival"""
    span: int
    """n: weeks of a later window"""

    def at_review(self, value: Floats | float, weeks: int) -> Floats:
        """Equation 8: worth of an unsold unit at a review `weeks` after the one before."""
        closing = closing_over(self.money.closing, weeks)
        kept = np.minimum(self.money.next_cost, np.maximum(-self.money.exit, value))
        return np.asarray((1.0 - closing) * kept - closing * self.money.exit)

    def sale(self, weeks: int) -> float:
        """Equation 11: a sale counts at least as much as keeping the unit."""
        money = self.money
        best = money.benefit if math.isinf(money.next_cost) else money.next_cost
        return max(money.benefit, float(self.at_review(best, weeks)) - money.holding * weeks)

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
    if math.isfinite(money.next_cost):
        high = known + idle * float(terms.at_review(money.next_cost, terms.span))
        if high >= money.next_cost:
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
    tail = tail_worth(terms, later, ranks, last_day, review)
    count = len(later.wants)

    def closed(index: int) -> bool:
        return review + 7 * terms.span * index > last_day

    outcome = window_outcome(
        terms, ranks, lambda unit: tail, waited(later.early[-1], later.wants[-1], ranks)
    )
    for window in range(count - 2, -1, -1):
        worth = worth_given_stayed(
            terms, later.wants[window], later.wants[window + 1], outcome, terms.span,
            closed(window + 1), ranks,
        )  # fmt: skip
        lain = waited(later.early[window], later.wants[window], ranks)
        outcome = window_outcome(terms, ranks, worth, lain)
    return worth_given_stayed(terms, need, later.wants[0], outcome, weeks, closed(0), ranks)


def worth_given_stayed(
    terms: Terms, before: Counts, after: Counts, outcome: Floats, weeks: int, closed: bool,
    ranks: int,
) -> Callable[[int], Floats]:  # fmt: skip
    """R(j | k): the next window is read from the paths in which unit k stayed in this one."""

    def worth(unit: int) -> Floats:
        if closed:
            return np.full(ranks, -terms.money.exit)
        stays = before < unit
        if not stays.any():
            return np.asarray(terms.at_review(np.zeros(ranks), weeks))
        return terms.at_review(outcome[np.minimum(after[stays], ranks)].mean(axis=0), weeks)

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


def review_after(market: Market, day: int, usual: int) -> int:
    """Day from which units of a next plan may arrive, after an arrival on `day`."""
    every = 7 * market.settings.review_weeks
    return usual + every * (max(day - usual, 0) // every + 1)


def arrivals(market: Market, cell: Cell, day: int, usual: int, count: int) -> Worth:
    """Value units 1..count that arrive on `day`, behind stock and inbound.

    Parameters
    ----------
    usual
        The cell's earliest day of arrival.
    """
    money = money_of(market, cell)
    span = market.settings.review_weeks + round(usual / 7)
    terms = Terms(money, closing_over(money.closing, day / 7.0), span)
    end = review_after(market, day, usual)
    marks, left = need_and_left(cell, day, [*range(day + 7, end, 7), end])
    need, weeks = marks[-1], len(marks)
    later = later_windows(cell, end, span)
    ranks = max(count + int(left.max()), *(int(wants.max()) for wants in later.wants))
    last_day = cell.last_day_after(day)
    worth = first_review_worth(terms, later, need, weeks, ranks, last_day, end)
    return valued(terms, need, marks[:-1], left, weeks, weeks, count, worth)


def on_hand(market: Market, cell: Cell, usual: int) -> Worth:
    """Value the units on hand: their first window starts at once (equation 14)."""
    money = money_of(market, cell)
    span = market.settings.review_weeks + round(usual / 7)
    terms = Terms(money, 0.0, span)
    end = review_after(market, usual, usual)
    marks = [demand_until(cell, mark) for mark in range(7, end, 7)]
    need = demand_until(cell, end)
    later = later_windows(cell, end, span)
    last_day = cell.last_day_after(0)
    ranks = max(cell.on_hand, *(int(wants.max()) for wants in later.wants))
    worth = first_review_worth(terms, later, need, span, ranks, last_day, end)
    none = np.zeros_like(need)
    return valued(terms, need, marks, none, span, len(marks) + 1, cell.on_hand, worth)
