"""An item's regions side by side: one scale, so that heights may be compared."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from foreship.workbench.bench import Bench
from foreship.workbench.cells import small_fans
from foreship.workbench.cells.small_fans import fans_by_region
from foreship.workbench.held.sales import SoldWeek, Told
from tests.foreship.workbench.cells.read_orders import Orders

SCALE = re.compile(r'class="value">([\d.,]+)</text><line x1="38"')


def shown(bench: Bench, told: Told | None) -> str:
    """Return the pictures of an item."""
    view = bench.run("latest").part(item="00101")
    assert view.forecast is not None
    regions = sorted(set(view.forecast["region"]))
    cells = pd.DataFrame({"region": regions})
    return str(fans_by_region("latest", view, Orders(told), "00101", cells))  # type: ignore[arg-type]


def test_every_region_has_its_picture_on_one_scale(
    told_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each leads to its page; beyond so many the rest is counted."""
    told = shown(told_bench, None)
    count = told.count("<figure>")
    assert count > 1
    assert len(set(SCALE.findall(told))) <= 1
    assert "/run/latest/cell?region=Lyon&amp;item=00101" in told
    monkeypatch.setattr(small_fans, "MOST", 1)
    few = shown(told_bench, None)
    assert few.count("<figure>") == 1 and f"1 of {count} regions shown" in few


def test_single_weeks_stand_before_each_where_they_are_read(told_bench: Bench) -> None:
    """The scale is that of the highest of them, too."""
    told = shown(told_bench, Told([SoldWeek(pd.Timestamp("2026-11-09"), 900.0)]))
    assert told.count("Week of 2026-11-09: 900 units sold") == told.count("<figure>")
    assert told.count('class="value">900</text>') == told.count("<figure>")
    assert "single weeks sold" in told and "single weeks sold" not in shown(told_bench, None)
