"""Rates that change for good, week by week or for one week only, and rhythms."""

from __future__ import annotations

from benchmarks.forecast.behaviour import plants as plant
from benchmarks.forecast.behaviour.cases import RIGHT, Case, Panel, Wanted, near, quarter, silent
from benchmarks.forecast.behaviour.figures import left_over
from benchmarks.forecast.behaviour.market import CLUMPED
from benchmarks.forecast.behaviour.paths import every, pulse, step, trend

__all__ = ["QUARTERS", "STEPS", "TRENDS"]

UP, DOWN = step(3, 3.0), step(3, 1 / 3)
BURST = pulse(1, 10.0)
FALLS, GROWS = trend(26, -0.06), trend(26, 0.08)
DEAD = plant.items(6.0, step(4, 0.0), flat=True)
SILENT = plant.items(6.0, step(2, 0.0), flat=True)

FELL = near(0.8, 1.3)
ONCE = near(0.85, 1.3)
FALLING = near(0.85, 1.15)
GROWING = near(0.92, 1.15) + near(0.85, 1.25, week=4)

STEPS = Panel(
    "steps",
    (
        Case("up_3", "2 a week before", plant.items(2.0, UP), RIGHT),
        Case("up_3", "6 a week before", plant.items(6.0, UP, r=CLUMPED), RIGHT),
        Case("down_3", "2 a week before", plant.items(2.0, DOWN), FELL),
        Case("down_3", "6 a week before", plant.items(6.0, DOWN), FELL),
        Case("last_week_x10", "2 a week", plant.items(2.0, BURST), ONCE),
        Case("last_week_x10", "6 a week", plant.items(6.0, BURST), ONCE),
    ),
)
TRENDS = Panel(
    "trends",
    (
        Case("decline", "from 6 a week", plant.items(6.0, FALLS), FALLING),
        Case("decline", "from 12 a week", plant.items(12.0, FALLS), FALLING),
        Case("growth", "from 1 a week", plant.items(1.0, GROWS), GROWING),
        Case("growth", "from 2 a week", plant.items(2.0, GROWS, r=CLUMPED), GROWING),
        Case("dead", "4 weeks", DEAD, silent(0.10)),
        Case("dead", "2 weeks", SILENT, silent(0.35)),
        Case("rhythm", "alternating, next week sells", plant.items(6.0, every(2)), RIGHT),
        Case("rhythm", "every fourth, next week sells", plant.items(6.0, every(4)), RIGHT),
        Case(
            "rhythm",
            "alternating, next week does not",
            plant.items(6.0, every(2, 1)),
            (Wanted("week 1 / a week that sells", left_over()),),
        ),
    ),
)
QUARTERS = tuple(
    quarter(each)
    for each in (
        Case("up_3", "own levels", plant.items(None, UP), RIGHT),
        Case("down_3", "own levels", plant.items(None, DOWN), FELL),
        Case("last_week_x10", "own levels", plant.items(None, BURST), ONCE),
        Case("decline", "from 6 a week", plant.items(6.0, FALLS), FALLING),
        Case("growth", "from 1 a week", plant.items(1.0, GROWS), GROWING),
        Case("dead", "4 weeks", DEAD, silent(0.10)),
        Case("dead", "2 weeks", SILENT, silent(0.35)),
        Case("rhythm", "alternating, next week sells", plant.items(6.0, every(2)), RIGHT),
    )
)
