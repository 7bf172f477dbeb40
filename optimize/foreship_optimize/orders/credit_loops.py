"""Compiled loops of credits by order: who takes which unit, and what each line is worth."""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import loop

__all__ = ["credit_through"]


@loop
def credit_through(
    period, first, cell, units, saving, share, count, stock, served, saved, lacking, missed
):
    """Walk past orders through a stock and credit the lines that make or break an order.

    Of an order that is whole every line is credited its share of the saving; of one that lacks a
    single line, that line alone is credited all of it, for with it the order would be served; but
    not where some of the item lies there and the line wants more than all of it.

    Parameters
    ----------
    share
        (L,) part of an order's saving that a line is credited with.
    count
        (T,) how much each period counts.
    stock
        (C,) units at the start of each period.
    served, saved
        Added to, by cell: units of lines of served orders, and what they are credited with.
    lacking, missed
        Added to, by cell: the same of single missing lines.
    """
    left = np.zeros(len(stock), np.int64)
    seen = np.full(len(stock), -1, np.int64)
    for order in range(len(period)):
        when = period[order]
        lacks, which = 0, -1
        for line in range(first[order], first[order + 1]):
            at = cell[line]
            if seen[at] != when:
                seen[at] = when
                left[at] = stock[at]
            if left[at] < units[line]:
                lacks += 1
                which = line
        worth = saving[order] * count[when]
        if lacks == 0:
            for line in range(first[order], first[order + 1]):
                at = cell[line]
                left[at] -= units[line]
                served[at] += units[line] * count[when]
                saved[at] += share[line] * worth
        elif lacks == 1:
            at = cell[which]
            if stock[at] > 0 and units[which] > stock[at]:
                continue  # what lies there could never serve it
            lacking[at] += units[which] * count[when]
            missed[at] += worth
