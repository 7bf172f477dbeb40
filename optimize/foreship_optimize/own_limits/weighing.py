"""Limits of a planner's own over the moves of a problem: each weighs every move once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Floats
from foreship_foundation.telling.words import listed, number, plural
from foreship_optimize.account.lines import places_of
from foreship_optimize.errors import TableFault
from foreship_optimize.own_limits.limit import Limit
from foreship_optimize.problem import OwnLimits, ShippingProblem

__all__ = ["WAYS", "ways_of", "with_own_limits"]

WAYS: Final = ("action", "origin", "destination", "item", "ship_date", "arrival_date")
"""columns that a weight is told"""


def with_own_limits(
    problem: ShippingProblem, limits: Sequence[Limit], as_of: pd.Timestamp
) -> ShippingProblem:
    """Return the problem under limits of a planner's own.

    Raises
    ------
    TableFault
        With every weight that is no finite number of at least 0 for each row, or that changes with
        the company a row is in, and names that stand twice.
    """
    if not limits:
        return problem
    names = [each.name for each in limits]
    faults = [
        f"limit {name}: that name stands twice"
        for name in sorted({*names})
        if names.count(name) > 1
    ]
    ways, weights = ways_of(problem, as_of), []
    for limit in limits:
        found, wrong = _weights(limit, ways)
        weights.append(found)
        faults += wrong
    if faults:
        raise TableFault(faults)
    own = OwnLimits(
        tuple(names),
        tuple(each.counts for each in limits),
        np.array([each.upper for each in limits], dtype=np.float64),
        np.stack(weights),
    )
    return replace(problem, own=own)


def ways_of(problem: ShippingProblem, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return `WAYS` of every move as `plan.parquet` writes them, a row a move."""
    moves = problem.moves
    wait, lead = (pd.to_timedelta(days, unit="D") for days in (problem.ship_day(), moves.lead_days))
    frame = pd.DataFrame(
        {
            "action": np.array(action_names(), dtype=object)[moves.action],
            "origin": places_of(problem, moves.origin_hub, moves.origin_cell),
            "destination": places_of(problem, moves.destination_hub, moves.destination_cell),
            "item": problem.items[moves.item],
            "ship_date": (as_of + wait).to_numpy().astype("datetime64[us]"),
            "arrival_date": (as_of + lead).to_numpy().astype("datetime64[us]"),
        },
        columns=list(WAYS),
    )
    return frame.astype(dict.fromkeys(WAYS[:4], str))


def _weights(limit: Limit, ways: pd.DataFrame) -> tuple[Floats, list[str]]:
    """Return what a unit of each move counts, and what is wrong with it."""
    found, wrong = _asked(limit, ways)
    if wrong:
        return found, wrong
    # every second row from the end: other company, other order
    some = np.arange(len(ways))[::-2]
    again, wrong = _asked(limit, ways.iloc[some].reset_index(drop=True))
    if not wrong and not np.allclose(again, found[some], rtol=1e-9, atol=0.0):
        words = "weight changes with the other rows; it must look at each row by itself"
        wrong = [f"limit {limit.name}: {words}"]
    return found, wrong


def _asked(limit: Limit, ways: pd.DataFrame) -> tuple[Floats, list[str]]:
    """Ask a weight about some rows."""
    none, start = np.zeros(len(ways)), f"limit {limit.name}: weight"
    try:
        found = np.asarray(limit.weight(ways.copy()), dtype=np.float64)
    except (TypeError, ValueError) as error:
        return none, [f"{start} gives no numbers ({error})"]
    except (AttributeError, LookupError) as error:  # of a column, above all, that there is none of
        return none, [f"{start} cannot be told ({error}); its rows have {listed(WAYS)}"]
    if found.shape != (len(ways),):
        return none, [f"{start} gives {found.shape} for {plural(len(ways), 'row')}, not one each"]
    bad = np.flatnonzero(~np.isfinite(found) | (found < 0))
    if not len(bad):
        return found, []
    row = ways.iloc[int(bad[0])]
    way = " ".join(str(row[name]) for name in WAYS[:4] if row[name])
    words = f"{start} is {number(float(found[bad[0]]))} for {way}; it must be 0 or more"
    return none, [words]
