"""What exceptions are read from: a cell's numbers as the plan and the demand have them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.exceptions.seen import seen_of
from foreship.reading.facts.line_facts import Sales
from foreship_optimize.demand import DemandScenarios
from tests.foreship.exceptions.hand_made import frame
from tests.foreship.run_views import AS_OF, make_view

NOBODY = Sales(frame("date region item quantity"), frame("week region item customers"))


def test_cells_are_told_around_the_plan() -> None:
    """Units add up to the tables and lines; three weeks of two units a day, counted over two."""
    view = make_view(items=5)
    region, item = np.array(["Lyon"], dtype=object), np.array(["00100"], dtype=object)
    monday = AS_OF.to_datetime64().astype("datetime64[D]")
    paths = DemandScenarios.on_days(region, item, monday, np.full((1, 21), 2))
    found = seen_of(view, view.tables, paths, NOBODY)
    cells = found.cells.set_index(["region", "item"])
    arriving = view.arrivals()
    assert cells["arriving"].sum() == arriving.sum()
    stock = cells["on_hand"] + cells["coming"] + cells["arriving"] - cells["leaving"]
    assert (stock == cells["stays"]).all()
    row = cells.loc[("Lyon", "00100")]
    assert found.weeks == 2
    assert row["expected"] and row["weekly"] == 14.0 and row["wanted"] == 28.0
    assert row["unserved"] == pytest.approx(max(0.0, 28.0 - row["stays"]))
    ledger = view.units[(view.units["region"] == "Lyon") & (view.units["item"] == "00100")]
    assert row["worth"] == pytest.approx(ledger["gain"].max())
    assert (cells["expected"].sum(), cells["wanted"].sum()) == (1, 28.0)


def test_the_line_of_a_cell_is_its_first_one() -> None:
    """The row of the plan that brings units there, -1 where none is about the cell."""
    view = make_view(items=5)
    monday = AS_OF.to_datetime64().astype("datetime64[D]")
    region, item = np.array(["Lyon"], dtype=object), np.array(["00100"], dtype=object)
    paths = DemandScenarios.on_days(region, item, monday, np.zeros((1, 14), dtype=np.int64))
    for row in seen_of(view, view.tables, paths, NOBODY).cells.to_dict("records"):
        mine = view.lines["item"] == row["item"]
        into = view.lines["destination"] == row["region"]
        stays = view.lines["destination"].isin(["", "Metz"]) | (view.lines["action"] == "return")
        out = (view.lines["origin"] == row["region"]) & stays
        lines = np.flatnonzero(mine & (into | out))
        assert row["line"] == (lines[0] if len(lines) else -1)


def test_a_ledger_without_the_cell_lends_its_items_worth() -> None:
    """Where the ledger has no unit, the median of the item's cells stands in."""
    view = make_view(items=5)
    region, item = np.array(["Atlantis"], dtype=object), np.array(["00100"], dtype=object)
    monday = AS_OF.to_datetime64().astype("datetime64[D]")
    paths = DemandScenarios.on_days(region, item, monday, np.zeros((1, 14), dtype=np.int64))
    cells = seen_of(view, view.tables, paths, NOBODY).cells
    row = cells[cells["region"] == "Atlantis"].iloc[0]
    mine = view.units[view.units["item"] == "00100"]["gain"]
    assert row["worth"] == pytest.approx(pd.Series(mine).median())
