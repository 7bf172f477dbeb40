"""The chapter of the plan's page about whole orders; none where money is by the unit."""

from __future__ import annotations

from foreship.reading.views import RunView
from foreship.reading.words.orders import OrderFigures, order_figures, plan_words, trust_words
from foreship.reports.leads import sourced, sources
from foreship.reports.markup import Column, Content, chapter, element, table
from foreship_foundation.tables.output_files import SUMMARY
from foreship_foundation.telling.words import money, percent, units

__all__ = ["by_order", "figures_by_order"]

HEAD = (Column("By the order"), Column("", number=True))


def by_order(view: RunView) -> Content:
    """Show what past orders would have come to with the plan."""
    found = order_figures(view)
    if found is None:
        return ""
    said = [element("p", each) for each in plan_words(view)]
    origin = sources(sourced("what past orders come to", SUMMARY.name, "orders"))
    if not found.orders_seen:
        return chapter("Whole orders", *said, origin)
    words = (
        "A parcel carries an order, so a unit in a region earns in orders that are whole there. "
        "`foreship explain` says of a cell in how many of its orders the rest would be there."
    )
    rows = [
        [name, sourced(each, SUMMARY.name, "orders")]
        for name, each in figures_by_order(found).items()
    ]
    trust = element("p", trust_words(view), class_="soft")
    about = element("p", words, class_="soft")
    return chapter("Whole orders", about, *said, table(HEAD, rows), trust, origin)


def figures_by_order(found: OrderFigures) -> dict[str, str]:
    """Return the figures by order, by their names in words."""
    return {
        "Orders seen": units(found.orders_seen),
        "Worth serving from their region": percent(found.worth_serving_there, 1),
        "Whole there with this plan": percent(found.whole, 1),
        "Of all units, in these orders": percent(found.units_there, 1),
        f"Earned by the plan in {found.each}": money(found.gain),
        f"What no plan could exceed in {found.each}": money(found.bound),
        "Gap on past orders": percent(found.gap, 1),
    }
