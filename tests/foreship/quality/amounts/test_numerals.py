"""Numbers in which a point may stand for thousands."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.quality.amounts.numerals import points_are_decimal
from tests.foreship.quality.shops import clean, evidence, found_by


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("price", ["2.430", "12.50", "8.00"]),
        ("price", ["1.299", "12.50", "8.00", "7.95"]),
        ("price", ["1.200", "950", "80"]),
        ("unit_cost", ["2.437", "950", "80", "77"]),
    ],
)
def test_a_point_that_may_part_thousands_is_doubted(
    column: str, values: list[str], tmp_path: Path
) -> None:
    """Beside numbers of two decimals or of none, the row and its value are named."""
    items = clean("plain")["items"].head(len(values)).assign(**{column: values})
    (said,) = found_by(points_are_decimal, evidence({"items": items}, tmp_path))
    assert said.startswith(f"items.{column}:") and "in 1 row, line 2" in said


def test_a_value_that_was_derived_is_not_doubted(tmp_path: Path) -> None:
    """`init` writes decimal points; once the word is taken out, a planner wrote the value."""
    items = clean("plain")["items"].head(2).assign(unit_cost=["2.430", "12.50"], assumed="")
    assert found_by(points_are_decimal, evidence({"items": items}, tmp_path))
    items = items.assign(assumed="price unit_cost")
    assert found_by(points_are_decimal, evidence({"items": items}, tmp_path)) == []


@pytest.mark.parametrize(
    "values",
    [
        ["0.500", "1.250", "2.000"],
        ["2.430", "1.980", "7.000"],
        ["1.25", "0.375", "2.5"],
        ["44.307", "43.51", "42.9", "41.133"],
        ["1.2345", "2.430", "1.20"],
        ["12.50", "8.00", "1000"],
    ],
)
def test_decimals_written_alike_or_cut_short_are_decimals(
    values: list[str], tmp_path: Path
) -> None:
    """Three decimals everywhere, zeros cut off, or finer numbers beside them."""
    items = clean("plain")["items"]
    items = items.head(3).assign(weight_kg=values[:3])
    assert found_by(points_are_decimal, evidence({"items": items}, tmp_path)) == []


def test_whole_counts_with_points_are_doubted(tmp_path: Path) -> None:
    """2.000 pieces beside 12 and 999 are read as 2: a sound number, and hardly meant."""
    stock = clean("plain")["stock"].head(3).assign(quantity=["2.000", "12", "999"])
    (said,) = found_by(points_are_decimal, evidence({"stock": stock}, tmp_path))
    assert said.startswith("stock.quantity:")
