"""The contract is whole in itself: every reference, key and default holds."""

from __future__ import annotations

import math

import pytest

from foreship_foundation.tables.input_tables import INPUTS, Column, Table
from foreship_foundation.tables.output_files import DEMAND, OUTPUTS

EVERY = [*INPUTS.values(), DEMAND, *OUTPUTS.values()]


def test_the_tables_of_the_contract() -> None:
    """Eighteen tables come in, six of them required."""
    assert len(INPUTS) == 18
    required = {name for name, table in INPUTS.items() if table.required}
    assert required == {"orders", "items", "regions", "hubs", "lanes", "stock"}


def test_required_and_optional_columns() -> None:
    """A table says its required columns first, its optional ones in brackets."""
    assert str(INPUTS["stock"]) == "stock: location, item, quantity [date]"
    said = "orders: date, region, item, quantity [price, order_id, customer]"
    assert str(INPUTS["orders"]) == said


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_keys_and_references_exist(table: Table) -> None:
    """Keys name columns of the table, references a key column of another one."""
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    for column in table.columns:
        for place in column.refers:
            home, name = place.split(".")
            assert INPUTS[home].key == (name,)


@pytest.mark.parametrize("table", INPUTS.values(), ids=lambda table: table.name)
def test_a_default_lies_in_its_range(table: Table) -> None:
    """What a blank means is itself a legal value, and is put into words."""
    for column in table.columns:
        assert column.blank()
        number = column.default if isinstance(column.default, (int, float)) else math.nan
        if not math.isnan(number):
            assert column.low is None or number >= column.low
            assert column.high is None or number <= column.high or number == math.inf


def test_ranges_in_words() -> None:
    """A range is said as a planner would."""
    assert INPUTS["orders"].column("quantity").span() == "above 0 to 1,000,000,000"
    assert INPUTS["items"].column("lost_sale_share").span() == "0 to 1"
    assert INPUTS["stock"].column("quantity").span() == "0 to 1,000,000,000"
    kinds = "fix, forbid, at_least, at_most, leave_out"
    assert INPUTS["overrides"].column("kind").span() == f"one of {kinds}"
    assert Column("x", "text", "free").span() == ""


def test_only_the_customer_is_private() -> None:
    """One column is never shown nor kept: the customer of an order."""
    private = [(t.name, c.name) for t in INPUTS.values() for c in t.columns if c.private]
    assert private == [("orders", "customer")]


def test_an_unknown_column_is_a_key_error() -> None:
    """Asking a table for a column it does not have names both."""
    with pytest.raises(KeyError, match="stock has no column shelf"):
        INPUTS["stock"].column("shelf")
