"""A replay cut into pieces for several workers: forecasts by fit, and policies in groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.execute import map_parts
from foreship.judge.back_and_forth import EarlierMoves
from foreship.judge.carried_out.state import State
from foreship.replay.known_then import Forecasts, tables_known_on
from foreship.replay.open_promises import OpenPromise
from foreship.replay.track import Track
from foreship_foundation.telling.progress import pieces, unheard
from foreship_foundation.telling.words import plural

if TYPE_CHECKING:
    from foreship.config import Config
    from foreship.pipeline.stages import ForecastResult

__all__ = ["deal", "play_apart"]

Tables = Mapping[str, pd.DataFrame]
Played: TypeAlias = tuple[
    State,
    list[dict[str, Any]],
    list[str],
    list[OpenPromise],
    list[pd.DataFrame],
    EarlierMoves | None,
]

EFFORT = {"foreship": 16.0, "foreship_mean": 16.0, "truth": 16.0}
"""rough work of a policy's week, against 1 of the others; what it is never changes the answer"""
REPLAYING = "Replaying weeks"
"""what the progress of a replay is called"""
LIGHT_READERS = ("newsvendor", "point")
"""policies whose week is less work than drawing the sample paths that it reads"""


def play_apart(
    tracks: Sequence[Track],
    tables: Tables,
    mondays: npt.NDArray[np.datetime64],
    config: Config,
    workers: int,
    how: str,
    tell: Callable[[str], None],
) -> Iterable[str]:
    """Play the same replay in pieces: the forecasts of a fit, then groups of tracks.

    A group's weeks follow on each other, so they begin as soon as their forecasts are there, before
    the forecasts of a later fit. A group shares one drawing of the sample paths.
    """
    age, groups = config.backtest.refit_weeks, deal(tracks, workers)
    parts: list[_Fit | _Leg] = []
    needs: list[tuple[int, ...]] = []
    before: dict[int, int] = {}
    for fit in (mondays[at : at + age] for at in range(0, len(mondays), age)):
        parts.append(_Fit(fit))
        needs.append(())
        made = len(parts) - 1
        for number in range(len(groups)):
            needs.append((made, before[number]) if number in before else (made,))
            before[number] = len(parts)
            parts.append(_Leg(number, fit))
    common = (tables, config, [[tracks[each] for each in group] for group in groups])
    results = map_parts(_done, common, parts, needs=needs, how=how, workers=workers)
    notes: dict[str, None] = {}
    for part, result in zip(parts, pieces(results, REPLAYING, len(parts)), strict=True):
        tell(str(part))
        if isinstance(part, _Fit):
            notes |= dict.fromkeys(note for each in result for note in each.notes)
            continue
        for each, played in zip(groups[part.group], result, strict=True):
            tracks[each].stand(*played)
    return notes


Shared: TypeAlias = tuple[Tables, "Config", Sequence[Sequence[Track]]]


def _done(shared: Shared, part: _Fit | _Leg, *given: Any) -> Any:
    with unheard():
        return part.done(shared, *given)


@dataclass(frozen=True)
class _Fit:
    """The forecasts of the Mondays that share one fit."""

    mondays: npt.NDArray[np.datetime64]

    def done(self, shared: Shared) -> list[ForecastResult]:
        tables, config, _ = shared
        forecasts = Forecasts(config)
        return [forecasts.on(monday, tables_known_on(tables, monday))() for monday in self.mondays]

    def __str__(self) -> str:
        return f"forecast {plural(len(self.mondays), 'week')} from {self.mondays[0]}"


@dataclass(frozen=True)
class _Leg:
    """The weeks in which a group of tracks uses one fit."""

    group: int
    mondays: npt.NDArray[np.datetime64]

    def done(
        self, shared: Shared, made: Sequence[ForecastResult], before: Sequence[Played] = ()
    ) -> list[Played]:
        """Continue from where the previous leg ended; return where each track then is."""
        tables, _, groups = shared
        start = before or [(each.state, [], [], [], [], None) for each in groups[self.group]]
        tracks = [replace(track) for track in groups[self.group]]
        for track, stood in zip(tracks, start, strict=True):
            track.stand(*stood)
        for monday, result in zip(self.mondays, made, strict=True):
            # a copy keeps its sample paths no longer than its Monday
            known, own = tables_known_on(tables, monday), replace(result, paths=copy(result.paths))
            for track in tracks:
                track.play(known, partial(_the_same, own), monday)
        return [
            (
                track.state,
                track.weeks,
                track.troubles,
                track.waiting,
                track.sent,
                track.earlier,
            )
            for track in tracks
        ]

    def __str__(self) -> str:
        return (
            f"group {self.group + 1} replayed {plural(len(self.mondays), 'week')} from "
            f"{self.mondays[0]}"
        )


def _the_same(made: ForecastResult) -> ForecastResult:
    return made


def deal(tracks: Sequence[Track], workers: int) -> list[list[int]]:
    """Assign tracks, the longest first, to as many groups as workers; positions, in order.

    A light reader of sample paths joins a group that draws them anyway: a worker that is idle then
    has the next fit to learn.
    """
    groups: list[list[int]] = [[] for _ in range(min(workers, len(tracks)))]
    busy = [0.0] * len(groups)
    drawn: set[int] = set()
    effort = [EFFORT.get(track.name, 1.0) for track in tracks]
    for each in sorted(range(len(tracks)), key=lambda each: (-effort[each], each)):
        light = tracks[each].name in LIGHT_READERS
        open_to_it = sorted(drawn) if light and drawn else range(len(groups))
        idlest = min(open_to_it, key=busy.__getitem__)
        busy[idlest] += effort[each]
        groups[idlest].append(each)
        if light or tracks[each].name in ("foreship", "foreship_mean"):
            drawn.add(idlest)
    return [sorted(group) for group in groups if group]
