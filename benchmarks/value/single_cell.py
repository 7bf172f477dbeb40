"""One region, one item, a hub that never runs dry: long-run profit of a policy, exactly.

No noise: the profit a week is read from the stationary law of the chain of (on hand,
pipeline) states. Order of a week: ship, receive, sell, hold, perhaps close. A sale from
staging earns b; an order without stock is served from the hub and earns nothing here. When a
cell closes, every unit there and under way leaves by its exit, and a new cell starts empty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse, stats
from scipy.sparse.linalg import spsolve

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.valuation.unit_worth.recursion import (
    Terms,
    stationary_worth,
    value_of_window,
    worth_at_review,
)


@dataclass(frozen=True)
class Case:
    """Law of a week's demand and the money of a unit."""

    law: Floats
    """P(demand of a week = a), summing to one"""
    benefit: float
    cost: float
    holding: float
    exit_cost: float
    closing: float
    lead_weeks: int
    short_windows: bool = False
    """True for the tempting reading in which a unit's later windows are one review long"""

    @property
    def span_weeks(self) -> int:
        """Weeks of a window after the first: lead time and review."""
        return 1 if self.short_windows else 1 + self.lead_weeks

    @property
    def mean(self) -> float:
        """Mean demand of a week."""
        return float(self.law @ np.arange(len(self.law)))

    @property
    def terms(self) -> Terms:
        """Return the same money as the recursion wants it."""
        lead = 1.0 - (1.0 - self.closing) ** self.lead_weeks
        landed = (self.cost + lead * self.exit_cost) / (1.0 - lead)
        one = [self.benefit, landed, self.exit_cost, self.holding, self.closing, lead]
        arrays = (np.array([number]) for number in one)
        return Terms(*arrays, review_weeks=1, span_weeks=self.span_weeks)


def weekly_law(kind: str, mean: float, size: float = 1.0) -> Floats:
    """Return the probabilities of Poisson or negative-binomial demand, cut where 1e-12 is left."""
    law = stats.poisson(mean) if kind == "poisson" else stats.nbinom(size, size / (size + mean))
    probabilities = law.pmf(np.arange(int(law.isf(1e-12)) + 2))
    return np.asarray(probabilities / probabilities.sum())


def _after_demand(law: Floats, most: int) -> Floats:
    """P(stock y after a week | stock x before), shape (most + 1, most + 1)."""
    table = np.zeros((most + 1, most + 1))
    padded = np.zeros(most + 1)
    padded[: min(len(law), most + 1)] = law[: most + 1]
    for stock in range(most + 1):
        table[stock, 1 : stock + 1] = padded[:stock][::-1]
        table[stock, 0] = 1.0 - padded[:stock].sum()
    return table


def recursion_orders(case: Case, most: int) -> Ints:
    """Return the units the recursion ships at each (on hand, due in one week): v_k > c.

    Shape (most + 1, most + 1); without lead time only the first column means something.
    """
    seen = case.terms.on_arrival(arrival_value(case, most + 1)[None, :])[0]
    pays = np.zeros((most + 1, most + 1), dtype=np.int64)
    step = _after_demand(case.law, most)
    for due in range(most + 1):
        left = np.eye(most + 1)
        if case.lead_weeks:
            arrived = np.zeros_like(step)
            arrived[:, due:] = step[:, : most + 1 - due]
            arrived[:, most] += step[:, most + 1 - due :].sum(axis=1)
            left = arrived @ step
        for unit in range(1, most + 1):
            rank = np.minimum(np.arange(most + 1) + unit, most + 1) - 1
            pays[:, due] += left @ seen[rank] > case.cost + 1e-12
    return pays


def arrival_value(case: Case, ranks: int) -> Floats:
    """Worth of the j-th unit there at the start of a window, by equations 8 to 11.

    The exact laws of independent weeks stand where the engine counts sample paths.
    """
    law = _clipped(case.law, ranks)
    joint = np.zeros((ranks + 1, ranks + 1))
    early = np.zeros((1, ranks + 1, ranks))
    window = law
    for week in range(1, case.span_weeks):
        before = _sum_of_weeks(case.law, week, ranks)
        rest = _sum_of_weeks(case.law, case.span_weeks - week, ranks)
        joint = _joint_of_part_and_total(before, rest)
        early[0] += joint.cumsum(axis=1)[:, :-1]
        window = _sum_of_weeks(case.law, case.span_weeks, ranks)
    early[0] /= np.maximum(window, 1e-300)[:, None]
    terms = case.terms
    spent = early if case.span_weeks > 1 else None
    tail = stationary_worth(window[None, :], terms, spent)
    outcome = value_of_window(np.broadcast_to(tail[:, None], (1, ranks, ranks)), terms, spent)
    kept = worth_at_review(window[None, :] @ outcome[0], terms, 1)[0]
    sale, value = float(terms.sale_after(1)[0]), np.empty(ranks)
    for rank in range(1, ranks + 1):
        unsold = law[:rank] @ (kept[:rank][::-1] - case.holding)
        value[rank - 1] = law[rank:].sum() * sale + unsold
    return value


