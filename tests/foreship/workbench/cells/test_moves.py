"""Lines of a cell, and lanes that lead there."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote_plus

import numpy as np
import pandas as pd

from foreship.reading.views import RunView
from foreship.workbench.cells.moves import lanes_into, lines_of
from tests.foreship.order_views import order_view


def view_with_lanes() -> RunView:
    """Return a run with a lane from every hub to Lyon, one of them limited, and one elsewhere."""
    view = order_view()
    hubs = list(view.table("hubs")["hub"])
    lanes = pd.DataFrame(
        {
            "origin": [*hubs, hubs[0]],
            "destination": ["Lyon"] * len(hubs) + ["Paris"],
            "lead_time_days": 3,
            "cost_per_unit": 1.25,
            "capacity": [17.0] + [np.inf] * len(hubs),
        }
    )
    return replace(view, tables={**view.tables, "lanes": lanes})


def test_every_line_of_the_cell_is_shown_with_its_row_of_the_plan() -> None:
    """And no other one."""
    view = order_view()
    lines = view.lines_at("Lyon")
    mine = lines[lines["item"] == "00101"]
    page = str(lines_of("latest", view, "00101", "Lyon"))
    assert page.count("<tr>") == len(mine) + 1 > 1
    for line in mine.index:
        assert f"file=plan.parquet&amp;column=cost&amp;line={line}" in page
    assert lines_of("latest", view, "no such item", "Lyon") == ""


def test_every_lane_into_the_region_is_shown_with_what_it_carries() -> None:
    """What is sent leads to its lines."""
    view = view_with_lanes()
    lanes = view.table("lanes")
    mine = lanes[lanes["destination"] == "Lyon"]
    page = str(lanes_into("latest", view, "Lyon"))
    assert page.count("<tr>") == len(mine) + 1 > 1
    for origin in mine["origin"]:
        assert f"column=cost_per_unit&amp;origin={quote_plus(origin)}&amp;destination=Lyon" in page
    sent = view.lines[view.lines["destination"] == "Lyon"].groupby("origin")["quantity"].sum()
    for origin, quantity in sent.items():
        if origin in set(mine["origin"]):
            assert f"hub={quote_plus(origin)}&amp;region=Lyon" in page
            assert f">{quantity}</a>" in page
    assert page.count("no limit") == len(mine) - 1
    assert ">17</a>" in page


def test_a_region_that_no_lane_leads_to_is_told_so() -> None:
    """In words; a run that keeps no lanes says nothing of them."""
    assert lanes_into("latest", order_view(), "Lyon") == ""
    assert "No lane leads there." in str(lanes_into("latest", view_with_lanes(), "nowhere"))
