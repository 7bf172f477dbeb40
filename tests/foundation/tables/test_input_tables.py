"""The declaration of the tables that come in agrees with itself."""

from __future__ import annotations

import math

import numpy as np
import pytest

from foreship_foundation.tables.input_tables import INPUTS, OVERRIDE_KINDS
from foreship_foundation.tables.ranges import above, below


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_every_reference_is_to_a_column_that_exists(name: str) -> None:
    """`table.column`, an id there, and a key names columns of its own table once each."""
    table = INPUTS[name]
    for column in table.columns:
        for target in column.refers:
            other, _, called = target.partition(".")
            assert INPUTS[other].column(called).kind == "id"
    assert set(table.key) <= set(table.names)
    assert len(set(table.names)) == len(table.names)
    assert table.name == name


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_every_default_is_what_its_own_column_admits(name: str) -> None:
    """A blank must not become a fault; infinity stands for unlimited, NaN for unknown."""
    for column in INPUTS[name].columns:
        if isinstance(column.default, (int, float)) and math.isfinite(column.default):
            value = np.array([float(column.default)])
            assert not below(column, value).any() and not above(column, value).any()


def test_only_who_bought_is_private_and_every_lock_has_a_kind() -> None:
    """One column is never shown or kept; kinds of locks are the choices of their column."""
    private = [(t, c.name) for t, table in INPUTS.items() for c in table.columns if c.private]
    assert private == [("orders", "customer")]
    assert INPUTS["overrides"].column("kind").choices == OVERRIDE_KINDS


def test_tables_that_a_plan_cannot_do_without_are_required() -> None:
    """Orders, items, regions, hubs, lanes and stock; all others may be absent."""
    assert {name for name, table in INPUTS.items() if table.required} == {
        "orders", "items", "regions", "hubs", "lanes", "stock",
    }  # fmt: skip
