"""How far a job's figures lie from those of the last ones: a ratio to their median."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final

__all__ = ["LATEST", "drift_from"]

LATEST: Final = 8
"""runs that are looked back at"""
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
    then = [_figures(each) for each in past]
    ratios = {}
    for name, value in _figures(now).items():
        known = [each[name] for each in then if name in each]
        middle = median(known) if known else 0
        if middle > 0:
            ratios[name] = round(value / middle, 6)
    return ratios


def _figures(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Return figures by name; what is no number, in a summary made by others, is none."""
    rows = metrics.get("rows")
    found = (
        {f"rows.{name}": value for name, value in rows.items()} if isinstance(rows, dict) else {}
    )
    found |= {name: metrics.get(name) for name in FIGURES}
    return {name: value for name, value in found.items() if isinstance(value, int | float)}
