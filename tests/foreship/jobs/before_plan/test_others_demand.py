"""A forecast of another tool is planned on as its scenarios are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from typer.testing import CliRunner

import foreship
from foreship.cli.commands import app
from foreship.errors import UsageError
from foreship.workspace.opening import Workspace, open_workspace
from tests.foreship.good_workspace import write_workspace
from tests.foreship.small_variants import AS_OF, UNPRICED, whole_frames

LEVELS = {"ETS-lo-90": 0.05, "ETS-lo-50": 0.25, "ETS-median": 0.5, "ETS-hi-50": 0.75,
          "ETS-hi-90": 0.95}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a small workspace with sixteen weeks of orders."""
    folder = tmp_path_factory.mktemp("others")
    return open_workspace(write_workspace(folder / "w", whole_frames(), settings=UNPRICED), AS_OF)


@pytest.fixture(scope="module")
def written_by_hand() -> pd.DataFrame:
    """Return two cells over four weeks as Nixtla's tools write them."""
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat(["R1/a", "R2/b"], 4),
            "ds": [AS_OF + pd.Timedelta(weeks=week) for week in range(4)] * 2,
            "ETS": 2.2,
        }
    )
    values = np.array([[0.0, 1.2, 2.1, 4.0, 7.0]] * 4 + [[3.0, 5.0, 8.0, 12.0, 21.0]] * 4)
    return frame.assign(**dict(zip(LEVELS, values.T, strict=True)))


def test_scenarios_have_the_quantiles_stated(
    shop: Workspace, written_by_hand: pd.DataFrame
) -> None:
    """In every cell and week the share of scenarios up to a quantile is its level, to one."""
    demand = foreship.demand_of(shop, written_by_hand)
    assert demand.attrs["scenarios"] == 20
    told = demand.set_index(["region", "item", "week", "scenario"])["units"]
    for row in written_by_hand.itertuples(index=False):
        region, item = row.unique_id.split("/")
        units = told.get((region, item, row.ds)).reindex(range(20), fill_value=0).to_numpy()
        for level, value in zip(LEVELS.values(), row[3:], strict=True):
            whole = np.floor(value + 0.5)
            assert (units <= whole).mean() >= level - 1 / 20
            assert (units < whole).mean() <= level + 1 / 20


@pytest.mark.sweep
def test_a_plan_takes_quantiles_as_it_takes_their_scenarios(
    shop: Workspace, written_by_hand: pd.DataFrame
) -> None:
    """The same plan either way, in any order of rows, with a word on where dependence is from."""
    straight = foreship.plan(shop, demand=written_by_hand.sample(frac=1.0, random_state=3))
    turned = foreship.plan(shop, demand=foreship.demand_of(shop, written_by_hand))
    assert turned.id == straight.id
    assert len(straight.plan) > 0
    assert any("as past orders did around plain rates" in each for each in straight.notes)


@pytest.mark.sweep
def test_a_file_of_quantiles_is_planned_on_as_its_frame_is(
    shop: Workspace, written_by_hand: pd.DataFrame, tmp_path: Path
) -> None:
    """In Python and by `plan --demand FILE`; a wrong value is named by its line."""
    written_by_hand.to_csv(tmp_path / "ets.csv", index=False)
    made = foreship.plan(shop, demand=tmp_path / "ets.csv")
    assert made.id == foreship.plan(shop, demand=written_by_hand).id
    words = ["plan", str(shop.path), "--as-of", str(AS_OF.date()), "--demand"]
    said = CliRunner().invoke(app, [*words, str(tmp_path / "ets.csv")])
    assert said.exit_code == 0, said.stderr
    assert made.id in said.stdout
    wrong = written_by_hand.assign(**{"ETS-hi-90": [-3.0, *written_by_hand["ETS-hi-90"][1:]]})
    wrong.to_csv(tmp_path / "ets.csv", index=False)
    said = CliRunner().invoke(app, [*words, str(tmp_path / "ets.csv")])
    assert said.exit_code == 3
    assert "line 2 (value -3" in said.stderr
    written_by_hand[["unique_id", "ds", "ETS"]].to_csv(tmp_path / "mean.csv", index=False)
    said = CliRunner().invoke(app, [*words, str(tmp_path / "mean.csv")])
    assert said.exit_code == 2
    assert "or a forecast by quantiles" in said.stderr


def test_dependence_is_that_of_a_run_or_as_asked(
    shop: Workspace, written_by_hand: pd.DataFrame
) -> None:
    """What cells have in common changes which scenario has much, never how much there is."""

    def doubts(frame: pd.DataFrame) -> str:
        return str(frame.attrs["doubts"][-1])

    alone = foreship.demand_of(shop, written_by_hand, dependence=0)
    tied = foreship.demand_of(shop, written_by_hand, dependence=0.9)
    assert "by themselves, as asked" in doubts(alone)
    assert "by 0.9 alike" in doubts(tied)
    assert alone["units"].sum() == tied["units"].sum()
    assert not alone["units"].equals(tied["units"])
    with pytest.raises(UsageError, match="from 0 to"):
        foreship.demand_of(shop, written_by_hand, dependence=1.5)


def test_a_mean_becomes_scenarios_of_its_law(
    shop: Workspace, written_by_hand: pd.DataFrame
) -> None:
    """Scenarios of a mean of 2.2 have that mean by both laws; without a law it is refused."""
    mean = written_by_hand[["unique_id", "ds", "ETS"]]
    for more in ({"law": "poisson"}, {"law": "negative_binomial", "dispersion": 3.0}):
        demand = foreship.demand_of(shop, mean, dependence=0, **more)
        assert demand["units"].sum() / (20 * 8) == pytest.approx(2.2, abs=0.15)
    with pytest.raises(UsageError, match="law='poisson'"):
        foreship.plan(shop, demand=mean)
    with pytest.raises(UsageError, match="scenarios go to the plan as they are"):
        foreship.demand_of(shop, foreship.demand_of(shop, mean, law="poisson", dependence=0))


@pytest.mark.parametrize("kind", ["polars", "lazy polars", "Arrow", "lists"])
def test_a_forecast_of_any_kind_of_frame_is_taken(
    kind: str, shop: Workspace, written_by_hand: pd.DataFrame
) -> None:
    """The same scenarios as of the same rows in pandas."""
    table = pa.Table.from_pandas(written_by_hand)
    given: Any = table.to_pydict() if kind == "lists" else table
    if "polars" in kind:
        given = pytest.importorskip("polars").from_pandas(written_by_hand)
        given = given.lazy() if kind == "lazy polars" else given
    found = foreship.demand_of(shop, given, dependence=0.0)
    expected = foreship.demand_of(shop, written_by_hand, dependence=0.0)
    pd.testing.assert_frame_equal(found, expected)


def test_what_is_no_number_is_refused(shop: Workspace, written_by_hand: pd.DataFrame) -> None:
    """Text as a dependence or a dispersion, nothing as a forecast."""
    with pytest.raises(UsageError, match="dependence 'half'"):
        foreship.demand_of(shop, written_by_hand, dependence="half")  # type: ignore[arg-type]
    mean = written_by_hand[["unique_id", "ds", "ETS"]]
    with pytest.raises(UsageError, match="dispersion '2' is no number"):
        foreship.demand_of(
            shop,
            mean,
            law="negative_binomial",
            dispersion="2",
            dependence=0.0,  # type: ignore[arg-type]
        )
    with pytest.raises(UsageError, match="demand: a NoneType is no frame"):
        foreship.demand_of(shop, None)  # type: ignore[arg-type]
