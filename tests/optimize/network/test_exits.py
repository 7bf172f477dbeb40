"""Which row of the exits table holds where, and what is got back."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.network.exits import read_exits
from foreship_optimize.params import ExitParams
from tests.optimize.small_network import demand_of, item, read, tables_of
from tests.optimize.table_builder import frame

ITEMS, REGIONS = ["I", "J"], ["R", "S"]
DEMAND = demand_of({("R", "I"): [[1]]})


@cache
def network():
    """Two items of cost 10 and holding .10, two regions."""
    regions = [(name, np.inf, 2.0, "", 0, 0) for name in REGIONS]
    return read(tables_of(items=[item("I"), item("J")], regions=regions), DEMAND)[0]


def cost_of(rows: list[tuple], kind: str, region: str, name: str, **settings) -> float:
    """Cost of an exit of one cell."""
    book = read_exits(frame("exits", rows), network(), ExitParams(**settings))
    at = np.array([REGIONS.index(region)]), np.array([ITEMS.index(name)])
    return float(book.cost_of(kind, *at)[0][0])


@settings(max_examples=80)
@given(st.sets(st.sampled_from(list(itertools.product(["", *ITEMS], ["", *REGIONS])))))
def test_the_most_specific_row_holds(keys):
    """Item and region, then item, then region, then any; nothing where no row fits."""
    rows = [("return", name, region, float(place), 0.0, np.inf, 0.0)
            for place, (name, region) in enumerate(sorted(keys))]  # fmt: skip
    price = {(name, region): cost for _, name, region, cost, *_ in rows}
    for name, region in itertools.product(ITEMS, REGIONS):
        ladder = [(name, region), (name, ""), ("", region), ("", "")]
        told = [price[key] for key in ladder if key in price]
        if rows:
            assert cost_of(rows, "return", region, name) == (told[0] if told else np.inf)


def test_a_table_allows_only_what_it_lists():
    """A table with returns only: a markdown does not exist, though the settings allow it."""
    rows = [("return", "", "", 1.0, 0.0, np.inf, 0.0)]
    assert cost_of(rows, "markdown", "R", "I") == np.inf
    assert cost_of([], "markdown", "R", "I") == pytest.approx(6.0)


def test_what_is_got_back_is_the_rows_else_the_settings():
    """Given away: 10 + .2 - 4 as the row says; blank: a tenth of 10; two weeks of delay cost .2."""
    row = ("give_away", "", "", 0.2, 4.0, np.inf, 0.0)
    assert cost_of([row], "give_away", "R", "I") == pytest.approx(6.2)
    blank = ("give_away", "", "", 0.2, np.nan, np.inf, 2.0)
    found = cost_of([blank], "give_away", "R", "I", recovery_share=0.1)
    assert found == pytest.approx(0.2 + 10.0 - 1.0 + 0.2)


def test_the_settings_name_what_is_allowed():
    """Without a table the exits are those of the settings, handled at their price."""
    assert cost_of([], "return", "R", "I", return_handling=0.7) == pytest.approx(0.7)
    assert cost_of([], "donate", "R", "I") == np.inf
    assert cost_of([], "donate", "R", "I", allowed=("donate",)) == pytest.approx(10.0)
