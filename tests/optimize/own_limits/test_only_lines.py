"""Nothing moves but given lines."""

from __future__ import annotations

import pandas as pd

from foreship_optimize.own_limits.only_lines import ENDS, with_only
from foreship_optimize.own_limits.weighing import ways_of
from tests.optimize.program_builder import two_hubs_three_regions

MONDAY = pd.Timestamp("2026-11-16")


def test_every_other_move_is_held_at_none() -> None:
    """One lock of at most 0 units over all moves between other ends; no lines, no lock."""
    problem = two_hubs_three_regions().problem()
    ways = ways_of(problem, MONDAY)
    lines = ways.iloc[:1][ENDS]
    lock = with_only(problem, lines, MONDAY).locks[-1]
    meant = (ways[ENDS] == lines.iloc[0]).all(axis=1).to_numpy()
    assert lock.at_most == 0
    assert lock.moves.tolist() == (~meant).nonzero()[0].tolist()
    assert with_only(problem, None, MONDAY) is problem
