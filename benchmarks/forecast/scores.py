"""Scores of whole count distributions, given as p_k = P(D >= k) in a matrix.

The same for every method, learned or not, and nothing of it comes from the room that is judged.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship_foundation.arrays import Floats

__all__ = ["calibration_error", "chance_scores", "histogram_survival", "judge", "summary"]


LEAST = 1e-6
"""no probability scored is lower: the log score of the impossible stays finite"""


def judge(survival: Floats, units: Floats) -> pd.DataFrame:
    """Return what N distributions are worth, a row each.

    Parameters
    ----------
    survival
        p_1 .. p_K, shape (N, K); what lies beyond K counts as nothing.
    units
        What came, shape (N,).

    Returns
    -------
    pandas.DataFrame
        `p_1`, `p_2`, `mean` [units], `units`, `rps` = sum over k of (p_k - 1[D >= k])^2 [units],
        `log_score` = -ln P(D = units) and `log_loss` of p_1, probabilities floored at 1e-6.
    """
    counts = np.arange(1, survival.shape[1] + 1)
    happened = units[:, None] >= counts
    beyond = np.maximum(units - counts[-1], 0.0)
    whole = np.concatenate([np.ones((len(units), 1)), survival, np.zeros((len(units), 1))], axis=1)
    place = np.minimum(units.astype(np.int64), len(counts))
    row = np.arange(len(units))
    exactly = np.where(beyond > 0, 0.0, whole[row, place] - whole[row, place + 1])
    said = np.where(units > 0, survival[:, 0], 1.0 - survival[:, 0])
    return pd.DataFrame(
        {
            "p_1": survival[:, 0],
            "p_2": survival[:, 1],
            "mean": survival.sum(axis=1),
            "units": units,
            "rps": ((survival - happened) ** 2).sum(axis=1) + beyond,
            "log_score": -np.log(np.maximum(exactly, LEAST)),
            "log_loss": -np.log(np.maximum(said, LEAST)),
        }
    )


def histogram_survival(past: Floats, largest: int) -> Floats:
    """Return p_1 .. p_largest of the histogram of each row's past, shape (N, largest)."""
    rows, length = past.shape
    found = np.zeros((rows, largest + 2))
    place = np.minimum(past, largest).astype(np.int64)
    np.add.at(found, (np.arange(rows)[:, None], place), 1.0 / length)
    at_least = found[:, ::-1].cumsum(axis=1)[:, ::-1]
    return at_least[:, 1 : largest + 1]


def calibration_error(chance: Floats, happened: npt.NDArray[np.bool_]) -> float:
    """Return the ECE: over 10 equal bins, share of rows x |mean chance - frequency|."""
    place = np.minimum((chance * 10).astype(np.int64), 9)
    gap = np.bincount(place, chance, 10) - np.bincount(place, happened.astype(np.float64), 10)
    return float(np.abs(gap).sum() / len(chance))


def chance_scores(chance: Floats, happened: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Return `rows, log_loss, brier, ece_1` of chances of a sale that come without counts."""
    said = np.where(happened, chance, 1.0 - chance)
    return {
        "rows": said.size,
        "log_loss": float(-np.log(np.maximum(said, LEAST)).mean()),
        "brier": float(((1.0 - said) ** 2).mean()),
        "ece_1": calibration_error(chance.ravel(), happened.ravel()),
    }


def summary(judged: pd.DataFrame) -> dict[str, float]:
    """Return the means of what `judge` says, with ECE of p_1 and p_2 and the bias of the mean."""
    units = judged["units"].to_numpy()
    return {
        "rows": len(judged),
        **{name: float(judged[name].mean()) for name in ("rps", "log_score", "log_loss")},
        "ece_1": calibration_error(judged["p_1"].to_numpy(), units >= 1),
        "ece_2": calibration_error(judged["p_2"].to_numpy(), units >= 2),
        "bias": float(judged["mean"].sum() / units.sum() - 1.0),
    }
