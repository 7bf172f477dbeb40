"""Inbound that may be late, partial or lost: its law a row, and how it lands on the paths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.network.cells import choose_cells
from foreship_optimize.network.transport.arrival_law import arrival_chance
from foreship_optimize.network.transport.late_inbound import LateInbound
from foreship_optimize.network.transport.places_and_lanes import read_network
from foreship_optimize.tables import complete
from tests.optimize.small_network import MONDAY, STEADY, day, demand_of, lane, tables_of

PATHS = 400
DEMAND = demand_of({("R", "I"): np.random.default_rng(5).poisson(4, (6, PATHS))})


def read_late(inbound: list[tuple[int, int]], sd: float, lateness=None) -> LateInbound | None:
    """Late inbound of (day, units) rows into R over a lane of 5 days."""
    rows = [("R", "I", units, day(on)) for on, units in inbound]
    tables = tables_of(lanes=[lane("H", "R", 1.0, 5), lane("R", "H")], inbound=rows)
    tables["lanes"]["lead_time_sd_days"] = [sd, np.nan]
    if lateness is not None:
        tables["lateness"] = lateness
    filled = complete(tables, STEADY.economics, MONDAY)
    return choose_cells(filled, DEMAND, read_network(filled, MONDAY), MONDAY)[0].late


def landed(late: LateInbound) -> tuple[np.ndarray, np.ndarray]:
    """Day on which each path's units land, and how many: the only row of the only cell."""
    found = late.landings(DEMAND, np.array([0]))
    days, units = np.full(PATHS, -1), np.zeros(PATHS, dtype=int)
    days[found.path], units[found.path] = found.day, found.units
    return days, units


def history(days_late: list[int], received: list[int], place: str = "R") -> pd.DataFrame:
    """Arrivals of ten units each, announced a week apart."""
    promised = [MONDAY - pd.Timedelta(days=7 * (9 + at)) for at in range(len(days_late))]
    came = [
        each + pd.Timedelta(days=late) if units else pd.NaT
        for each, late, units in zip(promised, days_late, received, strict=True)
    ]
    return pd.DataFrame(
        {
            "location": place, "item": "I", "promised": promised, "came": pd.to_datetime(came),
            "quantity": 10, "received": received,
        }
    )  # fmt: skip


def test_inbound_over_punctual_lanes_needs_no_law():
    """Without a spread and without receipts all comes on its day: nothing is drawn."""
    assert read_late([(3, 7)], 0.0) is None
    assert read_late([], 2.0) is None


def test_what_left_today_comes_by_the_law_of_its_lane():
    """Promised in five days, over five days with a sd of 2: days as the gamma law has them."""
    late = read_late([(5, 7)], 2.0)
    days, units = landed(late)
    assert (late.left.tolist(), set(units.tolist())) == ([0], {7})
    for until in (2, 4, 5, 7, 9):
        truth = float(arrival_chance(5, 2.0, np.array([until]))[0])
        assert (days <= until).mean() == pytest.approx(truth, abs=2 / PATHS)


def test_what_is_not_there_yet_comes_by_the_law_of_those_that_are_not():
    """Due yesterday, it left six days ago: chance of each day among arrivals after five days.

    One of a hundred is taken to be lost, so of what is still out some more.
    """
    days, units = landed(read_late([(-1, 7)], 2.0))
    before, until = arrival_chance(5, 2.0, np.array([5, 7]))
    comes, still = units > 0, 1 - before
    assert days[comes].min() == 0 and set(units.tolist()) == {0, 7}
    chance = (until - before) / (1 - before)
    assert (days[comes] <= 1).mean() == pytest.approx(chance, abs=0.02)
    assert comes.mean() == pytest.approx(0.99 * still / (0.01 + 0.99 * still), abs=2 / PATHS)


def test_a_part_comes_as_receipts_have_shown():
    """Of 10 units 8 came each time, a day late: 8 come on the mean of the paths, and later."""
    late = read_late([(5, 10)], 0.0, history([1] * 12, [8] * 12))
    days, units = landed(late)
    assert late.share.tolist() == [pytest.approx(0.8)]
    assert (late.mean_days.tolist(), set(days.tolist())) == ([6.0], {6})
    assert units.mean() == pytest.approx(8.0, abs=2 / PATHS)


def test_what_is_long_overdue_fades_out():
    """One of four never came and a sd of about 2 days: of what is due, ever less, then nothing."""
    past = history([-2, 0, 2, 0] * 6, [10, 10, 10, 0] * 6)
    shares = [
        landed(read_late([(due, 10)], 2.0, past))[1].mean() / 10 for due in (5, -1, -3, -6, -20)
    ]
    assert shares[0] == pytest.approx(0.75, abs=0.01)
    assert read_late([(5, 10)], 2.0, past).note() == (
        "inbound to regions: 8 of 10 units are expected, on days drawn as lanes and receipts say"
    )
    assert (np.diff(shares) <= 0).all() and shares[-1] == 0.0
    assert 0.4 < shares[1] < 0.7


def test_names_and_other_rows_have_no_say_in_when_a_row_lands():
    """The row of day 5 lands alike with another row behind it, whatever the place is called."""
    alone, both = (read_late(rows, 2.0) for rows in ([(5, 7)], [(5, 7), (9, 3)]))
    first = both.landings(DEMAND, np.array([0]))
    mine = first.units == 7
    expected = landed(alone)[0]
    found = np.empty(PATHS, dtype=int)
    found[first.path[mine]] = first.day[mine]
    assert found.tolist() == expected.tolist()
    assert first.units.sum() == 10 * PATHS


@pytest.mark.parametrize("due", [-7, -8, -9, -365])
@pytest.mark.parametrize("share", [1.0, 0.75])
def test_what_was_due_long_ago_has_a_day_like_all_else_and_no_longer_comes(share: float, due: int):
    """So late that no number below one is left for it; also where nothing was ever lost yet."""
    lateness = history([0, 1, 2, 1, 0, 1], [int(10 * share)] * 6)
    day, units = landed(read_late([(due, 5)], 2.0, lateness))
    assert (day <= 7).all() and not units.any()
