"""A problem in which nothing moves but given lines: what a policy of one's own decides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from foreship_optimize.own_limits.weighing import ways_of
from foreship_optimize.problem import Lock, ShippingProblem

__all__ = ["with_only"]

ENDS = ["action", "origin", "destination", "item"]


def with_only(
    problem: ShippingProblem, lines: pd.DataFrame | None, as_of: pd.Timestamp
) -> ShippingProblem:
    """Return the problem in which moves between the ends of no line stay empty.

    Parameters
    ----------
    lines
        `action, origin, destination, item`, a blank destination for any; None leaves the problem
        as it is. How many units a line moves is for locks to say.
    """
    if lines is None:
        return problem
    ways = ways_of(problem, as_of)[ENDS]
    anywhere = ways.assign(destination="")
    meant = pd.MultiIndex.from_frame(lines[ENDS].astype(str))
    named = [pd.MultiIndex.from_frame(each).isin(meant) for each in (ways, anywhere)]
    others = np.flatnonzero(~(named[0] | named[1]))
    if not len(others):
        return problem
    lock = Lock("nothing but the policy's lines", others, 0.0, 0.0, "override")
    return replace(problem, locks=(*problem.locks, lock))
