"""What past orders say, in words: each sentence by its counts, none where there are none."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from foreship.reading.explaining.explanation import explain
from foreship.reading.views import CellStock, RunView
from foreship.reading.words.orders import (
    CellOrders,
    cell_orders,
    cell_words,
    further_words,
    order_figures,
    plan_words,
    trust_words,
)
from tests.foreship.order_views import cell_table, order_view
from tests.foreship.run_views import make_view

NOTHING = CellStock(0, 0, 0, 0)
SOME = CellOrders(41, 26, 5 / 41, 1.75, 0.15, 0.42, 3)
NONE_WHOLE = CellOrders(41, 26, 0.0, None, 0.04, 0.3, 0)
UNSEEN = CellOrders(0, 26, None, None, 0.1, 0.3, 0)


@pytest.fixture(scope="module")
def view() -> RunView:
    """Make a run by order."""
    return order_view()


def said(orders: CellOrders, stock: CellStock = NOTHING, *, unworthy: bool = True) -> str:
    """The sentences of a cell in one text."""
    return " ".join(cell_words(orders, "A", "R", stock, unworthy=unworthy))


def test_a_cell_says_how_often_the_rest_would_be_there_and_what_that_saves() -> None:
    """5 of 41 orders are 12 %; the share believed and the credit stand beside, as they are."""
    text = said(SOME)
    assert "41 orders of the last 26 weeks held A in R; in 12 % of them the rest would be" in text
    assert "each of these then saves 1.75 on average beyond what its units are worth" in text
    assert "15 % of the units ordered are taken to be" in text
    assert "and 0.42 for its part in what its order saves" in text
    assert "nothing is sent" not in text


def test_where_no_order_would_be_whole_that_is_why_nothing_is_sent() -> None:
    """Only where no limit, no unit that lies there and no believed share is the cause."""
    why = "this is why nothing is sent"
    assert "in none of them would the rest be there too" in said(NONE_WHOLE)
    assert why in said(NONE_WHOLE)
    assert why not in said(NONE_WHOLE, unworthy=False)
    assert why not in said(NONE_WHOLE, CellStock(2, 0, 0, 0))
    assert why not in said(replace(NONE_WHOLE, served_share=0.7))
    assert why not in said(UNSEEN)
    assert "sent all the same" in said(NONE_WHOLE, CellStock(0, 0, 1, 0))


def test_a_cell_without_orders_of_its_own_says_where_its_share_comes_from() -> None:
    """No share of no orders is made up."""
    text = said(UNSEEN)
    assert "none of the last 26 weeks held A in R" in text
    assert "the cell has no orders of its own" in text


def test_a_share_that_is_not_none_is_not_said_to_be_none() -> None:
    """1 of 400 orders would round to 0 %; 1 of 100 is 1 %."""
    assert "in under 1 % of them" in said(replace(SOME, orders=400, there=1 / 400))
    assert "in 1 % of them" in said(replace(SOME, orders=100, there=1 / 100))


def test_payback_is_said_where_past_orders_ask_for_no_more(view: RunView) -> None:
    """3 units bring in their cost: said once they are sent, not before."""
    after = " ".join(further_words(view, SOME, CellStock(0, 0, 3, 0)))
    assert after == "Past orders show no further unit that would bring in its cost within 8 weeks."
    assert not list(further_words(view, SOME, CellStock(0, 0, 2, 0)))
    none = " ".join(further_words(view, UNSEEN, NOTHING))
    assert none.startswith("Past orders show no unit that")


def test_a_plan_says_what_its_past_orders_would_have_come_to(view: RunView) -> None:
    """Shares, gain, bound and gap are those of the summary."""
    text = " ".join(plan_words(view))
    assert "of 9,123 orders of the last 26 weeks" in text
    assert "35 % are worth serving from their region" in text
    assert "12 % would have been whole there, with 8 % of all units" in text
    assert "the plan earns 451.75 in a week against sending nothing" in text
    assert "no plan could have earned over 502.25 (gap 10.1 %" in text
    assert "within 8 weeks" in trust_words(view)


def test_longer_reviews_losses_and_no_orders_are_said_as_such() -> None:
    """A period is a review; a plan may lose on the orders of the past; there may be none."""
    view = order_view(gain=-3.5)
    plans = {**view.assumptions, "plan": {"review_weeks": 2}}
    text = " ".join(plan_words(replace(view, assumptions=plans)))
    assert "of the last 52 weeks" in text
    assert "the plan loses 3.50 in 2 weeks" in text
    none = list(plan_words(order_view(orders_seen=0)))
    assert none == ["Money is by the order, but no order of the last 26 weeks is known."]


def test_where_money_is_by_the_unit_nothing_is_said() -> None:
    """No figures, no sentence, no cell, and an explanation without the words."""
    view = make_view()
    assert order_figures(view) is None and not list(plan_words(view))
    region, item = view.units[["region", "item"]].iloc[0]
    assert cell_orders(view, item, region) is None
    found = explain(view, item, region)
    assert "rder" not in found.text and "orders" not in found.to_dict()


def test_an_explanation_tells_the_orders_of_its_cell_in_text_and_numbers(view: RunView) -> None:
    """80 columns at most; blanks of the table are null in JSON."""
    row = view.orders.set_index(["region", "item"])["orders"]  # type: ignore[union-attr]
    for held in (41, 0):
        region, item = row.index[row == held][0]
        found = explain(view, item, region)
        plain = json.loads(json.dumps(found.to_dict(), allow_nan=False, default=str))
        assert plain["orders"]["orders"] == held
        assert plain["orders"]["there"] == (5 / 41 if held else None)
        assert all(len(line) <= 80 for line in found.text.splitlines())
        assert found.about_orders[0].split()[0] == "Orders:"
        assert "".join(found.about_orders[0].split()) in "".join(found.text.split())


def test_a_cell_of_which_past_orders_say_nothing_is_explained_without_them(view: RunView) -> None:
    """The table does not hold it."""
    other = replace(view, orders=cell_table(("elsewhere", "x", 1, np.nan, np.nan, 0.1, 0.1, 0)))
    region, item = view.units[["region", "item"]].iloc[0]
    assert explain(other, item, region).orders is None
