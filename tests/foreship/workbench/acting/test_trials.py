"""What a form tries is what the command takes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship.config import SECTIONS
from foreship.errors import UsageError
from foreship.jobs.identity import NEVER_ANSWERING_SECTIONS
from foreship.workbench.acting.trials import asked_settings, changed_table, form_of, tried_table
from foreship.workbench.bench import Bench
from foreship.workspace.schema import settings_of
from tests.foreship.workbench.bare_figures import bare_figures

CHANGE = {"table": "hubs", "ids": "Metz", "column": "capacity", "value": "77"}


def test_every_setting_that_answers_differently_has_a_field(told_bench: Bench) -> None:
    """By its declaration; those that answer alike have none."""
    told = str(form_of("R", told_bench.config, told_bench.run("latest"), "Ada"))
    for section in SECTIONS:
        for each in settings_of(section):
            is_there = f'name="set-{section}.{each["name"]}"' in told
            assert is_there == (section not in NEVER_ANSWERING_SECTIONS)
    assert "said to be Ada" in told


def test_only_what_is_filled_in_differs() -> None:
    """In the order of names, whatever the form's."""
    form = {"set-risk.level": " 0.9 ", "set-plan.x": "", "other": "1", "set-exits.a": "2"}
    assert asked_settings(form) == ["exits.a=2", "risk.level=0.9"]


def test_one_number_of_one_row_is_another_one(told_bench: Bench, tmp_path: Path) -> None:
    """All else of the table is as the run has it; the same trial is the same file."""
    held = told_bench.run("latest")
    column = next(
        name
        for name in held.view.tables["regions"]
        if pd.api.types.is_numeric_dtype(held.view.tables["regions"][name])
    )
    change = {**CHANGE, "table": "regions", "ids": "Lyon", "column": str(column)}
    made = changed_table(held, change, tmp_path / "tables")
    assert made == changed_table(held, change, tmp_path / "tables")
    name, path = made.split("=")
    found, before = pd.read_csv(path, dtype={"region": str}), held.view.tables["regions"]
    is_lyon = found["region"] == "Lyon"
    assert name == "regions" and found.loc[is_lyon, column].tolist() == [77]
    others = before.loc[~is_lyon.to_numpy(), column].astype(float).replace(np.inf, np.nan)
    np.testing.assert_array_equal(found.loc[~is_lyon, column].astype(float), others)


def test_a_number_of_a_column_without_a_blank_can_be_tried(tmp_path: Path) -> None:
    """As the cost of a lane, which every lane has."""
    lanes = pd.DataFrame(
        {
            "origin": ["H", "H"],
            "destination": ["R1", "R2"],
            "cost_per_unit": [1.5, 2.0],
            "capacity": [np.inf, 9.0],
        }
    )
    held = SimpleNamespace(view=SimpleNamespace(tables={"lanes": lanes}))
    form = {"table": "lanes", "ids": "H to R2", "column": "cost_per_unit", "value": "0.7"}
    made = changed_table(held, form, tmp_path)  # type: ignore[arg-type]
    written = Path(made.removeprefix("lanes=")).read_text().splitlines()
    assert written[1:] == ["H,R1,1.5,", "H,R2,0.7,9.0"]


@pytest.mark.parametrize(
    "wrong",
    [{"table": "orders"}, {"ids": "Mets"}, {"column": "hub"}, {"column": "none"}, {"value": " "}],
)
def test_what_is_not_there_is_not_tried(
    told_bench: Bench, tmp_path: Path, wrong: dict[str, str]
) -> None:
    """The nearest one is named where there is one."""
    with pytest.raises(UsageError):
        changed_table(told_bench.run("latest"), {**CHANGE, **wrong}, tmp_path)
    assert changed_table(told_bench.run("latest"), {}, tmp_path) == ""


def test_plans_stand_side_by_side_with_what_was_tried() -> None:
    """A figure that is not known is blank."""
    row = {"run": "R", "tried": "<b>", "units": 5, "lines": 2, "cost": 1.5, "expected_gain": 9.0,
           "cvar": float("nan"), "status": "ship"}  # fmt: skip
    told = str(tried_table(pd.DataFrame([row, {**row, "cvar": 4.25}])))
    assert "&lt;b&gt;" in told and told.count("4.25") == 1 and told.count("9.00") == 2
    assert bare_figures(told) == []
