"""What is asked has a price: the difference of two plans, both made here by `foreship.plan`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import foreship
from foreship.runs import Run
from tests.foreship.good_workspace import AS_OF, ITEMS, REGIONS, write_workspace
from tests.foreship.plain_workspace import Frames, own_demand, without
from tests.foreship.planned_shop import planned_shop
from tests.foreship.small_variants import SETTINGS, whole_frames

LATER = AS_OF + pd.Timedelta(weeks=3)
ANY = {"region": "", "item": "", "category": "", "reason": "why", "author": "Anna"}
UNPRICED = "\n[asked]\nmost_cells = 1\n"


def asked() -> Frames:
    """Return a floor that nothing pays, a factor of demand, a lock and one that has expired."""
    policy = ANY | {"kind": "minimum", "value": 25.0, "expires": LATER, "item": ITEMS[0]}
    more = ANY | {"kind": "times", "value": 3.0, "expires": LATER, "week": AS_OF}
    more |= {"region": REGIONS[0]}
    lock = {"kind": "fix", "value": 0.0, "reason": "why", "author": "Bo", "expires": LATER}
    lock |= {"region": REGIONS[1], "item": ITEMS[1], "origin": "", "action": ""}
    gone = lock | {"expires": AS_OF - pd.Timedelta(days=1)}
    return {
        "policies": pd.DataFrame([policy]),
        "adjustments": pd.DataFrame([more]),
        "overrides": pd.DataFrame([gone, lock]),
    }


def planned(folder: Path, tables: Frames, settings: str = "") -> Run:
    """Return the plan of the good workspace with these tables, on demand of one's own."""
    frames = {**without(), **{name: each for name, each in tables.items() if len(each)}}
    if not len(tables.get("overrides", ())):
        frames.pop("overrides", None)
    shop = foreship.open(write_workspace(folder, frames, "parquet", SETTINGS + settings), AS_OF)
    return foreship.plan(shop, demand=own_demand())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return the plan with all of it."""
    return planned(tmp_path_factory.mktemp("asked") / "all", asked())


def dropped(name: str) -> Frames:
    """Return the tables without the row that holds in one of them."""
    tables = asked()
    return tables | {name: tables[name][:-1]}


def told(run: Run) -> pd.DataFrame:
    """Return `asked.parquet` by row."""
    frame = run.extra("asked.parquet")
    assert frame is not None
    return frame.set_index("row")


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("name", "row"), [("policies", "policies 1"), ("overrides", "overrides 2")]
)
def test_a_price_is_the_difference_of_two_plans(
    run: Run, tmp_path: Path, name: str, row: str
) -> None:
    """Cost, units and lines of the plan made on tables without that row."""
    other = planned(tmp_path / "w", dropped(name), UNPRICED)
    priced = told(run).loc[row]
    cost = run.summary["objective"] - other.summary["objective"]
    assert priced["cost"] == pytest.approx(cost, abs=1e-6)
    assert priced["cost"] > 0.01
    units = int(run.plan["quantity"].sum() - other.plan["quantity"].sum())
    assert priced["units"] == units
    assert priced["how"] == "solved"
    lines = run.extra("without.parquet")
    assert lines is not None
    mine = lines[lines["row"] == row]
    key = ["action", "origin", "destination", "item", "ship_date", "arrival_date"]
    now = run.plan.groupby(key)["quantity"].sum()
    changed = mine.set_index(key)["quantity"]
    became = pd.concat([now[~now.index.isin(changed.index)], changed[changed > 0]]).sort_index()
    then = other.plan.groupby(key)["quantity"].sum().sort_index()
    pd.testing.assert_series_equal(became, then, check_dtype=False)


@pytest.mark.sweep
def test_an_adjustment_costs_if_it_is_wrong_and_brings_if_it_is_right(
    run: Run, tmp_path: Path
) -> None:
    """The lines of this plan made again on demand without it, and the other way round, by locks."""
    other = planned(tmp_path / "other", dropped("adjustments"), UNPRICED)
    held = _with_lines(dropped("adjustments"), run.plan)
    wrong = planned(tmp_path / "wrong", held, UNPRICED)
    right = planned(tmp_path / "right", _with_lines(asked(), other.plan), UNPRICED)
    priced = told(run).loc["adjustments 1"]
    assert priced["cost"] == pytest.approx(_gap(wrong, other), abs=1e-6)
    assert priced["cost_if_right"] == pytest.approx(_gap(run, right), abs=1e-6)
    assert priced["cost"] > 0 > priced["cost_if_right"]


def _gap(one: Run, other: Run) -> float:
    return float(one.summary["objective"] - other.summary["objective"])


def _with_lines(tables: Frames, plan: pd.DataFrame) -> Frames:
    """Return the tables with locks that hold every cell and origin at the units of a plan."""
    locks: list[dict[str, Any]] = []
    lock = {"kind": "fix", "reason": "why", "author": "Bo", "expires": LATER, "action": ""}
    for region in REGIONS:
        for item in ITEMS:
            here = plan[(plan["destination"] == region) & (plan["item"] == item)]
            units = float(here["quantity"].sum())
            locks.append(lock | {"value": units, "region": region, "item": item, "origin": ""})
    return tables | {"overrides": pd.DataFrame(locks)}


@pytest.mark.sweep
def test_adjusted_demand_is_written_and_the_dearest_rows_are_notes(run: Run) -> None:
    """Three times the week of one region; costs in words; an expired lock has no row."""
    changed = run.extra("adjusted.parquet")
    assert changed is not None
    assert set(changed["region"]) == {REGIONS[0]} and set(changed["week"]) == {AS_OF}
    assert changed["mean"].to_numpy() == pytest.approx(3.0 * changed["mean_before"].to_numpy())
    assert told(run).loc["policies 1", ["wanted", "reached"]].tolist() == [75.0, 75.0]
    assert list(told(run).index) == ["policies 1", "adjustments 1", "overrides 2"]
    dear = [each for each in run.notes if each.startswith("Policy minimum 25 of 00123")]
    assert "of expected gain (policies 1)." in dear[0]


@pytest.mark.sweep
def test_plans_of_single_rows_have_few_cells_together(tmp_path: Path) -> None:
    """Six cells and ten that further plans may have: one row has a plan of its own."""
    cells = len(REGIONS) * len(ITEMS)
    priced = told(planned(tmp_path, asked(), f"\n[asked]\nmost_cells = {2 * cells - 2}\n"))
    assert sorted(priced["how"]) == ["solved", "together", "together"]


@pytest.mark.sweep
def test_further_rows_are_priced_together_or_not_at_all(tmp_path: Path) -> None:
    """One plan without locks and policies, one without adjustments; too large a plan: none."""
    joint = told(planned(tmp_path / "a", asked(), "\n[asked]\npriced_rows = 0\n"))
    assert set(joint["how"]) == {"together"}
    assert joint.loc["policies 1", "cost"] == joint.loc["overrides 2", "cost"]
    run = planned(tmp_path / "b", asked(), UNPRICED)
    none = told(run)
    assert set(none["how"]) == {"not priced"} and np.isnan(none["cost"]).all()
    assert run.extra("without.parquet") is None
    assert any("have no price" in each for each in run.notes)


@pytest.mark.sweep
def test_a_floor_beyond_the_hub_is_stopped_by_its_stock(tmp_path: Path) -> None:
    """All sixty units go there, by two departures: no lane is what lacks."""
    row = {"kind": "minimum", "value": 300.0, "region": "R2", "item": "b", "category": ""}
    policy = whole_frames()["policies"][:1].assign(**row)
    run = planned_shop(tmp_path, policies=policy)
    (lacks,) = run.summary["unmet"]
    assert (lacks["wanted"], lacks["reached"], lacks["because"]) == (300, 60, "hub stock")
