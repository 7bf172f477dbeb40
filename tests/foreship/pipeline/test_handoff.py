"""The hand-off from the forecast to the program: unit for unit, or one mean path."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship.pipeline.handoff import demand_scenarios, mean_path
from foreship_optimize.demand import DemandScenarios


def paths(units: list) -> SimpleNamespace:
    """Paths of one cell, shape (weeks, scenarios)."""
    weeks = np.datetime64("2026-11-16") + 7 * np.arange(len(units))
    one = np.array(["R"], dtype=object), np.array(["I"], dtype=object)
    return SimpleNamespace(region=one[0], item=one[1], weeks=weeks, units=np.array([units]))


def test_paths_become_scenarios_unit_for_unit():
    """Cells, Mondays and units are those of the paths."""
    given = paths([[1, 2, 0], [3, 0, 0]])
    demand = demand_scenarios(given)
    assert demand.units.tolist() == given.units.tolist()
    assert demand.weeks.tolist() == given.weeks.tolist() and demand.item.tolist() == ["I"]


@pytest.mark.parametrize(
    ("units", "mean"),
    [
        ([[1, 0], [1, 0], [1, 0], [1, 0]], [1, 0, 1, 0]),  # .5 a week: a unit every other one
        ([[1, 0, 0, 0]] * 6, [0, 1, 0, 0, 0, 1]),  # .25 a week: .5 is rounded up, 1.5 too
        ([[2, 3], [7, 8]], [3, 7]),  # 2.5 and 10 in all
        ([[0, 0], [0, 0]], [0, 0]),
    ],
)
def test_the_mean_path_adds_up_to_the_mean(units: list, mean: list[int]):
    """Rounded as it adds up, a slow mover keeps its units: they are off by half a unit at most."""
    path = mean_path(demand_scenarios(paths(units)))
    assert path.units[0, :, 0].tolist() == mean
    away = np.cumsum(path.units[0, :, 0]) - np.cumsum(np.mean(units, axis=1))
    assert np.abs(away).max() <= 0.5


def test_the_mean_path_is_rounded_as_it_adds_up() -> None:
    """Half a unit a week is one unit every other week, not none."""
    weeks = np.datetime64("2026-11-16") + 7 * np.arange(4)
    units = np.array([[[1, 0], [0, 1], [1, 0], [0, 1]]])
    region, item = np.array(["R"], dtype=object), np.array(["I"], dtype=object)
    demand = DemandScenarios(region, item, weeks.astype("datetime64[D]"), units)
    assert mean_path(demand).units[0, :, 0].tolist() == [1, 0, 1, 0]


def test_orders_of_the_past_say_what_an_order_takes() -> None:
    """Orders of 12 before the first week: the demand knows 12, its mean as one path does not."""
    made = paths([[12, 0], [0, 12]])
    region, item = made.region[0], made.item[0]
    past = pd.DataFrame(
        {"date": [pd.Timestamp("2026-11-10")], "region": region, "item": item, "quantity": 12}
    )
    demand = demand_scenarios(made, past)
    assert demand.order_sizes is not None and demand.order_sizes.tolist() == [12.0]
    assert mean_path(demand).order_sizes is None and demand_scenarios(made).order_sizes is None
