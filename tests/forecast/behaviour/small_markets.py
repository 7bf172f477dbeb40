"""Panels of the behaviour benchmark at the smallest settings that show what they are to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.forecast.behaviour.cases import Panel
from benchmarks.forecast.behaviour.judging import QUICK, Found, judge

SLACK = 0.2

__all__ = ["SLACK", "Figures", "Judged", "figures"]


@dataclass(frozen=True)
class Figures:
    """What one forecast makes of every case of a panel."""

    found: tuple[Found, ...]

    def misses(self, kind: str, variant: str | None = None, slack: float = SLACK) -> list[str]:
        """Return in words every figure of a kind, or of one variant, that is not as wanted.

        One draw and quick trees miss by more than the benchmark's ten seeds and usual trees: a
        figure may lie beyond its range by a share `slack`.
        """
        chosen = [
            each
            for each in self.found
            if each.case.kind == kind and variant in (None, each.case.variant)
        ]
        assert chosen, f"{kind} ({variant}) is not planted"
        return [
            f"{each.case.variant}: {each.wanted.figure} is {each.value:.3f},"
            f" not {each.wanted.low:g} to {each.wanted.high:g}"
            for each in chosen
            if not each.wanted.low / (1.0 + slack) <= each.value <= each.wanted.high * (1.0 + slack)
        ]


Judged = Callable[..., Figures]
"""the type of the fixture `judged`, which is `figures`"""


def figures(
    panel: Panel,
    network: str = "drifting",
    stock_outs: float = 0.0,
    horizon: int = 2,
    seed: int = 1,
    weekly_lines: bool = False,
) -> Figures:
    """Draw a panel in a network of some kind, forecast it and read its figures.

    One draw is one draw. Where a case lives on few weeks, a seed is taken with which these weeks
    sold within a few per cent of their rate: then a miss is the forecast's and not the dice's.
    """
    params = replace(QUICK, horizon_weeks=horizon)
    return Figures(tuple(judge(panel, seed, network, stock_outs, params, weekly_lines)))
