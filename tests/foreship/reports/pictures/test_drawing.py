"""Pictures of the page: what a planner must be able to see on them."""

from __future__ import annotations

from foreship.reports.pictures.drawing import Flow, Place, flow_map


def test_a_hub_where_a_region_is_stays_visible_and_both_are_named():
    """The hub's square lies on the region's dot, and neither label is left out for the other."""
    places = [
        Place("HUB-A", 44.4, 2.4, hub=True, units=62),
        Place("HUB-B", 43.8, 10.0, hub=True, units=11),
        Place("R003", 43.8, 10.0, hub=False, units=22),
        Place("R001", 44.3, -0.9, hub=False, units=7),
    ]
    flows = [Flow("HUB-A", "R003", 11, "ship"), Flow("HUB-B", "R003", 11, "ship")]
    drawn = str(flow_map(places, flows, "flows"))
    assert drawn.rindex("<circle") < drawn.index("<rect")
    labels = drawn[drawn.index("<text") :]
    assert [labels.count(each.name) for each in places] == [1, 1, 1, 1]
