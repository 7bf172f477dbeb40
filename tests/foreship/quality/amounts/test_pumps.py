"""Exits that pay more for a unit than it costs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.quality.amounts.pumps import exits_do_not_pay
from tests.foreship.quality.shops import clean, evidence, found_by


@pytest.mark.parametrize(
    ("exit_", "item", "recovery", "words"),
    [
        ("give_away", "I0", 9.0, "more than unit_cost"),
        ("liquidate", "", 9.0, "more than unit_cost"),
        ("markdown", "I0", 17.0, "more than price"),
        ("return", "", 1.0, "more than its handling"),
    ],
)
def test_an_exit_that_earns_is_doubted(
    exit_: str, item: str, recovery: float, words: str, tmp_path: Path
) -> None:
    """Cost 8, price 16, handling .5: recovering more than that pays for every unit sent there."""
    items = clean("plain")["items"].head(2).assign(price=16.0, unit_cost=8.0)
    exits = pd.DataFrame({"exit": [exit_], "item": [item], "cost": [0.5], "recovery": [recovery]})
    (said,) = found_by(exits_do_not_pay, evidence({"items": items, "exits": exits}, tmp_path))
    assert words in said and "line 2" in said


def test_what_comes_back_below_its_cost_is_an_exit(tmp_path: Path) -> None:
    """Recovering the unit's cost and its handling, and no more."""
    items = clean("plain")["items"].head(2).assign(price=16.0, unit_cost=8.0)
    exits = pd.DataFrame({"exit": ["give_away", "markdown", "return"]})
    exits = exits.assign(cost=0.5, recovery=[8.5, 16.5, 0.5])
    assert found_by(exits_do_not_pay, evidence({"items": items, "exits": exits}, tmp_path)) == []
