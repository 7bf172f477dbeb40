"""What no table says costs nothing: without vehicles, policies, late supply a plan is as it was."""

from __future__ import annotations

import pandas as pd
import pytest

import foreship
from tests.foreship.good_workspace import AS_OF, good_frames, write_workspace
from tests.foreship.plain_workspace import DEFAULTS, NO_ROWS, Frames, own_demand, without
from tests.foreship.small_variants import SETTINGS

NOTHING_ASKED = """
[plan]
minimum_line_gain = 0.0
line_handling_cost = 0.0
change_cost = 0.0
"""
FILES = ("plan.parquet", "units.parquet", "reasons.parquet", "inbound.csv", "plan.csv")


def at_defaults() -> Frames:
    """Return the same with every one of the columns at its default, and tables without a row."""
    frames = {name: frame.assign(**DEFAULTS.get(name, {})) for name, frame in without().items()}
    return frames | {name: good_frames()[name][:0] for name in NO_ROWS}


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


@pytest.mark.sweep
def test_a_plan_is_the_same_to_the_byte(shops: tuple[foreship.Workspace, ...]) -> None:
    """Lines, ledger and the lines under way; no file tells of departures."""
    demand = own_demand()
    bare, stated = (foreship.plan(shop, demand=demand).path for shop in shops)
    assert len(pd.read_parquet(bare / "plan.parquet")) > 0
    for name in FILES:
        assert (bare / name).read_bytes() == (stated / name).read_bytes(), name
    assert not (bare / "departures.parquet").exists()
    assert not (stated / "departures.parquet").exists()


@pytest.mark.sweep
def test_past_weeks_cost_the_same(shops: tuple[foreship.Workspace, ...]) -> None:
    """Each policy's money of each week, to the last digit."""
    policies = ["reactive", "seasonal", "base_stock"]
    bare, stated = (foreship.backtest(shop, 2, policies).weekly for shop in shops)
    pd.testing.assert_frame_equal(bare, stated, check_exact=True)
    assert bare["week"].nunique() == 2
