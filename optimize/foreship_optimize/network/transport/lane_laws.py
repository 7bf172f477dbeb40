"""When units arrive over each lane: the laws of arrival that a network knows, numbered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.network.transport.arrival_law import arrival_law, next_open
from foreship_optimize.network.transport.lanes import Lanes

__all__ = ["LaneLaws", "laws_of_lanes"]


@dataclass(frozen=True)
class LaneLaws:
    """Laws of arrival by number, and the law of each lane.

    **Invariants:** laws are sorted by their mean day, and no two are the same; a lane that is never
    late has the law of its day alone.
    """

    of_lane: Ints
    """number of the law of each row of `Network.lanes`"""
    mean_day: Ints
    """`lead_days` of the lanes of each law: the day they are ranked by, from `as_of`"""
    days: tuple[Ints, ...]
    """days on which its units may arrive, ascending"""
    weights: tuple[Floats, ...]
    """chance of each of these days, sum 1"""

    @property
    def drawn(self) -> Bools:
        """Mark the laws with more than one day."""
        return np.array([len(days) > 1 for days in self.days], dtype=bool)

    def law(self, number: int) -> tuple[Ints, Floats]:
        """Days of a law, and the chance of each."""
        return self.days[number], self.weights[number]

    def of_moves(self, lane: Ints) -> Ints:
        """Law of moves by their lanes; -1 where they have none."""
        return np.where(lane >= 0, np.append(self.of_lane, -1)[lane], -1)


def laws_of_lanes(lanes: Lanes) -> LaneLaws:
    """Number the laws by which units arrive over lanes (equation 31 of docs/value.md)."""
    columns = lanes.lead_days, lanes.offset, lanes.travel_days, lanes.sd_days
    terms = [
        (lead, 0, lead, 0.0, ())
        if _certain(travel, sd)
        else (lead, offset, travel, sd, tuple(sorted(closed)))
        for lead, offset, travel, sd, closed in zip(
            *(each.tolist() for each in columns), lanes.closed, strict=True
        )
    ]
    kinds = sorted(set(terms))
    number = {kind: place for place, kind in enumerate(kinds)}
    laws = [_law(*kind[1:]) for kind in kinds]
    return LaneLaws(
        np.array([number[each] for each in terms], dtype=np.int64),
        np.array([lead for lead, *_ in kinds], dtype=np.int64),
        tuple(days for days, _ in laws),
        tuple(weights for _, weights in laws),
    )


def _certain(travel_days: int, sd_days: float) -> bool:
    """Whether arrivals all but surely fall on their mean day."""
    days, _ = arrival_law(travel_days, sd_days)
    return len(days) == 1 and int(days[0]) == travel_days


def _law(
    offset: int, travel_days: int, sd_days: float, closed: tuple[int, ...]
) -> tuple[Ints, Floats]:
    """Days of arrival from the day of the plan, each the dock's next working day."""
    after, chance = arrival_law(travel_days, sd_days)
    days = next_open(after + offset, frozenset(closed))
    found, of_day = np.unique(days, return_inverse=True)
    return found, np.asarray(np.bincount(of_day, chance), dtype=np.float64)
