"""How far a policy gets from the reference without foresight to the one that sees everything."""

from __future__ import annotations

from foreship_foundation.arrays import Floats
from foreship_foundation.intervals import Interval, ratio_of_sums

__all__ = ["gap_closed"]


def gap_closed(profit: Floats, reactive: Floats, oracle: Floats) -> Interval:
    """Return (profit - reactive) / (oracle - reactive), each summed over weeks (equation 9).

    Parameters
    ----------
    profit, reactive, oracle
        Weekly profits of the policy and of its two ends in the order of time, shape (W,).
    """
    return ratio_of_sums(profit - reactive, oracle - reactive)
