"""Items and regions that are new, that are gone, or whose shelf is empty."""

from __future__ import annotations

from benchmarks.forecast.behaviour import plants as plant
from benchmarks.forecast.behaviour.cases import RIGHT, Case, Panel, near, quarter, silent
from benchmarks.forecast.behaviour.paths import step

__all__ = ["NEW", "OLD", "QUARTERS", "REGION", "YOUNG"]

EMPTY, HALF_EMPTY = (plant.shelf_empty(level, 4, kept) for level, kept in ((6.0, 0.0), (2.0, 0.5)))
NEW = Panel(
    "new and sold out",
    (
        Case("launched", "3 weeks ago, told", plant.launch(4.0, 3, told=True), RIGHT),
        Case("launched", "3 weeks ago, not told", plant.launch(2.0, 3, told=False), RIGHT),
        Case("sold_out", "4 weeks, nothing served", EMPTY, RIGHT),
        Case("sold_out", "4 weeks, half served", HALF_EMPTY, RIGHT),
    ),
)
REGION = Case("region_opened", "3 weeks ago", plant.region_opened(3), RIGHT, items=0)
AGES = (3, 6, 1, 7, 2, 5, 4, 7)
"""weeks since the launch of eight young items"""
ALIKE = (0.5, 0.8, 1.2, 1.6, 2.2, 3.0, 4.0, 5.5)
SLOW = tuple(level / 5 for level in ALIKE)
WITHIN = near(0.8, 1.25)
YOUNG = (
    Panel(
        "young",
        (Case("young", "levels like others'", plant.young(ALIKE, AGES), WITHIN, items=8),),
    ),
    Panel(
        "young and slow",
        (Case("young", "a fifth of others' levels", plant.young(SLOW, AGES), WITHIN, items=8),),
    ),
)
OLD = Panel(
    "old cells",
    (
        Case("old_dead", "8 cells, 110 weeks", plant.old_dead_cells(4.0, 110), silent(0.02), 8),
        Case("old_dead", "an item, 110 weeks", plant.items(4.0, step(110, 0.0)), silent(0.02)),
    ),
    weeks=164,
)
QUARTERS = (quarter(Case("sold_out", "4 weeks, nothing served", EMPTY, RIGHT)),)
