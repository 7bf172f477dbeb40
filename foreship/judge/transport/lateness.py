"""Days on the way: each departure arrives when it is drawn to (docs/replay.md, equation 27).

A draw looks at the seed, the day, the ends and the terms of its lane and nothing else, so that all
policies meet the same roads. The program draws from the same law by code of its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import gammainc, gammaincinv, ndtr, ndtri

from foreship.judge.draws import mix, uniform
from foreship_foundation.arrays import Days, Floats, Hashes, Ints

__all__ = ["Roads", "days_on_the_way", "days_still_on_the_way"]

LAST = 1.0 - 2.0**-53
"""the greatest number that a draw may be"""


class Roads(NamedTuple):
    """Names of places as a draw sees them, and its seed."""

    seed: int
    places: Hashes
    """of each location's id"""

    def drawn(
        self, ships: Days, origin: Ints, destination: Ints, lead: Ints, number: Ints
    ) -> Floats:
        """Draw once a departure, a number in [0, 1), shape (N,).

        Parameters
        ----------
        ships
            Day on which it leaves.
        origin, destination
            Its locations; an origin of -1 is unknown.
        lead
            Its days on the way as stated.
        number
            Of its lane among those of the same ends and days, >= 0.
        """
        day = ships.astype("datetime64[D]").astype(np.int64)
        ends = np.append(self.places, np.uint64(0))
        base = mix(day.view(np.uint64) ^ mix(np.array([self.seed], dtype=np.uint64)))
        base = mix(base ^ ends[origin])
        base = mix(base ^ mix(ends[destination]))
        base = mix(base ^ lead.astype(np.int64).view(np.uint64))
        return uniform(mix(base ^ mix(number.astype(np.int64).view(np.uint64))))


def days_on_the_way(lead: Ints, sd: Floats, drawn: Floats) -> Ints:
    """Return the quantile of the days on the way at numbers in [0, 1), shape (N,).

    Whole days of a gamma law of mean `lead` and standard deviation `sd`; where `lead` is 0, of the
    absolute value of a normal one.
    """
    days = lead.astype(np.float64)
    late, far = sd > 0, lead > 0
    law = late & far
    shape, scale = _gamma(lead[law], sd[law])
    days[law] = gammaincinv(shape, drawn[law]) * scale
    near = late & ~far
    days[near] = sd[near] * ndtri((1.0 + drawn[near]) / 2.0)
    return np.rint(days).astype(np.int64)


def days_still_on_the_way(lead: Ints, sd: Floats, drawn: Floats, under_way: Ints) -> Ints:
    """Return the same quantile of departures that are known not to have come, shape (N,).

    Parameters
    ----------
    under_way
        Days after which each had not yet come.

    Returns
    -------
    More days than that where they are drawn; without a law the lead time, whatever is known.
    """
    past = _share_within(lead, sd, under_way)
    days = days_on_the_way(lead, sd, np.minimum(past + drawn * (1.0 - past), LAST))
    return np.where(sd > 0, np.maximum(days, under_way + 1), lead)


def _share_within(lead: Ints, sd: Floats, days: Ints) -> Floats:
    """Return the chance that a departure is on its way for at most so many days, shape (N,)."""
    within = np.zeros(len(lead))
    late, far = sd > 0, lead > 0
    law = late & far
    shape, scale = _gamma(lead[law], sd[law])
    within[law] = gammainc(shape, np.maximum(days[law] + 0.5, 0.0) / scale)
    near = late & ~far
    within[near] = np.maximum(2.0 * ndtr((days[near] + 0.5) / sd[near]) - 1.0, 0.0)
    return within


def _gamma(lead: Ints, sd: Floats) -> tuple[Floats, Floats]:
    """Return shape and scale of the gamma law of a mean and a standard deviation, both > 0."""
    return np.square(lead / sd), np.square(sd) / lead
