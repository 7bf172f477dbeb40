"""A forecast goes out as Nixtla's tools write it, and comes back in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import foreship
from foreship.errors import UsageError
from foreship.runs import Run
from foreship.runs.nixtla import nixtla_frame
from foreship.workspace.opening import Workspace, open_workspace
from tests.foreship.good_workspace import write_workspace
from tests.foreship.small_variants import AS_OF, UNPRICED, whole_frames

COLUMNS = {"lo-90": "q05", "lo-80": "q10", "lo-50": "q25", "median": "q50", "hi-50": "q75",
           "hi-80": "q90", "hi-90": "q95", "q-99": "q99"}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a small workspace without adjustments: a forecast has them, scenarios get them."""
    frames = whole_frames()
    frames["adjustments"] = frames["adjustments"].iloc[:0]
    folder = tmp_path_factory.mktemp("round")
    return open_workspace(write_workspace(folder / "w", frames, settings=UNPRICED), AS_OF)


@pytest.fixture(scope="module")
def made(shop: Workspace) -> Run:
    """Return the weekly run."""
    return foreship.run(shop)


@pytest.mark.sweep
def test_what_goes_out_is_the_forecast(made: Run) -> None:
    """Mean and quantiles of every cell and week, under the names of that form."""
    out, forecast = made.to_nixtla(name="mine"), made.forecast
    assert (out["unique_id"] == forecast["region"] + "/" + forecast["item"]).all()
    assert (out["mine"] == forecast["mean"]).all()
    for theirs, ours in COLUMNS.items():
        assert (out[f"mine-{theirs}"] == forecast[ours]).all()
    with pytest.raises(
        UsageError, match="levels 95: the forecast holds intervals of 50, 80 and 90"
    ):
        made.to_nixtla(levels=[95])


def test_what_comes_back_has_the_quantiles_that_went_out(shop: Workspace, made: Run) -> None:
    """In every cell and week, to one of twenty scenarios; dependence is that of the run's model."""
    demand = foreship.demand_of(shop, made.to_nixtla())
    assert made.path.name in demand.attrs["doubts"][-1]
    told = demand.set_index(["region", "item", "week", "scenario"])["units"]
    every = pd.MultiIndex.from_product(
        [*(told.index.unique(level) for level in ("region", "item", "week")), range(20)]
    )
    units = told.reindex(every, fill_value=0).to_numpy().reshape(-1, 20)
    forecast = made.forecast.sort_values(["region", "item", "week"])
    assert len(units) == len(forecast) > 0
    for level in (5, 10, 25, 50, 75, 90, 95, 99):
        most = forecast[f"q{level:02}"].to_numpy()[:, None]
        assert ((units <= most).mean(axis=1) >= level / 100 - 1 / 20 - 1e-9).all()
        assert ((units < most).mean(axis=1) <= level / 100 + 1 / 20 + 1e-9).all()


@pytest.mark.sweep
def test_a_plan_on_the_scenarios_of_a_run_is_its_plan(shop: Workspace, made: Run) -> None:
    """The same lines to the last digit: nothing of a plan hangs on where its scenarios lay."""
    again = foreship.plan(shop, demand=made.frame("scenarios.parquet"))
    pd.testing.assert_frame_equal(again.plan, made.plan, check_exact=True)
    assert len(made.plan) > 0


def test_two_cells_never_share_an_id() -> None:
    """`a/b` in `c` and `b` in `c/a` would: that is refused."""
    row = dict.fromkeys(["mean", *COLUMNS.values()], 1.0) | {"week": AS_OF}
    forecast = pd.DataFrame(
        [row | {"region": "c", "item": "a/b"}, row | {"region": "c/a", "item": "b"}]
    )
    with pytest.raises(UsageError, match="'c/a/b' would stand for two cells"):
        nixtla_frame(forecast, [80], "foreship")
    for levels in (80, "80", ["80"]):
        with pytest.raises(UsageError, match="give a list of percent"):
            nixtla_frame(forecast, levels, "foreship")  # type: ignore[arg-type]
    assert np.isfinite(nixtla_frame(forecast.iloc[:1], [80], "x")["x-hi-80"]).all()
