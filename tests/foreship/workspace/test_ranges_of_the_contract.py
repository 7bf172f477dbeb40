"""Every column and every setting has a finite range, and its ends are computed with."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

from foreship.config import SECTIONS, Config
from foreship.errors import InputError
from foreship.pipeline.stages import forecast_stage, plan_stage
from foreship.workspace.opening import Workspace, open_workspace, read_demand
from foreship_foundation.tables.declaration import Column, Table
from foreship_foundation.tables.derived import DERIVED
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import DEMAND
from foreship_optimize.demand import DemandScenarios
from tests.foreship.good_workspace import write_workspace
from tests.foreship.small_variants import AS_OF, SETTINGS, demand_at, whole_frames

COLUMNS = [(table, each) for table in (*INPUTS.values(), DEMAND, *DERIVED.values())
           for each in table.columns if each.kind in ("money", "number", "units")]  # fmt: skip
SLOW = {
    "forecast.max_rows",
    "forecast.block_rows",
    "forecast.rounds",
    "forecast.scenarios",
    "plan.minimum_line_quantity",
}
"""settings whose highest value costs minutes, and is tried no further than that it is read"""


def numeric_settings() -> list[tuple[str, str, Any]]:
    """Return section, name and field of every setting that is a number."""
    return [
        (section, each.name, each)
        for section, kind in SECTIONS.items()
        for each in dataclasses.fields(kind)
        if not {str, tuple} & {get_type_hints(kind)[each.name], *_parts(kind, each.name)}
    ]


def _parts(kind: type, name: str) -> set[Any]:
    hint = get_type_hints(kind)[name]
    return set(get_args(hint))


NUMBERS = numeric_settings()


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda each: each.name)
def test_every_column_of_numbers_has_a_finite_range(table: Table, column: Column) -> None:
    """A lowest and a highest value; nothing but a missing limit is beyond them."""
    assert column.low is not None and column.high is not None, f"{table.name}.{column.name}"
    assert math.isfinite(column.low) and math.isfinite(column.high)
    assert column.low < column.high


@pytest.mark.parametrize(("section", "name", "about"), NUMBERS, ids=lambda each: str(each)[:20])
def test_every_setting_has_a_finite_range(section: str, name: str, about: Any) -> None:
    """Both ends are admitted, and one step beyond either is refused by name and range."""
    low, high = about.metadata["low"], about.metadata["high"]
    assert low is not None and high is not None and low < high < math.inf, f"{section}.{name}"
    kind = SECTIONS[section]
    for end in (low, high):
        assert getattr(kind(**{name: end}), name) == end
    for beyond in (low - 1, high + 1):
        with pytest.raises(ValueError, match=f"{name} = .*; must be between"):
            kind(**{name: beyond})


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return the small workspace with every table."""
    folder = tmp_path_factory.mktemp("ranges")
    return open_workspace(write_workspace(folder, whole_frames(), settings=SETTINGS), AS_OF)


def with_ends(config: Config, end: str, sections: tuple[str, ...]) -> Config:
    """Return the config with every number of some sections at its lowest or highest."""
    changed = {}
    for section in sections:
        ends = {
            name: about.metadata[end]
            for home, name, about in NUMBERS
            if home == section and f"{home}.{name}" not in SLOW
        }
        changed[section] = dataclasses.replace(getattr(config, section), **ends)
    return dataclasses.replace(config, **changed)


@pytest.mark.sweep
@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("section", ["economics", "exits", "risk", "plan"])
def test_a_plan_is_made_at_both_ends_of_its_settings(
    small: Workspace, section: str, end: str
) -> None:
    """All numbers of a section together at one end: a plan of a unit a cell, audited."""
    config = with_ends(small.config, end, (section,))
    demand = DemandScenarios.from_frame(demand_at(1), AS_OF)
    plan = plan_stage(small.tables, demand, AS_OF, config)
    assert plan.summary["status"] in ("ship", "relaxed", "hold", "none")


@pytest.mark.parametrize("end", ["low", "high"])
def test_a_forecast_is_made_at_both_ends_of_its_settings(small: Workspace, end: str) -> None:
    """All numbers of `forecast` and `privacy` together at one end, but those that cost minutes."""
    config = with_ends(small.config, end, ("forecast", "privacy"))
    found = forecast_stage(small.tables, AS_OF, config)
    assert np.isfinite(found.forecast["mean"]).all()


@pytest.mark.sweep
def test_own_demand_is_planned_at_its_highest_and_refused_beyond(
    small: Workspace, tmp_path: Path
) -> None:
    """A quarter of a million units of an item in a week; one more names the rows."""
    most = int(DEMAND.column("units").high or 0)
    one = demand_at(most).query("region == 'R1' and item == 'a'")
    plan = plan_stage(small.tables, DemandScenarios.from_frame(one, AS_OF), AS_OF, small.config)
    assert plan.summary["status"] == "ship"
    demand_at(most + 1).to_csv(tmp_path / "demand.csv", index=False)
    with pytest.raises(InputError, match=r"demand.units: units too large in 6 rows, first lines 2"):
        read_demand(tmp_path / "demand.csv", small)
