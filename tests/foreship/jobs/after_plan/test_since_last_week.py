"""The step that looks back: findings on the last plan, and what changed since."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

import foreship
from foreship.jobs.after_plan.made import Made
from foreship.jobs.after_plan.since_last_week import changes_since, shifted, with_new_ids
from foreship.pipeline.stages import plan_stage
from foreship.reviews.attribution import Figures
from foreship.reviews.week import promise_of
from foreship_optimize.demand import DemandScenarios
from tests.foreship.good_workspace import AS_OF, ITEMS, REGIONS, good_frames, write_workspace
from tests.foreship.small_variants import SETTINGS

WEEK = pd.Timedelta(weeks=1)


def demand(monday: pd.Timestamp, mean: float = 2.0, weeks: int = 4) -> DemandScenarios:
    """Return twenty paths of about so many units a cell and week."""
    units = np.random.default_rng(5).poisson(mean, (len(REGIONS) * len(ITEMS), weeks, 20))
    cells = list(itertools.product(REGIONS, ITEMS))
    region, item = (np.array([cell[at] for cell in cells], dtype=object) for at in range(2))
    days = np.datetime64(monday.date(), "D") + 7 * np.arange(weeks)
    return DemandScenarios(region, item, days, units)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make the plan of this Monday."""
    folder = tmp_path_factory.mktemp("since") / "shop"
    shop = foreship.open(write_workspace(folder, good_frames(), "parquet", SETTINGS), AS_OF)
    law = demand(AS_OF)
    plan = plan_stage(shop.tables, law, AS_OF, shop.config)
    return Made(shop, shop.tables, law, None, lambda: None, plan, "abc", (), {})


def gain(made: Made, tables: Any = None, law: Any = None, config: Any = None) -> float:
    """Return the expected gain of a plan made by itself."""
    terms = config or made.workspace.config
    plan = plan_stage({**made.tables, **(tables or {})}, law or made.demand, AS_OF, terms)
    return Figures.of(plan.lines, promise_of(plan.summary)).expected_gain


@pytest.mark.sweep
def test_groups_are_exchanged_one_at_a_time(made: Made) -> None:
    """Each figure is that of a plan made by itself with the groups so far; the last is this one."""
    old_law = demand(AS_OF - WEEK, 3.0)
    lanes = made.tables["lanes"]
    dearer = lanes.assign(cost_per_unit=lanes["cost_per_unit"] + 3.0)
    old = {"lanes": dearer, "items": made.tables["items"], "regions": made.tables["regions"],
           "hubs": made.tables["hubs"], "overrides": made.tables["overrides"].iloc[:0]}  # fmt: skip
    config = made.workspace.config
    settings = dataclasses.replace(
        config, plan=dataclasses.replace(config.plan, minimum_line_quantity=3)
    )
    found = changes_since(made, old, old_law, settings)
    costs, locks = {"lanes": dearer}, {"overrides": old["overrides"]}
    told = [each.expected_gain for each in found]
    assert told == [
        gain(made, {**costs, **locks}, shifted(old_law, made.demand), settings),
        gain(made, {**costs, **locks}, None, settings),
        gain(made, locks, None, settings),
        gain(made, {}, None, settings),
        Figures.of(made.plan.lines, promise_of(made.plan.summary)).expected_gain,
    ]
    assert len(set(told)) >= 4


def test_what_did_not_change_is_not_solved_again(made: Made) -> None:
    """With the same law, tables and settings no plan is made, and nothing changed."""
    frozen = dataclasses.replace(made, spent=None)  # a further plan would fail on it
    found = changes_since(frozen, made.tables, made.demand, made.workspace.config)
    assert len(set(found)) == 1
    assert len(found) == 5


def test_a_law_of_last_week_is_moved_to_this_monday() -> None:
    """Its first week is over, its last one goes on to this horizon."""
    old, now = demand(AS_OF - WEEK, weeks=3), demand(AS_OF, weeks=4)
    found = shifted(old, now)
    assert (found.weeks == now.weeks).all()
    for week, was in enumerate((1, 2, 2, 2)):
        assert (found.units[:, week] == old.units[:, was]).all()


def test_what_is_new_since_stands_in_earlier_tables_as_it_is_now(made: Made) -> None:
    """A new item with its row, a new hub with its lanes; a lane between known places is not new."""
    new = made.tables
    old = {name: new[name] for name in ("items", "regions", "hubs", "lanes", "assortment")}
    old |= {"items": new["items"][new["items"]["item"] != "NULL"],
            "hubs": new["hubs"][new["hubs"]["hub"] != "H2"],
            "lanes": new["lanes"][new["lanes"]["origin"] != "H2"].iloc[1:]}  # fmt: skip
    old["assortment"] = new["assortment"][new["assortment"]["item"] != "NULL"].iloc[1:]
    found = with_new_ids(old, new)
    assert set(found["items"]["item"]) == set(new["items"]["item"])
    assert set(found["hubs"]["hub"]) == {"H1", "H2"}
    touched = (new["lanes"][["origin", "destination"]] == "H2").any(axis=1)
    assert len(found["lanes"]) == len(old["lanes"]) + (
        touched.sum() - (old["lanes"][["origin", "destination"]] == "H2").any(axis=1).sum()
    )
    assert len(found["assortment"]) == len(new["assortment"]) - 1
