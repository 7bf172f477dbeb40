"""Holding in a hub that costs more than in a region."""

from __future__ import annotations

from pathlib import Path

from foreship.quality.amounts.holding import hubs_hold_for_less
from tests.foreship.quality.shops import clean, evidence, found_by


def test_a_hub_dearer_than_a_region_is_doubted(tmp_path: Path) -> None:
    """30 % a year against the usual 25 %; as dear is no doubt."""
    frames = clean("plain")
    for rate, count in ((0.3, 1), (0.25, 0)):
        frames["hubs"] = frames["hubs"].assign(holding_rate_per_year=rate)
        found = found_by(hubs_hold_for_less, evidence(frames, tmp_path / str(rate)))
        assert len(found) == count
        assert not found or "above economics.holding_rate_per_year (0.25)" in found[0]


def test_an_item_dearer_in_a_hub_than_in_a_region_is_doubted(tmp_path: Path) -> None:
    """Against its own holding cost where it states one, else against the rate of its cost."""
    frames = clean("plain")
    frames["items"] = frames["items"].assign(
        holding_cost_per_week=None, hub_holding_cost_per_week=frames["items"]["unit_cost"] / 100
    )
    (said,) = found_by(hubs_hold_for_less, evidence(frames, tmp_path / "a"))
    assert "hub_holding_cost_per_week" in said and "above what a week in a region costs" in said
    frames["items"] = frames["items"].assign(holding_cost_per_week=frames["items"]["unit_cost"])
    assert found_by(hubs_hold_for_less, evidence(frames, tmp_path / "b")) == []
