"""Where a planner may trust the forecast: from intervals of the gain to one line of advice.

A class is trusted where the model beats the best floor of that class by more than an interval
wide enough for all classes together (eq. 26), so that the whole line is wrong in one case of
twenty at most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from foreship_forecast.evaluation.scorecard import KINDS, VOLUMES, classes
from foreship_foundation.telling.words import listed, runs_of

__all__ = ["GRADES", "advice", "beats", "trusted"]

FEWEST_EVENTS = 10
"""sales, and weeks without one, below which a class shows nothing"""
LEAST_GAIN = 0.01
"""share of a loss below which a gain, however sure, is no skill: calibrating a bare rate brings up
to 0.6 % of it by itself (docs/forecast.md, section 8)"""
MOST_NAMES = 6
CLAIMS = ("both", "chance", "count")
GRADES = {
    "both": "Trust it",
    "chance": "Trust it for whether something sells, not for how many",
    "count": "Trust it for how many, not for whether something sells",
    "none": "Do not trust it beyond the plain rate",
    "worse": "A plain rate is clearly better",
    "unknown": "Too few sales to tell",
}

NOT_ALONE = "Not shown for each of these alone"


def trusted(rows: pd.DataFrame, gained: pd.DataFrame, learned: bool) -> pd.DataFrame:
    """Return the grade of every class of rows.

    Parameters
    ----------
    rows
        `region, volume, horizon, cell, week, units`, N rows.
    gained
        `foreship_forecast.evaluation.gains.gains` of those rows.
    learned
        False where every model believes plain rates more than its boosters: what its calibration
        gains on a bare rate is then no skill.

    Returns
    -------
    DataFrame
        `by, value, rows, sales, blanks` (cells and weeks with and without a sale), for both
        metrics the strongest floor and the gain over it (`log_loss_floor, log_loss_gain,
        log_loss_low, log_loss_high`, the same of `rps`; the intervals are the wide ones), and
        `grade`, a key of `GRADES`.
    """
    strongest = _strongest(gained)
    lines = []
    for by, value, chosen in classes(rows):
        here = rows.iloc[chosen].drop_duplicates(["cell", "week"])
        sales = int((here["units"] > 0).sum())
        chance, count = (strongest[by, value, metric] for metric in ("log_loss", "rps"))
        lines.append(
            {"by": by, "value": value, "rows": len(chosen)}
            | {"sales": sales, "blanks": len(here) - sales}
            | {f"log_loss_{name}": each for name, each in chance.items()}
            | {f"rps_{name}": each for name, each in count.items()}
            | {"grade": _grade(chance, count, sales, len(here) - sales, learned)}
        )
    return pd.DataFrame(lines)


def _strongest(gained: pd.DataFrame) -> dict[tuple[str, str, str], pd.Series]:
    """Return by class and metric the floor that the model gains least over, with that gain."""
    # where no floor loses anything there is no gain to compare
    order = gained.assign(gain=gained["gain"].fillna(np.inf)).sort_values("gain", kind="stable")
    best = gained.loc[order.drop_duplicates(["by", "value", "metric"]).index]
    names = {"wide_low": "low", "wide_high": "high"}
    figures = best[["floor", "gain", *names]].rename(columns=names)
    keys = zip(best["by"], best["value"], best["metric"], strict=True)
    return {key: figures.loc[place] for key, place in zip(keys, best.index, strict=True)}


def _grade(chance: pd.Series, count: pd.Series, sales: int, blanks: int, learned: bool) -> str:
    if sales < FEWEST_EVENTS:
        return "unknown"
    # where something always sells there is nothing to tell about whether it does
    tells = blanks >= FEWEST_EVENTS
    if count["high"] < 0 or (tells and chance["high"] < 0):
        return "worse"
    whether, how_many = learned and tells and beats(chance), learned and beats(count)
    grades = {(True, True): "both", (True, False): "chance", (False, True): "count"}
    return grades.get((whether, how_many), "none")


def beats(figures: pd.Series) -> bool:
    """Whether a gain and its whole interval are above 0, by more than a trifle."""
    return bool(figures["low"] > 0 and figures["gain"] >= LEAST_GAIN)


def advice(trust: pd.DataFrame) -> str:
    """Say in one line where the forecast can be trusted, and where not."""
    parts = trust[trust["by"] != "all"]
    grades = [grade for grade in GRADES if (parts["grade"] == grade).any()]
    overall = str(trust.loc[trust["by"] == "all", "grade"].iloc[0])
    if grades == [overall]:
        return f"{GRADES[overall]} {_everywhere(overall)}."
    words = dict(GRADES)
    if overall in CLAIMS:
        # a class may be too small to show alone what all cells together do
        words["none"] = NOT_ALONE
    said = [f"{words[grade]}: {listed(_named(parts, grade))}." for grade in grades]
    if overall in CLAIMS or overall not in grades:
        said.insert(0, f"{words[overall]} over all cells together.")
    return " ".join(said)


def _everywhere(grade: str) -> str:
    return "anywhere" if grade in ("none", "unknown") else "everywhere"


def _named(parts: pd.DataFrame, grade: str) -> Iterator[str]:
    """Yield the classes of one grade in words, kind by kind."""
    words = {"region": _regions, "volume": _volumes, "horizon": _horizons}
    for by in reversed(KINDS):
        of_kind = parts[parts["by"] == by]
        chosen = of_kind.loc[of_kind["grade"] == grade, "value"].tolist()
        if chosen:
            yield words[by](chosen, of_kind["value"].tolist())


def _regions(chosen: Sequence[str], known: Sequence[str]) -> str:
    if len(chosen) == len(known):
        return "every region"
    names = listed(chosen, most=MOST_NAMES)
    return f"region {names}" if len(chosen) == 1 else f"regions {names}"


def _volumes(chosen: Sequence[str], known: Sequence[str]) -> str:
    if len(chosen) == len(known):
        return "cells of every volume"
    spans = []
    for first, last in runs_of(VOLUMES.index(each) for each in chosen):
        low, high = VOLUMES[first].split(" ")[0], VOLUMES[last].split(" ")[2]
        top = last == len(VOLUMES) - 1
        spans.append(f"{low} or more" if top else f"{low} to {high}")
    return f"cells selling {listed(spans)} a week"


def _horizons(chosen: Sequence[str], known: Sequence[str]) -> str:
    if len(chosen) == len(known):
        return "every horizon"
    spans = [
        f"{first}" if first == last else f"{first} to {last}"
        for first, last in runs_of(int(each) for each in chosen)
    ]
    ahead = "week ahead" if spans == ["1"] else "weeks ahead"
    return f"{listed(spans)} {ahead}"
