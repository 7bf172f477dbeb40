"""Sizes that cost minutes or gigabytes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from foreship.quality.evidence import Evidence
from foreship.quality.sizes import sizes_are_affordable
from foreship_forecast.params import ForecastParams
from tests.foreship.quality.shops import clean, evidence, found_by


def test_many_draws_are_told_beforehand(tmp_path: Path) -> None:
    """6,000 cells, 52 weeks and 5,000 scenarios are 1.56 billion; a note, and no warning."""
    frames = clean("plain")
    cells = pd.DataFrame({"region": "R0", "item": [f"I{n}" for n in range(6000)]})
    frames["orders"] = cells.assign(date="2026-01-05", quantity=1)
    seen = evidence(frames, tmp_path)
    asked = Evidence(seen.tables, forecast=ForecastParams(horizon_weeks=52, scenarios=5000))
    (found,) = sizes_are_affordable(asked)
    assert found.severity == "note"
    assert "6,000 cells x 52 weeks x 5,000 scenarios are 1,560,000,000 draws" in str(found)
    assert "over 1 min of one core and 3 GB" in str(found)
    assert found_by(sizes_are_affordable, seen) == []


def test_many_trees_and_full_regions_are_told(tmp_path: Path) -> None:
    """Eight times the usual trees; three million units that lie in regions, hubs aside."""
    frames = clean("plain")
    staged = pd.DataFrame({"location": "R0", "item": [f"I{n}" for n in range(15)]})
    frames["stock"] = pd.concat([frames["stock"], staged.assign(quantity=200_000)])
    seen = evidence(frames, tmp_path)
    slow = Evidence(seen.tables, forecast=ForecastParams(rounds=1000))
    trees, units = found_by(sizes_are_affordable, slow)
    assert "1,000 trees: learning takes 8 times as long as by default" in trees
    assert "3,000,000 units in regions" in units
