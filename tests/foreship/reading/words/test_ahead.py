"""What the weeks after ask of a plan, in words."""

from __future__ import annotations

import pandas as pd

from foreship.reading.explaining.explanation import explain
from foreship.reading.words.ahead import ScarceLimit, ahead_words, scarce_limits, scarce_words
from tests.foreship.later_views import later_view
from tests.foreship.run_views import make_view


def test_scarce_limits_know_where_a_lane_leads() -> None:
    """A lane by its destination, a dock by none."""
    lane, dock = scarce_limits(later_view())
    assert (lane.destination, lane.of_lane, lane.price) == ("Lyon", True, 1.8)
    assert (dock.destination, dock.of_lane) == ("", False)
    assert scarce_limits(make_view(items=5)) == []


def test_a_cell_is_told_why_units_go_now_and_what_comes_later() -> None:
    """The full lane in December, and six units by each of the next two plans."""
    view = later_view()
    item = view.tables["items"]["item"].iloc[0]
    why, sends = ahead_words(view, item, "Lyon")
    assert why == (
        "Units are sent or kept now because later a volume unit on Metz -> Lyon in the week of "
        "2026-12-07 costs 1.80 more: the lane is full."
    )
    assert sends == (
        "Later plans are expected to send 6 in the week of 2026-11-23 and 6 in the week of "
        "2026-11-30."
    )
    assert list(ahead_words(view, item, "Paris")) == []
    assert explain(view, item, "Lyon").to_dict()["about_later_weeks"] == (why, sends)


def test_storage_is_told_by_its_region_and_by_the_volume_that_lies_there() -> None:
    """A region that is full in a later week."""
    full = ScarceLimit("storage of Lyon", pd.Timestamp("2026-12-07"), 0.5)
    assert full.destination == "Lyon" and not full.of_lane
    assert scarce_words(full) == (
        "a volume unit that lies in Lyon in the week of 2026-12-07 costs 0.50 more: "
        "the region is full"
    )
