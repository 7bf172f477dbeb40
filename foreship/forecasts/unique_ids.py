"""`unique_id` of a forecast -> region and item."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from foreship.errors import UsageError
from foreship_foundation.arrays import Ids

__all__ = ["PATTERN", "split_ids"]

PATTERN = "region/item"
"""how a `unique_id` is put together unless somebody says otherwise"""


def split_ids(
    ids: Sequence[str], pattern: str, regions: Collection[str], items: Collection[str]
) -> tuple[Ids, Ids, dict[str, str]]:
    """Return region and item of each id.

    An id that can be cut at several places is cut where both parts are known.

    Parameters
    ----------
    ids
        Text, shape (N,).
    pattern
        `region` and `item` with what stands between them, as `item_region`.
    regions, items
        All that are known.

    Returns
    -------
    Regions and items, shape (N,) each, "" where that cannot be told; and what is wrong with each
    such id, by id.

    Raises
    ------
    UsageError
        For a pattern without both names, or nothing between them.
    """
    first, between, second = _parts(pattern)
    known = {"region": set(regions), "item": set(items)}
    codes, names = pd.factorize(np.asarray(ids, dtype=object))
    found: list[tuple[str, str]] = []
    wrong: dict[str, str] = {}
    for name in names:
        cuts = _cuts(str(name), between)
        suited = [cut for cut in cuts if cut[0] in known[first] and cut[1] in known[second]]
        readings = suited or cuts
        if len(readings) == 1:
            found.append(readings[0])
            continue
        found.append(("", ""))
        several = f"can be read in {len(readings)} ways as {pattern}"
        wrong[str(name)] = several if readings else f"is no {pattern}"
    parts = {first: 0, second: 1}
    region, item = (
        np.array([each[parts[name]] for each in found], dtype=object)[codes]
        for name in ("region", "item")
    )
    return region, item, wrong


def _parts(pattern: str) -> tuple[str, str, str]:
    """Return the two names of a pattern in their order, and what stands between them."""
    for first, second in (("region", "item"), ("item", "region")):
        between = pattern.removeprefix(first).removesuffix(second)
        if between and f"{first}{between}{second}" == pattern:
            return first, between, second
    raise UsageError(f"unique_id {pattern!r}: write it as {PATTERN!r} or 'item_region'")


def _cuts(name: str, between: str) -> list[tuple[str, str]]:
    """Return every way to cut an id into two parts that are not empty."""
    places = [at for at in range(1, len(name)) if name.startswith(between, at)]
    cuts = [(name[:at], name[at + len(between) :]) for at in places]
    return [cut for cut in cuts if cut[1]]
