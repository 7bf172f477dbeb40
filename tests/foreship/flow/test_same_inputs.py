"""A run, or a plan's forecast, is used again only for the same inputs, or by its name."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import foreship
from foreship.cli.commands import app
from foreship.errors import InputError, UsageError
from foreship.jobs.before_plan.demand_source import forecast_or_new, forecast_source
from foreship.jobs.finished import changed_inputs
from foreship_forecast.errors import TableFault
from tests.foreship.good_workspace import write_workspace
from tests.foreship.small_variants import AS_OF, ITEMS, REGIONS, UNPRICED, whole_frames

DAY = str(AS_OF.date())


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> foreship.Run:
    """Run the weekly job once on a small workspace."""
    folder = tmp_path_factory.mktemp("same") / "shop"
    write_workspace(folder, whole_frames(), "parquet", UNPRICED)
    return foreship.run(foreship.open(folder, DAY))


@pytest.fixture
def shop(first: foreship.Run, tmp_path: Path) -> foreship.Workspace:
    """Open a copy of it, the run beside it."""
    return foreship.open(shutil.copytree(first.path.parents[1], tmp_path / "shop"), DAY)


def with_seed(workspace: foreship.Workspace, seed: int) -> foreship.Workspace:
    """Return the workspace with another seed of the forecast."""
    settings = replace(workspace.config.forecast, seed=seed)
    return replace(workspace, config=replace(workspace.config, forecast=settings))


def more_orders(workspace: foreship.Workspace) -> foreship.Workspace:
    """Return the workspace with the last order ten times as large."""
    orders = workspace.tables["orders"]
    last = np.where(orders.index == len(orders) - 1, 10, 1)
    return workspace.with_tables(orders=orders.assign(quantity=orders["quantity"] * last))


def own(units: int) -> pd.DataFrame:
    """Return one scenario of one's own."""
    cells = [(region, item, AS_OF, 0, units) for region in REGIONS for item in ITEMS]
    return pd.DataFrame(cells, columns=["region", "item", "week", "scenario", "units"])


@pytest.mark.sweep
def test_the_same_tables_are_the_same_run_however_they_came(first, shop) -> None:
    """Read again or handed over as frames in another order: the run that stands."""
    assert foreship.run(shop).path.name == first.path.name
    frames = {name: each.iloc[::-1] for name, each in shop.tables.items()}
    assert foreship.run(shop.with_tables(**frames)).id == first.id
    write_workspace(shop.path, whole_frames(), "csv", UNPRICED)
    again = foreship.run(foreship.open(shop.path, DAY))
    assert again.reused and again.id == first.id
    assert changed_inputs(first.fact("inputs"), foreship.open(shop.path, DAY).inputs) == []


@pytest.mark.sweep
def test_replaced_tables_are_used_also_for_a_named_monday(first, shop) -> None:
    """With `as_of` given, and another one, a plan is made from the frames that were handed in."""
    empty = shop.tables["stock"][:0]
    bare = shop.with_tables(stock=empty, inbound=shop.tables["inbound"][:0])
    for day in (DAY, DAY, str((AS_OF + pd.Timedelta(weeks=1)).date())):
        made = foreship.plan(bare, as_of=day, demand=own(3))
        assert made.as_of == day and made.plan.empty
        (told,) = (each for each in made.manifest["inputs"] if each["name"] == "stock")
        assert (told["path"], told["rows"]) == ("(in memory)", 0)
    assert not foreship.plan(shop, as_of=DAY, demand=own(3)).plan.empty


@pytest.mark.sweep
def test_a_table_written_into_makes_another_run(shop) -> None:
    """Stock set to nothing in place: nothing is shipped, and the first plan still stands."""
    before = foreship.plan(shop, demand=own(3))
    shop.tables["stock"]["quantity"] = 0
    after = foreship.plan(shop, demand=own(3))
    assert after.id != before.id and len(before.plan)
    assert not after.plan["action"].isin(["ship"]).any()
    shop.tables["stock"].loc[0, "quantity"] = -5
    with pytest.raises(TableFault, match="column quantity: -5"):
        foreship.plan(shop, demand=own(3))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (more_orders, "orders"),
        (lambda shop: with_seed(shop, 7), "forecast.seed"),
        (lambda shop: more_orders(with_seed(shop, 7)), "orders and forecast.seed"),
        (lambda shop: shop.with_tables(calendar=shop.tables["calendar"][:0]), "calendar"),
    ],
)
def test_a_forecast_of_other_inputs_is_not_taken(first, shop, change, named: str) -> None:
    """The plan is refused and says what differs; by name it is taken, and the plan says so."""
    other = change(shop)
    said = f"{first.path.name}, the newest, was made from other {named};"
    with pytest.raises(UsageError, match=said):
        foreship.plan(other)
    source = forecast_source(other, first)
    assert source.notes == (f"planned on {first.path.name} as asked, made from other {named}",)
    assert source.identity == {"forecast": first.path.name}


