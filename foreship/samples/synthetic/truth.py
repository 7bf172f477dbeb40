"""The true distribution of a simulated retailer's demand, as a fully informed planner knows it.

Known are parameters, calendar, planned prices, and which cells stopped before `as_of`. Not known
are the coming shocks: they are drawn, or integrated over. The law stands in `world.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.errors import InputError, UsageError
from foreship.samples.randomness import stream
from foreship.samples.synthetic.world import Law
from foreship_foundation.arrays import Bools, Floats, Ids

__all__ = [
    "TruePaths",
    "TrueProbability",
    "true_purchase_probability",
    "truth_folder",
    "truth_paths",
]

Weeks: TypeAlias = npt.NDArray[np.datetime64]

WEEK = np.timedelta64(7, "D")
NODES = 24  # Gauss-Hermite nodes over the shocks
DRAWN_AT_ONCE = 4096  # cells
HARDLY_EVER = 1e-12  # a chance above 0, for a geometric draw where cells never stop


@dataclass(frozen=True)
class TruePaths:
    """Equally likely joint paths of weekly demand: cells (C) x weeks (H) x scenarios (S).

    **Invariants:** cells sorted by (region, item); weeks are consecutive Mondays from as_of on.
    """

    region: Ids
    item: Ids
    weeks: Weeks
    units: npt.NDArray[np.int32]
    """shape (C, H, S)"""
    order_sizes: None = None
    """a customer's order takes what the paths show"""


@dataclass(frozen=True)
class TrueProbability:
    """P(D >= k) of each cell and week, for k = 1..K; cells as in `TruePaths`."""

    region: Ids
    item: Ids
    weeks: Weeks
    p: Floats
    """shape (C, H, K), non-increasing in k"""


@dataclass(frozen=True)
class _Outlook:
    """Means of all cells over the weeks from as_of on, and which still sell."""

    region: Ids
    item: Ids
    weeks: Weeks
    mean: Floats
    """shape (C, H), of cells that are open"""
    stopped: Bools
    """cells that stopped before as_of, shape (C,)"""
    law: Law

    @property
    def weeks_at_risk(self) -> npt.NDArray[np.int64]:
        """Weeks in which an open cell may have stopped, by the end of each week, shape (C, H)."""
        return np.cumsum(np.maximum.accumulate(self.mean > 0, axis=1), axis=1)


def truth_paths(
    folder: Path | str,
    as_of: pd.Timestamp | str,
    horizon_weeks: int,
    scenarios: int,
    seed: int = 1,
) -> TruePaths:
    """Draw sample paths from the true distribution, as far as known on `as_of`.

    Parameters
    ----------
    folder
        A simulated workspace, or its folder `truth`.
    as_of
        A Monday; the truth must hold the `horizon_weeks` weeks from it on.
    horizon_weeks, scenarios
        H and S, at least 1.
    seed
        Same seed, same paths.

    Raises
    ------
    UsageError
        If there is no truth in the folder or it does not hold these weeks.
    """
    outlook = _read(Path(folder), pd.Timestamp(as_of), horizon_weeks)
    rng = stream(seed, f"truth paths {pd.Timestamp(as_of).date()}")
    shock, item = _shock_paths(outlook, scenarios, rng)
    units = np.empty((*outlook.mean.shape, scenarios), np.int32)
    r, risk = outlook.law.dispersion, outlook.weeks_at_risk
    closing = max(outlook.law.closure_per_week, HARDLY_EVER)
    for start in range(0, len(item), DRAWN_AT_ONCE):
        cells = slice(start, start + DRAWN_AT_ONCE)
        lasts = rng.geometric(closing, (len(item[cells]), scenarios))
        lasts[outlook.stopped[cells]] = 0
        for week in range(horizon_weeks):
            own = rng.gamma(r, 1.0 / r, lasts.shape)
            level = outlook.mean[cells, week, None] * shock[item[cells], week] * own
            is_open = lasts > risk[cells, week, None]
            units[cells, week] = rng.poisson(level) * is_open
    return TruePaths(outlook.region, outlook.item, outlook.weeks, units)


