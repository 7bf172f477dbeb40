"""What is tried is written as in `foreship.toml`, and refused as there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foreship.addresses.address import Address
from foreship.config import Config, config_of
from foreship.errors import UsageError
from foreship.jobs.trying.changed_settings import (
    Tried,
    changed_config,
    pairs_of,
    text_of,
    value_of,
)
from foreship_optimize.params import PlanParams


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500", 500), ("2.5", 2.5), ("true", True), ('["return"]', ["return"]), ("word", "word"),
        ('"500"', "500"), ("absent", None),
    ],
)  # fmt: skip
def test_values_are_those_of_toml(text: str, value: object) -> None:
    """A bare word is text, `absent` takes a setting away."""
    assert value_of(text) == value


def test_settings_are_changed_and_all_others_kept(tmp_path: Path) -> None:
    """One is set, one taken away, a list is read; tables are named from the workspace."""
    plan = PlanParams(freight_budget=100.0, minimum_line_quantity=3)
    config = replace(Config(), plan=plan, tables={"stock": Address("stock.csv")})
    (tmp_path / "other.csv").touch()
    tried = Tried(
        {"plan.freight_budget": "absent", "exits.allowed": '["return"]', "risk.budget": "50"},
        {"stock": tmp_path / "other.csv"},
    )
    found = changed_config(config, tmp_path / "shop", tried)
    assert found.plan == replace(plan, freight_budget=None)
    assert found.exits.allowed == ("return",) and found.risk.budget == 50.0
    assert found.tables["stock"] == "../other.csv"
    assert tried.words == (
        'exits.allowed=["return"], plan.freight_budget=absent, risk.budget=50, stock=other.csv'
    )


def test_what_cannot_be_is_named_all_at_once(tmp_path: Path) -> None:
    """Sections, settings, values and tables, each with what was meant."""
    tried = Tried(
        {"plan.freigth_budget": "1", "plain.gap": "1", "plan.review_weeks": "0", "gap": "1"},
        {"stok": tmp_path / "x.csv", "stock": tmp_path / "none.csv"},
    )
    with pytest.raises(UsageError) as refused:
        changed_config(Config(), tmp_path, tried)
    said = str(refused.value)
    assert "did you mean 'freight_budget'?" in said and "did you mean 'plan'?" in said
    assert "plan.review_weeks" in said and "write it as section.setting=value" in said
    assert "did you mean 'stock'?" in said and "there is no file at" in said


def test_a_config_is_what_its_own_words_say() -> None:
    """So that the settings in a run's manifest are the settings it was made with."""
    config = replace(Config(), plan=PlanParams(freight_budget=7.0, hold=("money", "gap")))
    found, faults = config_of(config.to_dict())
    assert faults == [] and found == config


@pytest.mark.parametrize("value", [None, 5, 2.5, True, "word", 'a "b"', ["return", "markdown"]])
def test_values_of_python_are_written_so_that_they_are_read_back(value: object) -> None:
    """For those who try settings without a command line."""
    assert value_of(text_of(value)) == value


def test_options_name_and_give_a_value() -> None:
    """Once each."""
    assert pairs_of("--set", ["a.b = 1", "c=d=e"]) == {"a.b": "1", "c": "d=e"}
    for wrong in (["a.b"], ["=1"], ["a=1", "a=2"]):
        with pytest.raises(UsageError, match="--set"):
            pairs_of("--set", wrong)
