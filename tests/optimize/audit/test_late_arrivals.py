"""The audit's own laws of arrival: by hand, and beside those that plans are made with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from foreship_optimize.audit.late_arrivals import (
    PUNCTUAL,
    Coming,
    Shown,
    _until,
    law_of,
    shown_at,
)
from foreship_optimize.late_supply import shown_by_place
from foreship_optimize.network.transport.arrival_law import arrival_law
from foreship_optimize.planning import make_plan
from tests.optimize.table_builder import MONDAY, draw_tables

U = (np.arange(100) + 0.5) / 100


def test_punctual_lanes_have_one_day():
    """Out on day 2, two days on the way: day 4, whatever the plan's lead is made of."""
    assert law_of(2, 2, 0.0) == ((4, 1.0),)
    assert law_of(0, 0, 0.0) == ((0, 1.0),)


@pytest.mark.parametrize("sd", [0.3, 1.0, 2.0, 7.0])
def test_both_laws_are_the_same_though_written_twice(sd: float):
    """Days and chances for leads of 0 to 12 days, one written in arrays, one in plain Python."""
    for lead in range(13):
        days, weights = arrival_law(lead, sd)
        found = law_of(lead, 3, sd)
        assert [day for day, _ in found] == (days + 3).tolist()
        assert [chance for _, chance in found] == pytest.approx(weights.tolist(), abs=1e-12)


def test_the_gamma_law_written_out_is_that_of_scipy():
    """Means of .2 to 300 days and sds of .05 to 60, on days around the mean: within 1e-11."""
    for mean in (0.2, 1.0, 4.5, 30.0, 300.0):
        for sd in (0.05, 0.5, 2.0, 9.0, 60.0):
            days = sorted({max(int(mean + part * sd), 0) for part in (-3, -1, 0, 1, 2, 5, 12)})
            found = [_until(mean, sd, day) for day in days]
            edges = np.array(days) + 0.5
            truth = stats.gamma.cdf(edges, (mean / sd) ** 2, scale=sd**2 / mean)
            assert found == pytest.approx(truth.tolist(), abs=1e-11)


def test_what_is_overdue_comes_soon_or_not_at_all():
    """Of a place where half is lost, a row due ten days ago with a sd of 2: next to nothing comes.

    Due in five days half of its ten units come, and without anything lost all of them on its day.
    """
    half = Shown(0.0, 2.0, 0.5)
    days, units = Coming(-10, 10, 5, half).landing(U, U)
    assert min(days) == 0 and sum(units) == 0
    assert sum(Coming(5, 10, 5, half).landing(U, U)[1]) == pytest.approx(5 * 100, abs=10)
    assert Coming(5, 10, 5, PUNCTUAL).landing(U, U) == ([5] * 100, [10] * 100)
    assert Coming(-4, 10, 5, PUNCTUAL).landing(U, U) == ([0] * 100, [10] * 100)


def test_receipts_say_the_same_to_plan_and_audit():
    """Forty drawn arrivals at three places, some lost, some to come: told alike."""
    draws = np.random.default_rng(7)
    promised = MONDAY - pd.to_timedelta(draws.integers(-3, 60, 40), unit="D")
    came = pd.Series(promised + pd.to_timedelta(draws.integers(-2, 6, 40), unit="D"))
    lost = draws.random(40) < 0.2
    table = pd.DataFrame(
        {
            "location": draws.choice(["R", "S", "T"], 40, p=[0.5, 0.4, 0.1]), "item": "I",
            "promised": promised, "came": came.mask(lost), "quantity": draws.integers(1, 9, 40),
            "received": np.where(lost, 0, draws.integers(1, 9, 40)),
        }
    )  # fmt: skip
    found, told = shown_at(table, MONDAY), shown_by_place(table, MONDAY)
    assert set(found) == set(told) and {"R", "S"} <= set(found)
    for place, each in told.items():
        own = found[place]
        assert (own.late, own.sd_days) == pytest.approx((each.late_days, each.sd_days), abs=1e-12)
        assert own.share == pytest.approx(each.share, abs=1e-12)


def test_drawn_days_move_on_to_a_day_on_which_the_dock_works():
    """Days 5 and 6 rest: what was to come then comes on day 7 too."""
    open_days, moved = dict(law_of(5, 0, 1.0)), dict(law_of(5, 0, 1.0, (5, 6)))
    assert set(moved) == set(open_days) - {5, 6}
    assert moved[7] == pytest.approx(open_days[5] + open_days[6] + open_days[7])
    late = Coming(5, 1, 5, Shown(0.0, 1.0, 1.0), (5, 6))
    assert set(late.landing(U, U)[0]) == {3, 4, 7, 8}


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [4, 9])
def test_plans_with_drawn_arrivals_pass_the_audit_and_their_ledger_adds_up(seed: int):
    """Lanes late by 2 days and inbound late, partial or lost: audited, and gains are the objective.

    One region takes nothing in on weekends.
    The chances in the ledger are not those of punctual lanes.
    """
    tables, demand, params = draw_tables(seed)
    ways = tables["lanes"]
    region, items = tables["regions"]["region"].iloc[0], tables["items"]["item"]
    coming = pd.DataFrame(
        {"location": region, "item": items, "quantity": 3,
         "arrival_date": [MONDAY + pd.Timedelta(days=3 * at - 4) for at in range(len(items))]}
    )  # fmt: skip
    promised = [MONDAY - pd.Timedelta(days=20 + at) for at in range(12)]
    came = [each + pd.Timedelta(days=at % 4) for at, each in enumerate(promised)]
    past = pd.DataFrame(
        {"location": region, "item": items.iloc[0], "promised": promised, "came": came,
         "quantity": 4, "received": 3}
    )  # fmt: skip
    rests = [MONDAY + pd.Timedelta(days=each) for each in (5, 6, 12, 13)]
    late = tables | {
        "calendar": pd.DataFrame({"date": rests, "event": "closed: weekend", "region": region}),
        "lanes": ways.assign(lead_time_sd_days=2.0),
        "inbound": pd.concat([tables["inbound"], coming], ignore_index=True),
        "lateness": past,
    }
    plan, usual = (make_plan(each, demand, MONDAY, params) for each in (late, tables))
    gain = plan.lines["expected_gain"].sum()
    assert gain == pytest.approx(-plan.summary["objective"], abs=1e-6)
    assert len(plan.lines) and plan.units["p"].tolist() != usual.units["p"].tolist()
