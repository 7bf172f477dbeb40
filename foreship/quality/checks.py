"""The list of checks: a new one is a function in a file of this package and a line here."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Final

from foreship.errors import Fault
from foreship.ingest.tables import TableRead
from foreship.quality.amounts.holding import hubs_hold_for_less
from foreship.quality.amounts.numerals import points_are_decimal
from foreship.quality.amounts.pumps import exits_do_not_pay
from foreship.quality.amounts.scales import (
    costs_fit_prices,
    lead_times_are_days,
    prices_fit_what_was_paid,
)
from foreship.quality.beginnings import launches_are_near, listings_have_rows, something_is_open
from foreship.quality.evidence import Evidence
from foreship.quality.formulas import ids_are_no_formulas
from foreship.quality.orders.baskets import parcels_carry_orders
from foreship.quality.orders.bulk import no_line_outweighs_its_item
from foreship.quality.orders.days import dates_stand_together, day_and_month_in_order
from foreship.quality.orders.doubled import adjustments_stand_twice, lines_stand_twice
from foreship.quality.orders.measures import units_stay_the_same
from foreship.quality.orders.silence import (
    last_week_is_whole,
    orders_reach_the_plan,
    regions_keep_ordering,
)
from foreship.quality.scenarios import scenarios_recur
from foreship.quality.sizes import sizes_are_affordable
from foreship.quality.transport.packs import packs_fit_somewhere
from foreship.quality.transport.supply import (
    docks_work,
    receipts_have_come,
    spreads_are_below_leads,
)
from foreship.quality.transport.vehicles import (
    lanes_can_depart,
    vehicles_have_a_size,
    vehicles_hold_a_unit,
)

__all__ = ["ANY", "CHECKS", "DEMAND_CHECKS", "demand_doubts", "described", "doubts"]

CHECKS: tuple[Callable[[Evidence], Iterator[Fault]], ...] = (
    lines_stand_twice,
    adjustments_stand_twice,
    no_line_outweighs_its_item,
    units_stay_the_same,
    dates_stand_together,
    day_and_month_in_order,
    regions_keep_ordering,
    last_week_is_whole,
    orders_reach_the_plan,
    points_are_decimal,
    prices_fit_what_was_paid,
    costs_fit_prices,
    lead_times_are_days,
    parcels_carry_orders,
    exits_do_not_pay,
    packs_fit_somewhere,
    vehicles_have_a_size,
    vehicles_hold_a_unit,
    lanes_can_depart,
    docks_work,
    spreads_are_below_leads,
    receipts_have_come,
    hubs_hold_for_less,
    listings_have_rows,
    launches_are_near,
    something_is_open,
    ids_are_no_formulas,
    sizes_are_affordable,
)
"""Every check of a workspace, in the order in which warnings are told."""

ANY: Final = "any"
"""in `gates.inputs`: whatever check it is"""

DEMAND_CHECKS = (scenarios_recur,)
"""Every check of one's own demand."""


def doubts(seen: Evidence) -> Iterator[Fault]:
    """Yield what every check finds, each warning with the name of its check."""
    for check in CHECKS:
        for found in check(seen):
            yield dataclasses.replace(found, check=check.__name__)


def demand_doubts(read: TableRead) -> Iterator[Fault]:
    """Yield what the checks of one's own demand find in it."""
    for check in DEMAND_CHECKS:
        for found in check(read):
            yield dataclasses.replace(found, check=check.__name__)


def described() -> list[tuple[str, str]]:
    """Return name and purpose of every check, as they stand in the code."""
    return [
        (check.__name__, (check.__doc__ or "").splitlines()[0])
        for check in (*CHECKS, *DEMAND_CHECKS)
    ]
