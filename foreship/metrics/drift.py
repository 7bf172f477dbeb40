"""How far a job's figures lie from those of the last ones: as a ratio, and in their spreads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import mean, median, stdev
from typing import Any, Final

__all__ = ["LATEST", "drift_from", "spreads_from"]

LATEST: Final = 8
"""runs that are looked back at"""
FEWEST: Final = 4
"""runs below which a spread is chance"""
FIGURES: Final = ("cells", "lines", "units")


def drift_from(now: Mapping[str, Any], past: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return each figure over the median of the same figure in past runs.

    Parameters
    ----------
    now, past
        Metrics with `rows` by table and `cells`, `lines`, `units`; of past runs those that know a
        figure are asked.

    Returns
    -------
    Ratios by name (`rows.orders`, `units`, ..), 1 where nothing changed. What no past run knows,
    or had nothing of, has none.
    """
    ratios = {}
    for name, value, known in _beside(now, past):
        middle = median(known)
        if middle > 0:
            ratios[name] = round(value / middle, 6)
    return ratios


def spreads_from(now: Mapping[str, Any], past: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return how many standard deviations each figure lies above its mean in past runs.

    Parameters
    ----------
    now, past
        As of `drift_from`.

    Returns
    -------
    The z of each figure by name, negative below the mean. What fewer than `FEWEST` past runs
    know, or what was the same in all of them, has none.
    """
    spreads = {}
    for name, value, known in _beside(now, past):
        spread = stdev(known) if len(known) >= FEWEST else 0
        if spread > 0:
            spreads[name] = round((value - mean(known)) / spread, 6)
    return spreads


def _beside(
    now: Mapping[str, Any], past: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, float, list[float]]]:
    """Yield each figure by name with the same of those past runs that know it, if any does."""
    then = [_figures(each) for each in past]
    for name, value in _figures(now).items():
        known = [each[name] for each in then if name in each]
        if known:
            yield name, value, known


def _figures(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Return figures by name; what is no number, in a summary made by others, is none."""
    rows = metrics.get("rows")
    found = (
        {f"rows.{name}": value for name, value in rows.items()} if isinstance(rows, dict) else {}
    )
    found |= {name: metrics.get(name) for name in FIGURES}
    return {name: value for name, value in found.items() if isinstance(value, int | float)}
