"""The numbers behind the pictures of the page: totals, roundings, what is left out."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from foreship.reports import figures
from tests.foreship.run_views import make_view


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9))
def test_rounding_never_loses_a_cent(values: list[float]) -> None:
    """Rounded terms sum to the rounded total, and none moves by more than the rounding."""
    terms = {f"t{place}": value for place, value in enumerate(values)}
    rounded = figures.rounded_terms(terms, sum(values))
    assert round(sum(rounded.values()), 2) == round(round(100 * sum(values)) / 100, 2)
    assert "unexplained" not in rounded
    assert all(abs(rounded[name] - terms[name]) <= 0.01 * (len(terms) + 2) for name in terms)


def test_money_that_the_terms_do_not_explain_is_named() -> None:
    """A gap between terms and objective is shown, not spread."""
    assert figures.rounded_terms({"freight": 10.0}, 12.5) == {"freight": 10.0, "unexplained": 2.5}


def test_a_region_is_as_full_as_its_volumes_say() -> None:
    """Two units of volume 3 sent to a region of capacity 12 that holds one: three quarters full."""
    view = make_view(items=2)
    item, region = view.tables["items"]["item"].iloc[0], "Lyon"
    line = view.lines[view.lines["action"] == "ship"].head(1).assign(destination=region, quantity=2)
    tables = {
        "items": view.tables["items"].assign(volume=3.0),
        "regions": pd.DataFrame({"region": [region], "capacity": [12.0]}),
        "stock": pd.DataFrame({"location": [region], "item": [item], "quantity": [1]}),
    }
    stock = figures.region_stock(replace(view, lines=line, tables=tables))
    assert stock.loc[0, ["stays", "volume", "used"]].tolist() == [3, 9.0, 0.75]