@pytest.mark.parametrize(
    "change",
    [
        lambda shop: shop,
        lambda shop: shop.with_tables(lanes=shop.tables["lanes"].assign(cost_per_unit=2.0)),
        lambda shop: shop.with_tables(items=shop.tables["items"].assign(price=99.0)),
        lambda shop: shop.with_tables(stock=shop.tables["stock"].assign(quantity=9)),
        lambda shop: shop.with_tables(overrides=shop.tables["overrides"][:0]),
        lambda shop: shop.with_tables(orders=shop.tables["orders"][::-1]),
        lambda shop: replace(
            shop,
            config=replace(
                shop.config,
                risk=replace(shop.config.risk, budget=5.0),
                forecast=replace(shop.config.forecast, threads=2, block_rows=9),
            ),
        ),
    ],
)
def test_what_a_forecast_does_not_read_leaves_it_in_use(first, shop, change) -> None:
    """Costs, prices of items, units in stock, locks, the plan's settings and the order of rows."""
    source = forecast_source(change(shop))
    assert source.identity == {"forecast": first.path.name} and source.notes == ()


@pytest.mark.sweep
def test_of_several_forecasts_the_one_of_these_inputs_is_taken(first, shop) -> None:
    """Not the newest: each plan stands on the forecast of its own seed."""
    seven = foreship.forecast(with_seed(shop, 7))
    assert forecast_source(shop).identity == {"forecast": first.path.name}
    assert forecast_source(with_seed(shop, 7)).identity == {"forecast": seven.path.name}
    made = forecast_or_new(with_seed(shop, 8))
    assert made.identity == {"forecast": "made now"} and "made now" in made.notes[0]
    assert forecast_or_new(shop).identity == {"forecast": first.path.name}
    assert forecast_or_new(shop, seven).identity == {"forecast": seven.path.name}


@pytest.mark.sweep
def test_a_plan_says_which_forecast_it_stands_on(first, shop) -> None:
    """In its manifest; naming the one that would be taken makes the same plan."""
    plan = foreship.plan(shop)
    assert plan.manifest["forecast"] == first.path.name
    assert foreship.plan(shop, forecast=first).id == plan.id
    pd.testing.assert_frame_equal(plan.plan, first.plan, check_exact=True)


@pytest.mark.sweep
def test_a_forecast_that_cannot_be_meant_is_refused(first, shop) -> None:
    """One of another Monday, a plan, and a forecast beside one's own demand."""
    with pytest.raises(UsageError, match=f"is a forecast of {DAY}, the plan is one of"):
        foreship.plan(shop, as_of=AS_OF + pd.Timedelta(weeks=1), forecast=first)
    with pytest.raises(UsageError, match="holds no forecast"):
        foreship.plan(shop, forecast=foreship.plan(shop, demand=own(1)))
    with pytest.raises(UsageError, match="give one of them"):
        foreship.plan(shop, forecast=first, demand=own(1))


@pytest.mark.sweep
def test_own_demand_may_be_a_frame_or_its_file(shop, tmp_path: Path) -> None:
    """The same run from both, in any order; units at fault are named as those of a file are."""
    own(3).iloc[::-1].to_csv(tmp_path / "demand.csv", index=False)
    own(3).to_parquet(tmp_path / "demand.parquet")
    files = [tmp_path / f"demand.{ending}" for ending in ("csv", "parquet")]
    plans = [foreship.plan(shop, demand=each) for each in (own(3), *files)]
    assert len({each.id for each in plans}) == 1
    assert [each.reused for each in plans] == [False, True, True]
    assert foreship.plan(shop, demand=own(4)).id != plans[0].id
    with pytest.raises(InputError, match="'X' must be in items"):
        foreship.plan(shop, demand=own(3).assign(item=["X", *ITEMS[1:], *ITEMS]))
    with pytest.raises(InputError, match="column units: -3"):
        foreship.plan(shop, demand=own(-3))


@pytest.mark.sweep
def test_the_command_line_names_a_forecast_too(first, shop) -> None:
    """Exit 2 with what differs; with --forecast RUN it is used."""
    folder = shop.path
    text = (folder / "foreship.toml").read_text("utf-8")
    (folder / "foreship.toml").write_text(text.replace("[forecast]", "[forecast]\nseed = 9"))
    words = ["plan", str(folder), "--as-of", DAY]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 2 and "made from other forecast.seed" in refused.stderr
    run = folder / "runs" / first.path.name
    made = CliRunner().invoke(app, [*words, "--forecast", str(run), "--json"])
    assert made.exit_code == 0, made.stderr
    assert (
        json.loads(made.stdout)["notes"].count(
            f"Planned on {first.path.name} as asked, made from other forecast.seed."
        )
        == 1
    )


@pytest.mark.sweep
def test_readers_read_the_files_of_a_run(first) -> None:
    """What somebody wrote into its frames is in no explanation and no comparison."""
    run, again = (foreship.load_run(first.path) for _ in range(2))
    cell = run.units[["item", "region"]].iloc[0]
    before = str(foreship.explain(run, *cell))
    for frame in (run.plan, run.units, run.forecast):
        frame[frame.select_dtypes("number").columns] = 0
    assert str(foreship.explain(run, *cell)) == before
    assert str(foreship.diff(first, run)) == str(foreship.diff(first, again))