def _shock_paths(
    outlook: _Outlook, scenarios: int, rng: np.random.Generator
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Draw the shocks an item feels, shape (I, H, S), and name each cell's item, shape (C,)."""
    law, horizon = outlook.law, len(outlook.weeks)
    known, item = np.unique(outlook.item.astype(str), return_inverse=True)
    of_item = _stationary(law.item_shock_ar, (len(known), horizon, scenarios), rng)
    of_week = _stationary(law.week_shock_ar, (1, horizon, scenarios), rng)
    variance = law.item_shock_sd**2 + law.week_shock_sd**2
    log_shock = law.item_shock_sd * of_item + law.week_shock_sd * of_week - variance / 2
    return np.exp(log_shock), item.astype(np.int64)


def _stationary(ar: float, shape: tuple[int, int, int], rng: np.random.Generator) -> Floats:
    """Draw AR(1) states along axis 1 that are standard normal in every week."""
    state: Floats = rng.standard_normal(shape)
    for week in range(1, shape[1]):
        state[:, week] = ar * state[:, week - 1] + np.sqrt(1 - ar**2) * state[:, week]
    return state


def true_purchase_probability(
    folder: Path | str,
    as_of: pd.Timestamp | str,
    horizon_weeks: int,
    most_units: int = 1,
) -> TrueProbability:
    """Integrate P(D >= k), k = 1..`most_units`, of every cell and week over the coming shocks.

    Both shocks are log-normal, so their product is; the integral over it is a Gauss-Hermite sum
    of negative binomial tails. An open cell has not stopped by its n-th week with chance
    (1 - d)^n. Parameters and errors as in `truth_paths`.
    """
    outlook = _read(Path(folder), pd.Timestamp(as_of), horizon_weeks)
    law = outlook.law
    node, weight = np.polynomial.hermite_e.hermegauss(NODES)
    sd = float(np.hypot(law.item_shock_sd, law.week_shock_sd))
    p = np.zeros((*outlook.mean.shape, most_units))
    for z, share in zip(node, weight / weight.sum(), strict=True):
        p += share * _tails(outlook.mean * np.exp(sd * z - sd**2 / 2), law.dispersion, most_units)
    still_open = (1.0 - law.closure_per_week) ** outlook.weeks_at_risk
    still_open[outlook.stopped] = 0.0
    return TrueProbability(outlook.region, outlook.item, outlook.weeks, p * still_open[:, :, None])


def _tails(mean: Floats, r: float, most_units: int) -> Floats:
    """Return P(D >= k), k = 1..K, of negative binomials, shape mean.shape + (K,)."""
    ratio = mean / (r + mean)
    mass = (1.0 - ratio) ** r
    tail = 1.0 - mass
    tails = [tail]
    for k in range(1, most_units):
        mass = mass * ratio * (k - 1 + r) / k
        tail = np.maximum(tail - mass, 0.0)
        tails.append(tail)
    return np.stack(tails, axis=-1)


def truth_folder(folder: Path) -> Path:
    """Return the folder `truth` of a simulated workspace, which may be named itself."""
    truth = folder if (folder / "law.json").is_file() else folder / "truth"
    if not (truth / "law.json").is_file():
        raise UsageError(f"the folder {folder} holds no truth; only a simulated workspace has one")
    return truth


def _read(folder: Path, as_of: pd.Timestamp, horizon_weeks: int) -> _Outlook:
    """Read the weeks from `as_of` on, cells in canonical order."""
    truth = truth_folder(folder)
    weeks = np.datetime64(as_of.date(), "D") + WEEK * np.arange(horizon_weeks)
    within = [("week", ">=", pd.Timestamp(weeks[0])), ("week", "<=", pd.Timestamp(weeks[-1]))]
    demand = pd.read_parquet(truth / "demand.parquet", filters=within)
    demand = demand.sort_values(["region", "item", "week"], kind="stable")
    if not np.array_equal(np.unique(demand["week"].to_numpy().astype("datetime64[D]")), weeks):
        raise UsageError(f"the truth does not hold every week from {weeks[0]} to {weeks[-1]}")
    cells = demand.iloc[:: len(weeks)]
    return _Outlook(
        region=cells["region"].to_numpy(dtype=object),
        item=cells["item"].to_numpy(dtype=object),
        weeks=weeks,
        mean=demand["mean"].to_numpy(np.float64).reshape(-1, len(weeks)),
        stopped=_stopped(truth, cells, as_of),
        law=_law(truth),
    )


def _stopped(truth: Path, cells: pd.DataFrame, as_of: pd.Timestamp) -> Bools:
    closures = pd.read_parquet(truth / "closures.parquet")
    past = closures[closures["week"] < as_of]
    keys = ["region", "item"]
    return pd.MultiIndex.from_frame(cells[keys]).isin(pd.MultiIndex.from_frame(past[keys]))


def _law(truth: Path) -> Law:
    numbers = json.loads((truth / "law.json").read_text(encoding="utf-8"))
    try:
        return Law(**{name: numbers[name] for name in vars(Law())})
    except KeyError as missing:
        raise InputError(f"{truth / 'law.json'} lacks {missing}") from missing
