"""Compiled: the recursion over reviews, cell by cell (equations 8 to 16 of docs/value.md).

What `path_histograms` and `recursion` do with arrays over many cells, to the bit: sums are taken in
the very order in which NumPy takes them.
"""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import helper, loop

__all__ = [
    "early_of_last",
    "law_of_window",
    "outcome_of_tail",
    "outcome_of_window",
    "stationary",
    "tail_of",
    "units_of_block",
    "windows_of",
]

SHORT_SUM = 128
"""numbers that NumPy adds up in one go"""


@helper
def short_sum(values, first, count):
    """Sum of at most `SHORT_SUM` numbers, as NumPy adds them: in eight rows from eight on."""
    if count < 8:
        total = 0.0
        for place in range(first, first + count):
            total += values[place]
        return total
    r0, r1, r2, r3 = values[first], values[first + 1], values[first + 2], values[first + 3]
    r4, r5, r6, r7 = values[first + 4], values[first + 5], values[first + 6], values[first + 7]
    done = 8
    while done < count - count % 8:
        at = first + done
        r0 += values[at]
        r1 += values[at + 1]
        r2 += values[at + 2]
        r3 += values[at + 3]
        r4 += values[at + 4]
        r5 += values[at + 5]
        r6 += values[at + 6]
        r7 += values[at + 7]
        done += 8
    total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
    while done < count:
        total += values[first + done]
        done += 1
    return total


@helper
def summed(values, count, firsts, counts, totals):
    """Sum of the first `count` numbers as NumPy adds them up: halves of halves; three scratches."""
    if count <= SHORT_SUM:
        return short_sum(values, 0, count)
    # a tree walked without calling itself: a count below 0 says that both halves are there
    waiting, known = 1, 0
    firsts[0], counts[0] = 0, count
    while waiting > 0:
        first, number = firsts[waiting - 1], counts[waiting - 1]
        waiting -= 1
        if number < 0:
            known -= 1
            totals[known - 1] += totals[known]
        elif number <= SHORT_SUM:
            totals[known] = short_sum(values, first, number)
            known += 1
        else:
            half = number // 2
            half -= half % 8
            firsts[waiting], counts[waiting] = 0, -1
            firsts[waiting + 1], counts[waiting + 1] = first + half, number - half
            firsts[waiting + 2], counts[waiting + 2] = first, half
            waiting += 3
    return totals[0]


@loop
def windows_of(weekly, first_week, span, tail, turn, ranks, windows, early):
    """Write the demand of windows after the first review, and up to each week-end inside.

    Parameters
    ----------
    weekly
        Demand of each week, (B, M, S).
    first_week
        Week that begins at the first review.
    span
        Weeks of a window.
    tail, turn
        Weeks at the end that repeat beyond the horizon, and how far paths are turned each time.
    ranks
        Demand is clipped here.
    windows, early
        Written, (B, T, S) and (B, T, span - 1, S).
    """
    cells, known, paths = weekly.shape
    for cell in range(cells):
        for window in range(windows.shape[1]):
            for path in range(paths):
                windows[cell, window, path] = 0
            for inside in range(span):
                week = first_week + window * span + inside
                row, shift = week, 0
                if week >= known:
                    step = week - known
                    row = known - tail + step % tail
                    shift = (turn * (step + 1)) % paths
                for path in range(paths):
                    at = path - shift
                    if at < 0:
                        at += paths
                    windows[cell, window, path] += weekly[cell, row, at]
                if inside < span - 1:
                    for path in range(paths):
                        early[cell, window, inside, path] = min(windows[cell, window, path], ranks)
            for path in range(paths):
                windows[cell, window, path] = min(windows[cell, window, path], ranks)


@loop
def tail_of(windows, last, law):
    """Write the mean distribution of the last windows, (B, K + 1)."""
    cells, count, paths = windows.shape
    for cell in range(cells):
        law[cell, :] = 0.0
        for window in range(count - last, count):
            for path in range(paths):
                law[cell, windows[cell, window, path]] += 1.0
        for wanted in range(law.shape[1]):
            law[cell, wanted] /= last * paths


@loop
def early_of_last(windows, early, found):
    """Write the mean number of earlier week-ends a unit lay through, by demand, (B, K + 1, K)."""
    cells, count, paths = windows.shape
    inner, ranks = early.shape[2], found.shape[2]
    table = np.zeros((ranks + 1, ranks + 1))
    mass = np.zeros(ranks + 1)
    row, scratch = np.zeros(ranks + 1), np.zeros(64)
    places, numbers = np.zeros(64, np.int64), np.zeros(64, np.int64)
    for cell in range(cells):
        found[cell] = 0.0
        for week in range(inner):
            table[:] = 0.0
            for path in range(paths):
                wanted = windows[cell, count - 1, path]
                table[wanted, early[cell, count - 1, week, path]] += 1.0
            for wanted in range(ranks + 1):
                for before in range(ranks + 1):
                    row[before] = table[wanted, before] / paths
                if week == 0:
                    mass[wanted] = summed(row, ranks + 1, places, numbers, scratch)
                running = 0.0
                for before in range(ranks):
                    running = row[before] if before == 0 else row[before] + running
                    if week == 0:
                        found[cell, wanted, before] = running
                    else:
                        found[cell, wanted, before] += running
        for wanted in range(ranks + 1):
            for unit in range(ranks):
                if mass[wanted] > 0.0:
                    found[cell, wanted, unit] /= mass[wanted]
                else:
                    found[cell, wanted, unit] = 0.0


