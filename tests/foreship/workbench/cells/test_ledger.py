"""The units of a cell, each figure with its row of the ledger."""

from __future__ import annotations

from dataclasses import replace

from foreship.reading.explaining.explanation import Explanation, UnitReason, explain
from foreship.workbench.cells.ledger import ledger
from foreship_foundation.tables.output_files import NOT_WORTH_IT
from tests.foreship.order_views import order_view

UNIT = UnitReason(2, "not sent", 0.5, 2.0, 1.0, 0.5, 1 / 3, "keep_here", "hub stock")


def told() -> Explanation:
    """Return the explanation of a cell."""
    return explain(order_view(), "00101", "Lyon")


def test_what_stops_a_unit_is_said_in_words() -> None:
    """Those that the answer to the question uses, of units that are not sent alone."""
    page = str(ledger("latest", replace(told(), units=(UNIT,))))
    assert "no hub that could send another one has one left" in page
    assert "keep here" in page
    assert ">33.3 %</a>" in page
    sent = replace(UNIT, what="sent", binding="hub stock")
    assert "no hub" not in str(ledger("latest", replace(told(), units=(sent,))))
    idle = replace(UNIT, binding=NOT_WORTH_IT)
    assert NOT_WORTH_IT in str(ledger("latest", replace(told(), units=(idle,))))


def test_a_unit_that_no_chance_decides_has_no_break_even() -> None:
    """Its field is empty."""
    page = str(ledger("latest", replace(told(), units=(replace(UNIT, break_even=None),))))
    assert page.count('<td class="n"></td>') == 1


def test_a_cell_that_was_not_weighed_has_no_ledger() -> None:
    """Nor a heading of one."""
    assert ledger("latest", replace(told(), units=())) == ""
