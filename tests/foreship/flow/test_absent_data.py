"""What no table says costs nothing: without vehicles, policies, late supply a plan is as it was."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import foreship
from tests.foreship.good_workspace import AS_OF, ITEMS, REGIONS, good_frames, write_workspace
from tests.foreship.small_variants import SETTINGS

Frames = dict[str, pd.DataFrame]
LANES = {
    "lead_time_sd_days": 0.0, "vehicle_cost": 0.0, "vehicle_capacity": None, "vehicle_kg": None,
    "line_cost": 0.0, "departs": "",
}  # fmt: skip
DEFAULTS = {
    "lanes": LANES,
    "hubs": {"picking_units": None, "holding_rate_per_year": None},
    "regions": {"receiving_units": None},
    "items": {"hub_holding_cost_per_week": None},
    "overrides": {"action": ""},
}
NO_ROWS = ("receipts", "policies", "adjustments")
NOTHING_ASKED = """
[plan]
minimum_line_gain = 0.0
line_handling_cost = 0.0
change_cost = 0.0
"""
FILES = ("plan.parquet", "units.parquet", "reasons.parquet", "inbound.csv", "plan.csv")


def without() -> Frames:
    """Return the good workspace with none of the columns, no closed hub and no receipts."""
    frames = good_frames()
    for name in NO_ROWS:
        del frames[name]
    frames["calendar"] = frames["calendar"][frames["calendar"]["event"] == "fair"]
    return {
        name: frame.drop(columns=list(DEFAULTS.get(name, ())), errors="ignore")
        for name, frame in frames.items()
    }


def at_defaults() -> Frames:
    """Return the same with every one of the columns at its default, and tables without a row."""
    frames = {name: frame.assign(**DEFAULTS.get(name, {})) for name, frame in without().items()}
    return frames | {name: good_frames()[name][:0] for name in NO_ROWS}


def own_demand() -> pd.DataFrame:
    """Return twenty scenarios of about two units a cell and week."""
    weeks = AS_OF + pd.to_timedelta(7 * np.arange(4), unit="D")
    rows = list(itertools.product(REGIONS, ITEMS, weeks, range(20)))
    frame = pd.DataFrame(rows, columns=["region", "item", "week", "scenario"])
    return frame.assign(units=np.random.default_rng(5).poisson(2.0, len(frame)))


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> tuple[foreship.Workspace, ...]:
    """Open both workspaces."""
    folder = tmp_path_factory.mktemp("absent")
    return tuple(
        foreship.open(write_workspace(folder / name, frames, "parquet", settings), AS_OF)
        for name, frames, settings in (
            ("none", without(), SETTINGS),
            ("defaults", at_defaults(), SETTINGS + NOTHING_ASKED),
        )
    )


def test_a_plan_is_the_same_to_the_byte(shops: tuple[foreship.Workspace, ...]) -> None:
    """Lines, ledger and the lines under way; no file tells of departures."""
    demand = own_demand()
    bare, stated = (foreship.plan(shop, demand=demand).path for shop in shops)
    assert len(pd.read_parquet(bare / "plan.parquet")) > 0
    for name in FILES:
        assert (bare / name).read_bytes() == (stated / name).read_bytes(), name
    assert not (bare / "departures.parquet").exists()
    assert not (stated / "departures.parquet").exists()


def test_past_weeks_cost_the_same(shops: tuple[foreship.Workspace, ...]) -> None:
    """Each policy's money of each week, to the last digit."""
    policies = ["reactive", "seasonal", "base_stock"]
    bare, stated = (foreship.backtest(shop, 2, policies).weekly for shop in shops)
    pd.testing.assert_frame_equal(bare, stated, check_exact=True)
    assert bare["week"].nunique() == 2
