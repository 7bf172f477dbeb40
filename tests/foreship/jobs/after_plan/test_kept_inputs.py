"""The step that keeps the tables of a plan: those that hold a row, in one order."""

from __future__ import annotations

from typing import Any

import pandas as pd

from foreship.jobs.after_plan.kept_inputs import kept_inputs
from foreship.jobs.after_plan.made import Made
from foreship.jobs.identity import silent


def finished(**tables: pd.DataFrame) -> Made:
    """Return a finished plan with these tables alone."""
    empty: Any = None
    return Made(empty, tables, empty, None, lambda: None, empty, "abc", (), {})


def test_tables_with_rows_are_added_in_one_order() -> None:
    """Stock is sorted, policies stay as they were given, orders and what is empty are left out."""
    stock = pd.DataFrame({"location": ["b", "a"], "quantity": [1, 2]})
    policies = pd.DataFrame({"kind": ["minimum", "maximum"]})
    made = kept_inputs(
        finished(stock=stock, policies=policies, orders=stock, exits=stock[:0]), silent
    )
    assert set(made.extras) == {"inputs/stock.parquet", "inputs/policies.parquet"}
    assert made.extras["inputs/stock.parquet"]["location"].tolist() == ["a", "b"]
    assert made.extras["inputs/policies.parquet"]["kind"].tolist() == ["minimum", "maximum"]
