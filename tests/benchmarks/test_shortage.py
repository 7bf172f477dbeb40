"""The network that cannot serve its orders: a plan, the named shortage and its price."""

from __future__ import annotations

import pytest

from benchmarks.program.shortage import DATA, planned


@pytest.mark.nightly
@pytest.mark.skipif(not DATA.is_dir(), reason="the network's tables are not on this machine")
def test_a_day_of_too_many_orders_gives_a_plan_the_shortage_and_its_price() -> None:
    """As many orders as a maximum flow can serve are sent, and the lane that is short is named."""
    summary, lines, notes = planned()
    assert summary["status"] == "relaxed" and summary["gap"] < 1e-6
    assert lines["quantity"].sum() == 2444
    (relaxed,) = summary["relaxed"]
    assert (relaxed["stated"], relaxed["kept"]) == (9215.0, 2444.0)
    assert any("Raise lane PLANT03 -> PORT09 by 6643" in note for note in notes)
    dearest = next(each for each in summary["shadow_prices"] if each["family"] == "lane")
    assert dearest["limit"] == "lane PLANT03 -> PORT09" and dearest["price"] > 0