def _clipped(law: Floats, ranks: int) -> Floats:
    """Return a law with all its weight beyond `ranks` at `ranks`."""
    clipped = np.zeros(ranks + 1)
    np.add.at(clipped, np.minimum(np.arange(len(law)), ranks), law)
    return clipped


def _sum_of_weeks(law: Floats, weeks: int, ranks: int) -> Floats:
    """Return the law of the demand of independent weeks, clipped."""
    total = np.ones(1)
    for _ in range(weeks):
        total = np.convolve(total, law)
    return _clipped(total, ranks)


def _joint_of_part_and_total(part: Floats, rest: Floats) -> Floats:
    """P(total = b, part = a) of a window and its beginning, shape (K + 1, K + 1), b first."""
    ranks = len(part) - 1
    joint = np.zeros((ranks + 1, ranks + 1))
    for begun in range(ranks + 1):
        room = ranks - begun
        joint[begun:ranks, begun] = part[begun] * rest[:room]
        joint[ranks, begun] = part[begun] * rest[room:].sum()
    return joint


def base_stock_orders(level: int, most: int) -> Ints:
    """Return the units a base-stock policy ships: up to `level`, counting what is under way."""
    stock = np.arange(most + 1)
    return np.maximum(level - stock[:, None] - stock[None, :], 0)


def profit_per_week(case: Case, orders: Ints) -> float:
    """Long-run mean profit of a week under a policy, from its stationary law."""
    most = len(orders) - 1
    step = _after_demand(case.law, most)
    shipped, states, index = _reachable(case, orders, step)
    on_hand = states[:, 0] + (shipped if case.lead_weeks == 0 else 0)
    left = step[on_hand] @ np.arange(most + 1)
    sold = on_hand - left
    under_way = states[:, 1] + (shipped if case.lead_weeks else 0)
    profit = case.benefit * sold - case.cost * shipped - case.holding * left
    profit -= case.closing * case.exit_cost * (left + under_way)
    share = _stationary(case, states, index, shipped, step)
    return float(share @ profit)


def _next_state(case: Case, stock: Ints, due: int, shipped: int) -> tuple[Ints, int]:
    """Return on hand and under way at the next review, for each stock left after demand."""
    return (stock, 0) if case.lead_weeks == 0 else (stock + due, shipped)


def _reachable(
    case: Case, orders: Ints, step: Floats
) -> tuple[Ints, Ints, dict[tuple[int, int], int]]:
    """Walk from the empty cell to every state the policy can reach."""
    index: dict[tuple[int, int], int] = {(0, 0): 0}
    queue, shipped = [(0, 0)], []
    for on_hand, due in queue:
        units = int(orders[on_hand, due])
        shipped.append(units)
        start = on_hand + (units if case.lead_weeks == 0 else 0)
        stocks, under_way = _next_state(case, np.flatnonzero(step[start] > 0), due, units)
        for stock in stocks.tolist():
            if (stock, under_way) not in index:
                index[stock, under_way] = len(queue)
                queue.append((stock, under_way))
    return np.array(shipped), np.array(queue), index


def _stationary(
    case: Case, states: Ints, index: dict[tuple[int, int], int], shipped: Ints, step: Floats
) -> Floats:
    """Solve for the stationary law of the reachable states."""
    rows, columns, chances = [], [], []
    for row, (on_hand, due) in enumerate(states.tolist()):
        units = int(shipped[row])
        start = on_hand + (units if case.lead_weeks == 0 else 0)
        stocks = np.flatnonzero(step[start] > 0)
        after, under_way = _next_state(case, stocks, due, units)
        rows += [row] * (len(stocks) + 1)
        columns += [index[stock, under_way] for stock in after.tolist()] + [0]
        chances += [*((1.0 - case.closing) * step[start][stocks]).tolist(), case.closing]
    count = len(states)
    chain = sparse.csr_matrix((chances, (rows, columns)), shape=(count, count))
    system = (chain.T - sparse.eye(count)).tolil()
    system[0, :] = 1.0
    right = np.zeros(count)
    right[0] = 1.0
    return np.asarray(spsolve(system.tocsc(), right)).reshape(count)


def best_base_stock(case: Case, most: int) -> tuple[int, float]:
    """Level and profit of the best base-stock policy, by trying levels outwards from the mean.

    Profit is unimodal in the level in every case met; in each direction the search goes on until
    four levels in a row are worse than the best. Level 0, to stay out, is always tried.
    """
    start = min(most, round(case.mean * (case.lead_weeks + 1)))
    best, profit = 0, 0.0
    for levels in (range(start, most + 1), range(start - 1, 0, -1)):
        worse = 0
        for level in levels:
            found = profit_per_week(case, base_stock_orders(level, most))
            worse = 0 if found > profit + 1e-15 else worse + 1
            if not worse:
                best, profit = level, found
            elif worse > 4:
                break
    return best, profit
