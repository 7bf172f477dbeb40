"""How much more one policy earned than another, week by week, also over two runs.

`python -m benchmarks.whole_orders.paired A.csv foreship B.csv by_unit [--column earned]` reads two
weekly frames, as `python -m benchmarks.money --weekly FILE` keeps them, and prints the sum of the
differences with its 95 % interval (equation 16 of docs/replay.md). Both must be of the same weeks,
and the second file may be the first one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from foreship.config import nearest
from foreship.errors import UsageError
from foreship_foundation.intervals import Interval, sum_over_weeks

__all__ = ["paired"]


def main() -> None:
    """Print the difference and its interval."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("policy")
    parser.add_argument("other_file", type=Path)
    parser.add_argument("other")
    parser.add_argument("--column", default="earned", help="of the weekly frames")
    options = parser.parse_args()
    frames = [
        pd.read_csv(each, parse_dates=["week"]) for each in (options.file, options.other_file)
    ]
    found = paired(frames[0], options.policy, frames[1], options.other, options.column)
    weeks = frames[0]["week"].nunique()
    print(
        f"{options.column}: {options.policy} over {options.other} {found.value:,.2f} "
        f"({found.low:,.2f} .. {found.high:,.2f}), {weeks} weeks"
    )


def paired(
    weekly: pd.DataFrame, policy: str, other_weekly: pd.DataFrame, other: str, column: str
) -> Interval:
    """Return the sum of one policy's weeks less another's, with the interval of that sum.

    Parameters
    ----------
    weekly, other_weekly
        Weekly frames of replays: `policy`, `week` and `column`.

    Raises
    ------
    UsageError
        For a policy or column that is not there, or different weeks.
    """
    mine, its = (_by_week(*each, column) for each in ((weekly, policy), (other_weekly, other)))
    if not mine.index.equals(its.index):
        raise UsageError(
            f"weeks differ: {policy} has {len(mine)} from {mine.index[0].date()}, "
            f"{other} {len(its)} from {its.index[0].date()}"
        )
    return sum_over_weeks((mine - its).to_numpy())


def _by_week(weekly: pd.DataFrame, policy: str, column: str) -> pd.Series[float]:
    names = weekly["policy"].unique().tolist()
    if policy not in names:
        raise UsageError(f"no policy named {policy!r}; {nearest(policy, names)}")
    if column not in weekly.columns:
        raise UsageError(f"no column named {column!r}; {nearest(column, weekly.columns)}")
    mine = weekly[weekly["policy"] == policy]
    if "cost_factor" in mine.columns:
        mine = mine[mine["cost_factor"] == 1.0]
    return mine.set_index("week")[column].sort_index()


if __name__ == "__main__":
    main()
