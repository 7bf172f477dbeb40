"""One region with all its items: how full it is, what comes and goes, why, and what is scarce."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from foreship.reading.explaining.cell_rows import cell_frame, totals, worded
from foreship.reading.explaining.known_names import refuse_unknown
from foreship.reading.explaining.overview import Overview
from foreship.reading.views import RunView, day
from foreship.reading.words.exceptions import exception_words
from foreship_foundation.telling.words import fixed, money, percent, plural, sentence, units

__all__ = ["about_region", "beyond_region", "explain_region"]

MOST_CELLS = 30


def explain_region(view: RunView, region: str) -> Overview:
    """Say what the plan does in a region, line by line, the most money first.

    Raises
    ------
    UsageError
        If the run knows no such region; names the nearest ones.
    """
    refuse_unknown(view, "region", region)
    cells = cell_frame(view, region=region)
    gain = _gains(view, region)
    moved = cells[(cells["sent"] > 0) | (cells["leaving"] > 0)]
    # cells are sorted by item, which a stable order keeps among those that earn the same
    earned = np.array([gain.get(item, 0.0) for item in moved["item"]])
    first = moved.iloc[np.argsort(-earned, kind="stable")[:MOST_CELLS]]
    return Overview(
        run_id=view.run_id,
        as_of=day(view.as_of),
        item="",
        region=region,
        name=view.name("region", region),
        cells=tuple(worded(view, first, "item")),
        about=tuple(about_region(view, region, cells)),
        further=(
            *_left_out(len(cells), len(moved)),
            *beyond_region(view, region),
        ),
    )


def about_region(view: RunView, region: str, cells: pd.DataFrame) -> Iterator[str]:
    """Say what the items of a region come to, how full it is, and what its lines earn.

    Parameters
    ----------
    cells
        All of the region, as `cell_frame` has them.
    """
    yield _in_all(cells)
    yield from _storage(view, region, cells)
    yield from _money(view, region)


def beyond_region(view: RunView, region: str) -> Iterator[str]:
    """Say of a region what no item in it says: what is scarce, what to look at."""
    yield from _scarce(view, region)
    yield from exception_words(view, region=region)


def _gains(view: RunView, region: str) -> dict[str, float]:
    """Return by item what the lines into and out of a region are expected to earn."""
    mine = view.lines_at(region)
    total = mine.groupby("item")["expected_gain"].sum()
    return {str(item): float(gain) for item, gain in total.items()}


def _in_all(cells: pd.DataFrame) -> str:
    here, coming, sent, leaving = totals(cells)
    return (
        f"{plural(here, 'unit')} of {plural(len(cells), 'item')} on hand, {units(coming)} coming, "
        f"{units(sent)} sent, {units(leaving)} leaving."
    )


def _storage(view: RunView, region: str, cells: pd.DataFrame) -> Iterator[str]:
    """Say how full the region is now and after the plan."""
    regions, items = view.table("regions"), view.table("items")
    if "capacity" not in regions or "volume" not in items:
        return
    capacity = regions.loc[regions["region"] == region, "capacity"].astype(float)
    if capacity.empty or not np.isfinite(capacity.iloc[0]):
        yield "Its storage is not limited."
        return
    volume = items.set_index("item")["volume"].astype(float)
    each = volume.reindex(cells["item"]).fillna(1.0).to_numpy()
    now = sum((each * (cells["on_hand"] + cells["coming"])).tolist())
    moved = sum((each * (cells["sent"] - cells["leaving"])).tolist())
    room = float(capacity.iloc[0])
    share = percent((now + moved) / room) if room > 0 else "all"
    yield (
        f"Storage: {fixed(now, 1)} of {fixed(room, 1)} taken by what lies and comes there, "
        f"{fixed(now + moved, 1)} after the plan ({share})."
    )


def _money(view: RunView, region: str) -> Iterator[str]:
    mine = view.lines_at(region)
    if len(mine):
        yield (
            f"Its {plural(len(mine), 'line')} cost {money(float(mine['cost'].sum()))} and are "
            f"expected to earn {money(float(mine['expected_gain'].sum()))} after that."
        )


def _left_out(cells: int, moved: int) -> Iterator[str]:
    more, still = moved - MOST_CELLS, cells - moved
    if more > 0:
        yield f"{plural(more, 'further item')} with less gain are not shown."
    if still:
        noun = plural(still, "item")
        yield f"For {noun} nothing is sent and nothing taken away; --item says why."


def _scarce(view: RunView, region: str) -> Iterator[str]:
    """Say what one unit more of its limits would be worth, where that is known."""
    for each in view.shadow_prices():
        if _concerns(each.limit, region):
            yield sentence(each.words)


def _concerns(limit: str, region: str) -> bool:
    """Whether a limit is the storage or the dock of a region, or a lane or vehicle into it."""
    for before in ("storage of ", "receiving at ", " -> "):
        _, found, place = limit.partition(before)
        if found and (place == region or place.startswith((f"{region} (", f"{region} on "))):
            return True
    return False
