"""True future orders of a simulated retailer: its law of demand, gathered by its law of baskets."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from foreship.errors import InputError, UsageError
from foreship.samples.randomness import stream
from foreship.samples.synthetic.baskets import BasketLaw, WeekOfOrders, gather
from foreship.samples.synthetic.truth import TruePaths, truth_folder, truth_paths
from foreship.samples.tablefile import numbered
from foreship_foundation.arrays import Ids, Ints

__all__ = ["holds_baskets", "true_orders"]

DAY = np.timedelta64(1, "D")


def true_orders(
    folder: Path | str,
    as_of: pd.Timestamp | str,
    windows: int,
    weeks: int = 1,
    seed: int = 1,
) -> pd.DataFrame:
    """Draw the orders of the weeks from `as_of` on, as they may come, many times over.

    Parameters
    ----------
    folder
        A simulated workspace, or its folder `truth`.
    as_of
        A Monday; the truth must hold the `weeks` weeks from it on.
    windows
        How many independent draws of these weeks, at least 1.
    weeks
        Weeks of a window, at least 1.
    seed
        Same seed, same orders; their units are those of `truth_paths` with the same seed,
        `horizon_weeks` = `weeks` and `scenarios` = `windows`.

    Returns
    -------
    One row an order line: `date, region, item, quantity, order_id, period`, sorted by period, date,
    region, order and item. `period` is the window, 0 .. windows - 1 (one without orders has no
    row); an `order_id` stands in one window, day and region only, with each item once.

    Raises
    ------
    UsageError
        If the folder holds no truth, none of baskets, or not these weeks.
    """
    truth = truth_folder(Path(folder))
    if not holds_baskets(truth):
        raise UsageError(f"the folder {folder} holds no truth of baskets; make the sample again")
    paths = truth_paths(truth, as_of, weeks, windows, seed)
    regions, region = np.unique(paths.region.astype(str), return_inverse=True)
    items, item = np.unique(paths.item.astype(str), return_inverse=True)
    law, theme = _law(truth), _themes(truth, items.astype(object))
    parts = []
    for window in range(windows):
        rng = stream(seed, f"true orders {pd.Timestamp(as_of).date()}", window)
        for week in range(weeks):
            units = paths.units[:, week, window].astype(np.int64)
            wanted = np.flatnonzero(units)
            lines = gather(region[wanted], item[wanted], units[wanted], theme, law, rng)
            parts.append((window, week, lines))
    return _table(parts, paths, regions.astype(object), items.astype(object))


def holds_baskets(truth: Path) -> bool:
    """Tell whether a folder `truth` says how orders are gathered."""
    return (truth / "baskets.json").is_file() and (truth / "themes.parquet").is_file()


def _table(
    parts: list[tuple[int, int, WeekOfOrders]], paths: TruePaths, regions: Ids, items: Ids
) -> pd.DataFrame:
    """Put the weeks of all windows under each other; orders are numbered on from week to week."""
    before = np.cumsum([0, *(lines.orders for _, _, lines in parts)])
    dates = [paths.weeks[week] + DAY * lines.weekday for _, week, lines in parts]
    order = [first + lines.order for first, (_, _, lines) in zip(before, parts, strict=False)]
    ids = numbered(int(before[-1]), "T").to_numpy(zero_copy_only=False)
    period = [np.full(len(lines.order), window) for window, _, lines in parts]
    return pd.DataFrame(
        {
            "date": np.concatenate(dates).astype("datetime64[ns]"),
            "region": regions[np.concatenate([lines.region for _, _, lines in parts])],
            "item": items[np.concatenate([lines.item for _, _, lines in parts])],
            "quantity": np.concatenate([lines.quantity for _, _, lines in parts]),
            "order_id": ids[np.concatenate(order)],
            "period": np.concatenate(period),
        }
    )


def _law(truth: Path) -> BasketLaw:
    numbers = json.loads((truth / "baskets.json").read_text(encoding="utf-8"))
    try:
        return BasketLaw(
            line_share=tuple(numbers["line_share"]),
            repeat_share=numbers["repeat_share"],
            weekday_share=tuple(numbers["weekday_share"]),
        )
    except KeyError as missing:
        raise InputError(f"{truth / 'baskets.json'} lacks {missing}") from missing


def _themes(truth: Path, items: Ids) -> Ints:
    """Return the theme of each item, shape (I,)."""
    table = pd.read_parquet(truth / "themes.parquet").set_index("item")["theme"]
    known = table.reindex(items)
    if known.isna().any():
        nameless = ", ".join(known.index[known.isna()][:5])
        raise InputError(f"{truth / 'themes.parquet'} lacks the items {nameless}")
    theme: Ints = known.to_numpy(np.int64)
    return theme
