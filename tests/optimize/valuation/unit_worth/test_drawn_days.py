"""Units whose day of arrival is drawn: the mean over days, and what it keeps of each day."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.network.transport.arrival_law import arrival_law
from foreship_optimize.valuation.inputs import read_inputs
from foreship_optimize.valuation.unit_worth.drawn_days import mixed, over_days
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues
from tests.optimize.small_network import MONDAY, STEADY, demand_of, lane, tables_of


def units(cell: int, chance: list[float], benefit: float, unsold: float, held: float) -> UnitValues:
    """Units of one cell with the same money, worth what it adds up to."""
    p = np.array(chance)
    value = p * benefit + (1 - p) * (unsold - held)
    count = len(chance)
    columns = np.full(count, cell), np.arange(1, count + 1), value, p
    return UnitValues(*columns, np.full(count, benefit), np.full(count, unsold))


def test_a_mixture_adds_up_as_every_day_does():
    """Half a chance each of p .8 at 3 and p .2 at 5: p .5, b 3.4, v adds up."""
    held = np.array([0.1])
    found = mixed(
        [units(0, [0.8], 3.0, 2.0, 0.1), units(0, [0.2], 5.0, 1.0, 0.1)], np.full(2, 0.5), held
    )
    assert found.probability.tolist() == [0.5]
    assert found.benefit[0] == pytest.approx((0.4 * 3.0 + 0.1 * 5.0) / 0.5)
    assert found.value[0] == pytest.approx(0.5 * (2.4 + 0.2 * 1.9) + 0.5 * (1.0 + 0.8 * 0.9))
    adds_up = 0.5 * found.benefit[0] + 0.5 * (found.unsold[0] - 0.1)
    assert found.value[0] == pytest.approx(adds_up, abs=1e-12)


def test_units_that_always_or_never_sell_keep_finite_money():
    """Sure of a sale on every day leaves r the mean of both days, sure of none b."""
    held = np.array([0.0])
    always = mixed([units(0, [1.0], b, r, 0.0) for b, r in ((3, 2), (5, 1))], np.full(2, 0.5), held)
    never = mixed([units(0, [0.0], b, r, 0.0) for b, r in ((3, 2), (5, 1))], np.full(2, 0.5), held)
    assert (always.benefit[0], always.unsold[0]) == (4.0, 1.5)
    assert (never.benefit[0], never.unsold[0]) == (4.0, 1.5)


def test_every_day_values_as_many_units_as_the_day_with_most():
    """One day finds 3 units of cell 0 and none of cell 2, the other 1 and 2: 3 and 2 on both."""
    counts = {4: {0: 3, 2: 0}, 6: {0: 1, 2: 2}}

    def on_day(rows, fewest, day):
        found = [
            units(cell, [day / 10] * max(counts[day][cell], least + 1), 3.0, 2.0, 0.0)
            for cell, least in zip(rows.tolist(), fewest.tolist(), strict=True)
            if max(counts[day][cell], least)
        ]
        return UnitValues.joined(found)

    law = np.array([4, 6]), np.array([0.25, 0.75])
    rows, none = np.array([0, 2]), np.zeros(2, dtype=np.int64)
    found = over_days(on_day, rows, none, law, np.zeros(3))
    assert found.cell.tolist() == [0, 0, 0, 2, 2]
    assert found.unit.tolist() == [1, 2, 3, 1, 2]
    assert found.probability == pytest.approx(np.full(5, 0.25 * 0.4 + 0.75 * 0.6))


def test_values_by_a_law_are_the_mean_of_the_values_on_its_days():
    """A lane of 4 days with a sd of 2: every number of the first 5 units, from each day alone."""
    tables = tables_of(lanes=[lane("H", "R", 1.0, 4), lane("R", "H")])
    tables["lanes"]["lead_time_sd_days"] = [2.0, np.nan]
    demand = demand_of({("R", "I"): np.random.default_rng(2).poisson(3, (6, 50))})
    inputs = read_inputs(tables, demand, MONDAY, STEADY, 0.0)
    rows, five = np.array([0]), np.array([5])
    (number,) = np.flatnonzero(inputs.laws.drawn).tolist()
    found = inputs.arrivals(rows, number, five)
    days, weights = arrival_law(4, 2.0)
    alone = [
        inputs.valuer.arrivals(rows, day, five).at_most(np.inf).rows(np.arange(5))
        for day in days.tolist()
    ]
    capped = [
        np.minimum(each.value, inputs.landed_by(each.cell, day))
        for each, day in zip(alone, days.tolist(), strict=True)
    ]
    chance = sum(w * each.probability for w, each in zip(weights, alone, strict=True))
    assert len(days) == 7
    assert found.probability[:5] == pytest.approx(chance, abs=1e-12)
    assert found.value[:5] == pytest.approx(weights @ np.stack(capped), abs=1e-12)
    assert (np.diff(found.probability) <= 0).all()
