"""The page's chapter on whole orders: its figures are those of the summary; else there is none."""

from __future__ import annotations

from foreship.reports.plan_chapters.order_chapter import by_order
from foreship.reports.plan_page import headline, render
from tests.foreship.order_views import order_view
from tests.foreship.page_reader import Page, assert_closed
from tests.foreship.run_views import make_view


def test_the_page_shows_the_figures_by_order() -> None:
    """Each stands in the table with its unit; sentences say why a gap is to be expected."""
    text = render(order_view())
    assert_closed(text)
    page = Page(text)
    rows = {row[0]: row[1] for row in page.rows if len(row) == 2}
    assert rows["Orders seen"] == "9,123"
    assert rows["Worth serving from their region"] == "35.1 %"
    assert rows["Whole there with this plan"] == "12.4 %"
    assert rows["Of all units, in these orders"] == "8.0 %"
    assert rows["Earned by the plan in a week"] == "451.75"
    assert rows["What no plan could exceed in a week"] == "502.25"
    assert rows["Gap on past orders"] == "10.1 %"
    said = " ".join("".join(page.text).split())
    assert "does not trust each of them to come again" in said


def test_where_money_is_by_the_unit_the_page_is_as_it_was() -> None:
    """No chapter, not a byte more."""
    view = make_view()
    assert by_order(view) == ""
    assert "order" not in " ".join(headline(view)).lower()
    assert "Whole orders" not in render(view)


def test_without_past_orders_the_chapter_says_so() -> None:
    """There are no shares of nothing."""
    page = Page(str(by_order(order_view(orders_seen=0))))
    assert "no order of the last 26 weeks is known" in " ".join(page.text)
    assert not page.rows


def test_the_headline_keeps_to_eighty_columns() -> None:
    """With its two sentences on orders."""
    lines = headline(order_view())
    assert all(len(line) <= 80 for line in lines)
    assert "9,123 orders" in " ".join(lines) and "(gap 10.1 %" in " ".join(lines)
