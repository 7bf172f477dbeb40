"""A plan of a past Monday, played by the judge."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.config import Config
from foreship.judge.gain.outcome import come_of
from foreship.judge.simulate import play_week
from foreship.reviews.arrivals import arrivals_of
from foreship_optimize.params import PlanParams
from tests.foreship.reviews.reviewed_shop import receipts, sent, shop
from tests.foreship.small_world import date

LINES = sent(("ship", "H1", "R1", "K", 3, 2), ("ship", "H1", "R2", "L", 1, 3))
BOUGHT = [(day, "R1", "K", 1) for day in range(3, 40)] + [(4, "R2", "L", 1), (9, "R1", "L", 2)]


def test_its_week_is_that_of_the_judge() -> None:
    """The account of a plan that came as promised is that of `play_week`, to the last digit."""
    past = shop(*BOUGHT)
    ours = past.ledger(past.sent(LINES)).to_dict()
    theirs = play_week(past.network, past.morning, past.buyers, LINES)[1].to_dict()
    np.testing.assert_equal(ours, theirs)


def test_its_gain_is_that_of_the_judge() -> None:
    """Once all windows are over; by cell and piece it sums to the whole."""
    past = shop(*BOUGHT, until=date(70))
    came = past.came(past.sent(LINES))
    whole = come_of(past.network, past.morning, past.buyers, past.refills, LINES, past.terms)
    assert came.settled
    assert came.gain == pytest.approx(whole.gain, abs=1e-12)
    assert came.by_cell.sum() - came.by_piece.sum() == pytest.approx(came.gain, abs=1e-9)


def test_before_its_windows_are_over_what_lies_is_valued() -> None:
    """After one day nothing has arrived: where kettles sell daily, what is on its way is worth it.

    Where nothing ever sold, it is worth what getting rid of it costs.
    """
    sold = [(day, "R1", "K", 1) for day in range(-28, 0)]
    known, dead = (shop(*rows, until=date(1)) for rows in (sold + BOUGHT, BOUGHT))
    lines = LINES.iloc[:1]
    worth, lost = (past.came(past.sent(lines)) for past in (known, dead))
    assert not worth.settled
    assert worth.gain > -worth.by_piece.sum() > lost.gain


def test_a_truck_that_came_late_brings_less() -> None:
    """Two units bought before it came are parcels then; what never came is paid and lost."""
    past = shop(*BOUGHT, until=date(70))

    def came(*rows):
        pieces = arrivals_of(LINES, receipts(*rows), date(70)).pieces
        sent_ = past.sent(LINES, pieces)
        return past.came(sent_).gain, past.ledger(sent_)

    on_time, _ = came((2, "R1", "K", 3), (3, "R2", "L", 1))
    assert on_time == pytest.approx(past.came(past.sent(LINES)).gain, abs=1e-12)
    late, ledger = came((6, "R1", "K", 3), (3, "R2", "L", 1))
    short, less = came((2, "R1", "K", 1), (3, "R2", "L", 1))
    assert late < on_time
    assert short < on_time
    assert ledger.served_locally == 2  # of days 6 on: one, and the lamp
    assert less.units_at_end == ledger.units_at_end  # what is missing is nowhere, not nothing


def test_handling_of_lines_is_paid() -> None:
    """A line costs `plan.line_handling_cost` in a review as it did in what the plan promised."""
    config = Config(plan=PlanParams(line_handling_cost=3.0))
    free, paid = (shop(*BOUGHT, until=date(70), config=each) for each in (Config(), config))
    gains = [past.came(past.sent(LINES)).gain for past in (free, paid)]
    assert gains[0] - gains[1] == pytest.approx(3.0 * len(LINES), abs=1e-9)
    profits = [past.ledger(past.sent(LINES)).profit for past in (free, paid)]
    assert profits[0] - profits[1] == pytest.approx(3.0 * len(LINES), abs=1e-9)


def test_orders_of_the_future_are_not_read() -> None:
    """A review of day 7 is the same whatever is ordered from then on."""
    rows = [row for row in BOUGHT if row[0] < 7]
    found = [shop(*some, until=date(7)) for some in (rows, BOUGHT)]
    gains = [past.came(past.sent(LINES)).gain for past in found]
    assert gains[0] == gains[1]
    assert isinstance(found[0].terms.end, np.datetime64)
    assert pd.Timestamp(found[0].terms.end) == date(7)
