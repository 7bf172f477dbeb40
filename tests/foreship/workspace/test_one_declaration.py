"""What `check` accepts, the forecast, the plan, the run and the backtest accept."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import foreship
import foreship_forecast.tables
import foreship_optimize.tables
from foreship.errors import InputError
from foreship.pipeline.stages import ForecastResult, forecast_stage, plan_stage
from foreship.workspace.opening import Workspace
from foreship_foundation.tables.declaration import Table
from foreship_foundation.tables.input_tables import INPUTS
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.plan import Plan
from tests.foreship.good_workspace import write_workspace
from tests.foreship.small_variants import (
    AS_OF,
    ITEMS,
    REGIONS,
    SETTINGS,
    Frames,
    day,
    variants,
    whole_frames,
)

VARIANTS = dict(variants())
REFUSED = {
    "orders at its highest": r"orders.quantity: over 2,147,483,647 units .* lines 4, 5, 7",
    "adjustments at its highest": r"adjustments.value: 65,535 units a week of one cell .* line 2",
    "stock at its highest": r"stock.quantity: over 250,000 units .* in 1 row, line 5",
}
"""what each cell alone may hold, and all of them together may not"""
SOME = [
    pytest.param(words, marks=() if at % 6 == 0 else pytest.mark.sweep)
    for at, words in enumerate(VARIANTS)
]
"""every sixth; all of them in the sweep"""
READS = {**foreship_forecast.tables.READS, **foreship_optimize.tables.READS}


def opened(folder: Path, changed: Frames) -> Workspace:
    """Write and open the tiny workspace with some tables changed, or left out where None."""
    frames = {
        name: frame for name, frame in (whole_frames() | changed).items() if frame is not None
    }
    return foreship.open(write_workspace(folder, frames, settings=SETTINGS), AS_OF)


@pytest.fixture(scope="module")
def forecast(tmp_path_factory: pytest.TempPathFactory) -> ForecastResult:
    """Return a forecast of the unchanged workspace, whose model all variants share."""
    workspace = opened(tmp_path_factory.mktemp("whole"), {})
    return forecast_stage(workspace.tables, AS_OF, workspace.config)


def own_demand() -> DemandScenarios:
    """Return a planner's own forecast of every cell: about two units a week."""
    region, item = zip(*itertools.product(REGIONS, ITEMS), strict=True)
    units = np.random.default_rng(3).poisson(2.0, (len(region), 4, 20))
    weeks = np.datetime64(AS_OF, "D") + 7 * np.arange(4)
    return DemandScenarios(np.array(region, object), np.array(item, object), weeks, units)


def planned(workspace: Workspace) -> Plan:
    """Return the plan of the planner's own forecast."""
    return plan_stage(workspace.tables, own_demand(), AS_OF, workspace.config)


@pytest.mark.parametrize("words", SOME)
def test_forecast_and_plan_accept_what_check_accepts(
    words: str, tmp_path: Path, forecast: ForecastResult
) -> None:
    """The variant is without fault, is forecast, and is planned on one's own demand."""
    changed = VARIANTS[words]
    if words in REFUSED:
        with pytest.raises(InputError, match=REFUSED[words]):
            opened(tmp_path, changed)
        return
    workspace = opened(tmp_path, changed)  # raises every fault that `check` finds
    if set(changed) & set(foreship_forecast.tables.READS) or not changed:
        found = forecast_stage(workspace.tables, AS_OF, workspace.config, forecast.model)
        assert np.isfinite(found.forecast["mean"]).all()
        found.paths.whole()
    if set(changed) & set(foreship_optimize.tables.READS) or not changed:
        assert planned(workspace).summary["status"] in ("ship", "relaxed", "none")


@pytest.mark.sweep
@pytest.mark.parametrize(
    "words", ["no optional table", "optional columns blank", "assortment over and open"]
)
def test_run_and_backtest_accept_what_check_accepts(words: str, tmp_path: Path) -> None:
    """The weekly job makes a plan, and the replay a row for each policy."""
    workspace = opened(tmp_path, VARIANTS[words])
    assert foreship.run(workspace).summary["status"] == "ship"
    policies = ["seasonal", "base_stock", "newsvendor", "foreship"]
    assert len(foreship.backtest(workspace, 1, policies).money) == len(policies)


def test_a_season_that_ended_and_one_that_began_are_two_windows(tmp_path: Path) -> None:
    """Item a was sold until October and again since March: its cells get units as ever.

    The key of the assortment is region, item and first day; a plan used to refuse the second row.
    """
    cells = pd.DataFrame(list(itertools.product(REGIONS, ITEMS)), columns=["region", "item"])
    seasons = cells[cells["item"] == "a"]
    listed = pd.concat(
        [
            cells[cells["item"] != "a"].assign(**{"from": pd.NaT, "to": pd.NaT}),
            seasons.assign(**{"from": day(-500), "to": day(-180)}),
            seasons.assign(**{"from": day(-60), "to": pd.NaT}),
        ]
    )
    once = listed[~(listed["to"] < AS_OF)]
    both, last = (
        planned(opened(tmp_path / name, {"assortment": table})).lines
        for name, table in (("both", listed), ("last", once))
    )
    assert (both["item"] == "a").any()
    pd.testing.assert_frame_equal(both, last)


@pytest.mark.parametrize("table", READS.values(), ids=lambda table: table.name)
def test_a_room_reads_columns_as_they_are_declared(table: Table) -> None:
    """Each column a room reads is the contract's own, or marked as derived."""
    if table.name not in INPUTS:
        assert any(column.derived for column in table.columns)
        return
    for column in table.columns:
        assert column.derived or column is INPUTS[table.name].column(column.name)
    assert table.key == INPUTS[table.name].key