@helper
def law_if_stayed(first, second, cell, table, law, row, scratch, places, numbers):
    """Write P(next = b | first < k) of a cell, (K, K + 1); zeros where no path qualifies."""
    ranks, paths = law.shape[0], first.shape[1]
    table[:] = 0.0
    for path in range(paths):
        table[first[cell, path], second[path]] += 1.0
    for unit in range(ranks):
        for wanted in range(ranks + 1):
            here = table[unit, wanted] / paths
            row[wanted] = here if unit == 0 else here + row[wanted]
            law[unit, wanted] = row[wanted]
        weight = summed(row, ranks + 1, places, numbers, scratch)
        for wanted in range(ranks + 1):
            law[unit, wanted] = law[unit, wanted] / weight if weight > 0.0 else 0.0


@loop
def law_of_window(first, windows, early, window, law, waits):
    """Write the law of a window if unit k stayed in the one before, and how long unit j lies there.

    Parameters
    ----------
    first
        Clipped demand of the window before, (B, S).
    windows, early
        As of `windows_of`.
    window
        Number of the window.
    law
        Written, (B, K, K + 1).
    waits
        Written, (B, K, K): equation 13a; of no use where windows are one week.
    """
    cells, ranks = law.shape[0], law.shape[1]
    inner = early.shape[2]
    table, week_law = np.zeros((ranks + 1, ranks + 1)), np.zeros((ranks, ranks + 1))
    row, scratch = np.zeros(ranks + 1), np.zeros(64)
    places, numbers = np.zeros(64, np.int64), np.zeros(64, np.int64)
    for cell in range(cells):
        law_if_stayed(
            first, windows[cell, window], cell, table, law[cell], row, scratch, places, numbers
        )
        if inner == 0:
            continue
        for unit in range(ranks):
            running = 0.0
            for rank in range(ranks):
                here = law[cell, unit, rank]
                running = here if rank == 0 else here + running
                waits[cell, unit, rank] = -inner * running
        for week in range(inner):
            law_if_stayed(
                first, early[cell, window, week], cell, table, week_law, row, scratch, places,
                numbers,
            )  # fmt: skip
            for unit in range(ranks):
                running = 0.0
                for rank in range(ranks):
                    here = week_law[unit, rank]
                    running = here if rank == 0 else here + running
                    waits[cell, unit, rank] += running
        for unit in range(ranks):
            for rank in range(ranks):
                waits[cell, unit, rank] = max(waits[cell, unit, rank], 0.0)


@helper
def at_review(value, lying, cost, leaving, closing):
    """Equation 8: worth of an unsold unit at a review; `leaving` is what an exit costs."""
    value = value - lying
    kept = max(-leaving, value)
    kept = min(cost, kept)
    return (1.0 - closing) * kept - closing * leaving


@loop
def stationary(law, early, inner, money, worth):
    """Write R(j) at a review if the same demand repeats for ever, (B, K): equation 10.

    Parameters
    ----------
    law
        (B, K + 1).
    early
        As of `early_of_last`; not read where `inner`, weeks inside a window, is 0.
    money
        Of each cell: what a sale brings, holding through a window, a week of waiting, the next
        cost, an exit, closing through a window, weeks after which nothing is reached, (B, 7).
    """
    cells, width = law.shape
    at_least, part = np.zeros(width), np.zeros(width)
    scratch = np.zeros(64)
    places, numbers = np.zeros(64, np.int64), np.zeros(64, np.int64)
    for cell in range(cells):
        sale, held, waiting, cost, leaving, closing, longest = money[cell]
        total = 0.0
        for wanted in range(width - 1, -1, -1):
            total = law[cell, wanted] if wanted == width - 1 else total + law[cell, wanted]
            at_least[wanted] = total
        for rank in range(1, width):
            sold = at_least[rank]
            known = sold * sale - (1.0 - sold) * held
            if inner > 0:
                for place in range(width - rank):
                    part[place] = law[cell, rank + place] * early[cell, rank + place, rank - 1]
                known = known - waiting * summed(part, width - rank, places, numbers, scratch)
            if rank > 1:
                for place in range(rank - 1):
                    part[place] = law[cell, 1 + place] * worth[cell, rank - 2 - place]
                known = known + summed(part, rank - 1, places, numbers, scratch)
            slope = law[cell, 0] * (1.0 - closing)
            level = known - law[cell, 0] * closing * leaving
            if slope < 1.0:
                value = level / (1.0 - slope)
            elif level == 0.0:
                value = 0.0
            else:
                value = np.sign(level) * longest * max(1.0, abs(leaving))
            worth[cell, rank - 1] = at_review(value, 0.0, cost, leaving, closing)


