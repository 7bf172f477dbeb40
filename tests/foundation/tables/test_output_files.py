"""The declaration of the files that go out agrees with itself and with what comes in."""

from __future__ import annotations

from foreship_foundation.actions import action_names
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import (
    DEMAND,
    FORECAST,
    NEEDS,
    OUTPUTS,
    PLAN,
    QUANTILES,
    UNITS,
)


def test_a_quantile_has_a_column_named_by_its_percent() -> None:
    """Rising levels strictly between 0 and 1, two digits each."""
    assert list(QUANTILES) == sorted(set(QUANTILES)) and 0 < QUANTILES[0] < QUANTILES[-1] < 1
    shown = [name for name in FORECAST.names if name.startswith("q")]
    assert shown == ["q05", "q10", "q25", "q50", "q75", "q90", "q95", "q99"]
    assert [name for name in NEEDS.names if name.startswith("q")] == shown


def test_lines_under_way_are_inbound_of_the_next_plan() -> None:
    """The file that goes out has just the columns that come in."""
    assert OUTPUTS["inbound.csv"].columns == INPUTS["inbound"].columns


def test_keys_name_columns_and_every_file_has_one_name() -> None:
    """Of each file, and of the demand file that may come in."""
    for table in (*OUTPUTS.values(), DEMAND):
        assert set(table.key) <= set(table.names)
        assert len(set(table.names)) == len(table.names)
    assert len(OUTPUTS) == 18


def test_a_line_does_what_is_declared_as_an_action() -> None:
    """And its gain and cost are of the whole line, as its chance is not."""
    assert PLAN.column("action").choices == action_names()
    assert (PLAN.column("purchase_probability").low, UNITS.column("p").high) == (0.0, 1.0)
