"""A part of a run is explained as the whole, for every item, region and cell."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from foreship.reading.explaining.explaining import explained
from foreship.reading.parts import part_of
from foreship.reading.views import RunView
from tests.foreship.later_views import later_view
from tests.foreship.run_views import make_view
from tests.foreship.workbench.made_runs import told_view


@pytest.mark.sweep
@pytest.mark.parametrize("made", [make_view, told_view, later_view])
def test_every_part_is_explained_as_the_whole(made: Callable[[], RunView]) -> None:
    """Words and numbers; of items with every kind of line, by the unit and by the order."""
    view = made()
    lines = view.lines
    items = list(dict.fromkeys(lines["item"][lines["action"] != "ship"])) or ["00105"]
    regions = ["Lyon", "Paris", "Nice"]
    asked = [{"item": items[0]}, {"item": items[-1]}, *({"region": each} for each in regions)]
    asked += [{"item": item, "region": region} for item in items for region in regions]
    for each in asked:
        assert explained(part_of(view, **each), **each) == explained(view, **each)


def test_a_part_holds_no_more_than_its_cells() -> None:
    """Of a cell the stock of its item everywhere: hubs belong to it. Rows keep their place."""
    view = told_view()
    part = part_of(view, item="00105", region="Lyon")
    for frame in (part.units, part.forecast, part.orders, part.extras["projected.parquet"]):
        assert set(zip(frame["region"], frame["item"], strict=True)) <= {("Lyon", "00105")}
    assert set(part.table("stock")["item"]) == {"00105"} and len(part.table("items")) == 1
    pd.testing.assert_frame_equal(part.lines, view.lines.loc[part.lines.index])
    assert part.extras["facts.parquet"]["line"].tolist() == part.lines.index.tolist()
    assert part.table("regions") is view.table("regions")


def test_frames_that_are_held_elsewhere_are_asked_there() -> None:
    """By item and region; the view's own are not looked at."""
    view, asked = make_view(items=4), []

    class Held:
        def of(self, *, item: str | None, region: str | None) -> pd.DataFrame:
            asked.append((item, region))
            return view.units.head(3)

    part = part_of(view, region="Lyon", held={"units": Held()})
    assert asked == [(None, "Lyon")] and len(part.units) == 3
