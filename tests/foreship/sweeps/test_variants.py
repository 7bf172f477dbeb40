"""Variants are settings by name; a factor of costs is told apart."""

from __future__ import annotations

from typing import Any

import pytest

from foreship.errors import UsageError
from foreship.sweeps.variants import budgets, costs, seeds, told_apart


def test_variants_are_named_by_what_they_change() -> None:
    """Joined by `|`, each with its setting."""
    assert budgets(None, 400) | costs(0.5) | seeds(7) == {
        "budget none": {"risk.budget": None},
        "budget 400": {"risk.budget": 400},
        "costs x 0.5": {"cost_factor": 0.5},
        "seed 7": {"plan.seed": 7},
    }


@pytest.mark.parametrize("factor", [-1.0, "2", True, float("nan")])
def test_a_factor_is_a_number_of_zero_or_more(factor: Any) -> None:
    """Anything else is refused."""
    assert told_apart({"cost_factor": 2, "a.b": 1}) == ({"a.b": 1}, 2.0)
    with pytest.raises(UsageError, match="cost_factor"):
        told_apart({"cost_factor": factor})


def test_variants_that_differ_have_names_that_differ() -> None:
    """Amounts and seeds that agree in six digits are two variants, none is lost."""
    assert list(budgets(1_234_567, 1_234_568)) == ["budget 1,234,567", "budget 1,234,568"]
    assert len(costs(1.0000001, 1.0000002)) == 2
    assert len(seeds(2**62, 2**62 + 1)) == 2
    with pytest.raises(UsageError, match="budget 'a' is no number"):
        budgets("a")  # type: ignore[arg-type]
