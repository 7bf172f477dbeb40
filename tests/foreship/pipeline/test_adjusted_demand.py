"""Paths of one's own under adjustments, and a forecast drawn again under other ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from foreship.pipeline.adjusted_demand import adjusted_paths, redrawn
from foreship.pipeline.handoff import demand_scenarios
from foreship_forecast.counts.dependence import Dependence
from foreship_forecast.counts.sample_paths import PathDraws
from foreship_forecast.features.adjustments import adjusted_distribution
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.errors import TableFault
from tests.forecast.small_law import distribution
from tests.forecast.small_market import AS_OF

TABLES = {"items": pd.DataFrame({"item": ["A", "B"], "category": ["tea", "coffee"]})}
MONDAY = np.datetime64(AS_OF.date())


def rows(*given: dict[str, Any]) -> pd.DataFrame:
    """Return rows of `adjustments` that do not expire."""
    blank = {"expires": AS_OF + pd.Timedelta(weeks=50), "week": pd.NaT}
    blank |= {"region": "", "item": "", "category": ""}
    frame = pd.DataFrame([blank | each for each in given])
    return frame.astype({"expires": "datetime64[ns]", "week": "datetime64[ns]"})


def paths(scenarios: int = 400) -> DemandScenarios:
    """Return random paths of two items over three weeks."""
    units = np.random.default_rng(3).poisson(4.0, (2, 3, scenarios))
    region = np.array(["R", "R"], dtype=object)
    item = np.array(["A", "B"], dtype=object)
    return DemandScenarios(region, item, MONDAY + 7 * np.arange(3), units)


def test_means_of_paths_are_those_asked_for() -> None:
    """Times 1.37 plus .3 a week, to the rounding of a dozen paths of 400; others keep theirs."""
    own = paths()
    found = adjusted_paths(
        own,
        TABLES,
        rows(
            {"kind": "times", "value": 1.37, "category": "tea"},
            {"kind": "plus", "value": 0.3, "item": "A"},
        ),
    )
    wanted = 1.37 * own.units[0].mean(axis=1) + 0.3
    assert found.demand.units[0].mean(axis=1) == pytest.approx(wanted, abs=0.03)
    assert (found.demand.units[1] == own.units[1]).all()
    assert found.changed is not None
    assert set(found.changed["item"]) == {"A"}
    assert found.changed["mean"].to_numpy() == pytest.approx(found.demand.units[0].mean(axis=1))


def test_whole_factors_and_units_keep_every_path_whole() -> None:
    """Each path twice itself plus one."""
    own = paths(50)
    asked = rows({"kind": "times", "value": 2.0}, {"kind": "plus", "value": 1.0, "item": "B"})
    found = adjusted_paths(own, TABLES, asked).demand
    assert (found.units[0] == 2 * own.units[0]).all()
    assert (found.units[1] == 2 * own.units[1] + 1).all()


def test_no_path_wants_less_than_nothing() -> None:
    """A unit less of a mean of four: the mean is met; more than there is leaves nothing."""
    own = paths()
    less = adjusted_paths(own, TABLES, rows({"kind": "plus", "value": -1.0, "item": "A"})).demand
    assert less.units.min() >= 0
    wanted = own.units[0].mean(axis=1) - 1.0
    assert less.units[0].mean(axis=1) == pytest.approx(wanted, abs=0.03)
    gone = adjusted_paths(own, TABLES, rows({"kind": "plus", "value": -99.0})).demand
    assert (gone.units == 0).all()


def test_without_rows_they_are_the_same_paths() -> None:
    """The very object; more than a plan can hold is refused by name."""
    own = paths(20)
    assert adjusted_paths(own, TABLES, rows({"kind": "times", "value": 1.0})[:0]).demand is own
    with pytest.raises(TableFault, match="adjustments: item A in R would sell more than"):
        adjusted_paths(own, TABLES, rows({"kind": "plus", "value": 1e9, "item": "A"}))


def test_a_forecast_is_drawn_again_without_a_row_as_if_it_had_never_been_there() -> None:
    """Paths under the other rows are those drawn from the law that these alone make."""
    plain = distribution(2, 3, 2, seed=2)
    items = pd.DataFrame({"item": sorted(set(plain.item)), "category": "c"})
    one = {"kind": "times", "value": 2.0, "item": str(plain.item[0])}
    two = {"kind": "plus", "value": 3.0, "region": str(plain.region[0])}

    def draws(asked: pd.DataFrame) -> PathDraws:
        said = adjusted_distribution(plain, asked, items)
        return PathDraws(said, Dependence.of(), 40, 1, 1_000)

    both = draws(rows(one, two))
    demand = demand_scenarios(both.whole())
    again = redrawn(both, demand, {"items": items}, rows(two))
    assert (again.units == draws(rows(two)).whole().units).all()
    none = redrawn(both, demand, {"items": items}, rows(one)[:0])
    assert (none.units == draws(rows(one)[:0]).whole().units).all()
    assert redrawn(both, demand, {"items": items}, rows(one, two)) is demand
