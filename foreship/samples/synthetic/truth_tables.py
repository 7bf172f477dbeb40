"""Write the true laws of demand and baskets beside a simulated retailer's tables, in `truth/`.

| file | content |
|---|---|
| `demand.parquet` | `region, item, week, mean`: expected units of a cell that has not stopped |
| `closures.parquet` | `region, item, week`: cells that stopped without notice, from that week on |
| `law.json` | how counts are formed around the mean |
| `themes.parquet` | `item, theme`: which items are ordered together |
| `baskets.json` | how the units of a week become orders |
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from foreship.samples.synthetic.baskets import BASKETS
from foreship.samples.synthetic.history import blocks_of
from foreship.samples.synthetic.world import LAW, World
from foreship.samples.tablefile import Columns, coded, write_table, write_tables

__all__ = ["write_truth"]

LARGEST_WHOLE = 20_000_000  # rows; a larger truth leaves out the early weeks
LATE_WEEKS = 26


def write_truth(folder: Path, world: World) -> None:
    """Write the truth of `world` into `folder`/truth."""
    truth = folder / "truth"
    truth.mkdir()
    write_tables(truth, "demand", _demand(world))
    write_table(truth, "closures", _closures(world))
    write_table(truth, "themes", {"item": world.catalogue.item, "theme": world.theme})
    for name, law in (("law", LAW.to_dict()), ("baskets", BASKETS.to_dict())):
        text = json.dumps(law, indent=2, sort_keys=True)
        (truth / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def first_week(world: World) -> int:
    """Return the first week that the truth holds: all of them unless they are too many."""
    small = world.listed.sum() * len(world.weeks) <= LARGEST_WHOLE
    return 0 if small else world.history_weeks - LATE_WEEKS


def _demand(world: World) -> Iterator[Columns]:
    start = first_week(world)
    for items in blocks_of(world.catalogue):
        mean = world.mean(items)[:, :, start:]
        item, region, week = np.nonzero(np.broadcast_to(world.listed[items, :, None], mean.shape))
        yield {
            "region": coded(region, world.places.region),
            "item": coded(item + items.start, world.catalogue.item),
            "week": world.weeks[start + week],
            "mean": mean[item, region, week].astype(np.float32),
        }


def _closures(world: World) -> Columns:
    """Return the cells that stopped before as_of, with the first week without demand."""
    launched = world.catalogue.launch_week[:, None] < world.history_weeks
    stopped = world.listed & launched & (world.closed_from < world.history_weeks)
    stopped &= world.closed_from < world.catalogue.end_week[:, None]
    region, item = np.nonzero(stopped.T)
    return {
        "region": coded(region, world.places.region),
        "item": coded(item, world.catalogue.item),
        "week": world.weeks[world.closed_from[item, region]],
    }