@loop
def outcome_of_window(kept, waits, inner, closed, money, worth, outcome):
    """Write R(j | k) at a review, and the value of unit k in a window that ends with it.

    Parameters
    ----------
    kept
        Mean worth of units there if they are kept, (B, K, K).
    waits
        As of `law_of_window`; not read where `inner`, weeks inside a window, is 0.
    closed
        Cells that are over by then, (B,).
    money
        Of each cell: a week of waiting, storage paid, the next cost, an exit, closing since the
        last review; then of the window before: what a sale brings, holding, (B, 7).
    worth
        Written, (B, K, K).
    outcome
        Written, (B, K + 1, K), for demand of 0 .. K in that window.
    """
    cells, ranks, _ = kept.shape
    for cell in range(cells):
        waiting, lying, cost, leaving, closing, sale, held = money[cell]
        for unit in range(ranks):
            for rank in range(ranks):
                if closed[cell]:
                    worth[cell, unit, rank] = -leaving
                    continue
                value = kept[cell, unit, rank]
                if inner > 0:
                    value -= waiting * waits[cell, unit, rank]
                worth[cell, unit, rank] = at_review(value, lying, cost, leaving, closing)
        for wanted in range(outcome.shape[1]):
            for unit in range(ranks):
                if wanted >= unit + 1:
                    outcome[cell, wanted, unit] = sale
                else:
                    outcome[cell, wanted, unit] = worth[cell, unit, unit - wanted] - held


@helper
def unsold_worth(need, left, worth, cell, unit, part, places, numbers, scratch):
    """Equation 9: mean worth of a unit not bought in its first window, none deeper than K."""
    ranks, paths = worth.shape[1], need.shape[1]
    row, count = min(unit, ranks) - 1, 0
    for path in range(paths):
        part[path] = 0.0
        if need[cell, path] < unit:
            rank = unit + (left[cell, path] - need[cell, path])
            part[path] = worth[cell, row, min(max(rank, 1), ranks) - 1]
            count += 1
    total = summed(part, paths, places, numbers, scratch)
    return total / count if count > 0 else worth[cell, row, 0]


@loop
def units_of_block(need, left, marks, worth, units, known, money, found):
    """Write chance, benefit, value and unsold worth of the units of cells (equations 3, 9 to 16).

    Parameters
    ----------
    need, left
        Of the first window, (B, S).
    marks
        Need up to each week-end before its end, (W, B, S).
    worth
        R(j | k) at the first review, (B, K, K).
    units
        To value of each cell, (B,).
    known
        r_k where it is known already, (B, most units); NaN where it is not.
    money
        Of each cell: what a sale brings, a week of waiting, holding through the window, an exit,
        closing before arrival, holding from plan to plan, (B, 6).
    found
        Written one row a unit, cell by cell: value, p_k, b_k, r_k, (N, 4).
    """
    paths = need.shape[1]
    part, scratch = np.zeros(paths), np.zeros(64)
    places, numbers = np.zeros(64, np.int64), np.zeros(64, np.int64)
    at = 0
    for cell in range(len(units)):
        sale, waiting, held, leaving, lead, usual = money[cell]
        for unit in range(1, units[cell] + 1):
            bought = 0
            for path in range(paths):
                bought += need[cell, path] >= unit
            chance, benefit = bought / paths, sale
            for mark in range(len(marks)):
                early = 0
                for path in range(paths):
                    early += marks[mark, cell, path] >= unit
                waited = chance - early / paths
                share = waited / chance if chance > 0.0 else 0.0
                benefit = benefit - waiting * share
            unsold = known[cell, unit - 1]
            if np.isnan(unsold):
                unsold = unsold_worth(need, left, worth, cell, unit, part, places, numbers, scratch)
            benefit = (1.0 - lead) * benefit - lead * leaving
            kept = (1.0 - lead) * (unsold - held) - lead * leaving
            found[at, 0] = chance * benefit + (1.0 - chance) * kept
            found[at, 1] = chance
            found[at, 2] = benefit
            found[at, 3] = kept + usual
            at += 1


@loop
def outcome_of_tail(tail, money, outcome):
    """Write the value of unit k in the last window, (B, K + 1, K), from R(j) after it, (B, K).

    `money` has of each cell what a sale brings, and holding through the window, (B, 2).
    """
    for cell in range(len(tail)):
        sale, held = money[cell]
        for wanted in range(outcome.shape[1]):
            for unit in range(outcome.shape[2]):
                if wanted >= unit + 1:
                    outcome[cell, wanted, unit] = sale
                else:
                    outcome[cell, wanted, unit] = tail[cell, unit - wanted] - held
