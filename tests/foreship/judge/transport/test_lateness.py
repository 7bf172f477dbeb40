"""Days on the way: their law, the lots already under way, and draws that all policies share."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.draws import hashes
from foreship.judge.transport.lateness import Roads, days_on_the_way, days_still_on_the_way
from foreship_optimize.network.transport.arrival_law import arrival_quantile

EVEN = (np.arange(20_000) + 0.5) / 20_000


def law(lead: int, sd: float, drawn=EVEN):
    """Return the days on the way at each number."""
    ones = np.ones(len(drawn), dtype=np.int64)
    return days_on_the_way(lead * ones, sd * ones, drawn)


@pytest.mark.parametrize(("lead", "sd"), [(2, 1.0), (5, 2.0), (9, 2.0), (9, 0.5), (30, 6.0)])
def test_the_law_has_its_mean_and_standard_deviation(lead: int, sd: float) -> None:
    """Of whole days: rounding adds a twelfth to the variance and next to nothing to the mean."""
    days = law(lead, sd)
    assert days.mean() == pytest.approx(lead, abs=0.06)
    assert days.var() == pytest.approx(sd**2 + 1 / 12, rel=0.06)
    assert days.min() >= 0


def test_what_arrives_at_once_is_late_by_half_a_normal_law() -> None:
    """Without days on the way |N(0, 2)| has a mean of 1.6; it is never early."""
    days = law(0, 2.0)
    assert days.mean() == pytest.approx(2.0 * np.sqrt(2 / np.pi), abs=0.02)
    assert days.min() == 0


def test_without_doubt_a_departure_keeps_its_days() -> None:
    """Whatever is drawn."""
    assert set(law(3, 0.0).tolist()) == {3}
    assert law(0, 0.0, np.array([0.0, 0.999])).tolist() == [0, 0]


def test_the_largest_draw_is_a_day() -> None:
    """A number just below 1 gives a finite day, one of 0 the least."""
    days = law(5, 2.0, np.array([0.0, 1 - 2.0**-53]))
    assert days[0] == 0
    assert 15 < days[1] < 60


@pytest.mark.parametrize(("lead", "sd"), [(5, 2.0), (0, 2.0)])
def test_what_has_not_come_comes_later_by_the_same_law(lead: int, sd: float) -> None:
    """Given 5 days without it, the rest of the law: the same shares of all later days."""
    ones = np.ones(len(EVEN), dtype=np.int64)
    given = days_still_on_the_way(lead * ones, sd * ones, EVEN, 5 * ones)
    later = law(lead, sd)
    later = later[later > 5]
    assert given.min() == 6
    for day in (6, 7, 9):
        assert np.mean(given <= day) == pytest.approx(np.mean(later <= day), abs=0.01)


def test_what_is_overdue_beyond_the_law_comes_the_day_after() -> None:
    """No chance is left for it: a hundred days of five."""
    one = np.ones(1, dtype=np.int64)
    assert days_still_on_the_way(5 * one, one * 1.0, one * 0.5, 100 * one).tolist() == [101]
    assert days_still_on_the_way(5 * one, one * 0.0, one * 0.5, 100 * one).tolist() == [5]


def test_each_departure_draws_once_and_evenly() -> None:
    """The same for the same; other days, ends, lanes and seeds are other draws."""
    day = np.datetime64("2026-03-02")
    roads = Roads(3, hashes(["R1", "R2", "H1"]))
    days = day + np.arange(4000)

    def drawn(roads=roads, ships=days[:1], origin=2, destination=0, lead=2, number=0):
        many = np.ones(len(ships), dtype=np.int64)
        return roads.drawn(ships, origin * many, destination * many, lead * many, number * many)

    assert drawn() == drawn()
    others = [
        drawn(Roads(4, roads.places)), drawn(ships=days[1:2]), drawn(origin=1),
        drawn(destination=1), drawn(lead=3), drawn(number=1), drawn(origin=0, destination=2),
        drawn(origin=-1),
    ]  # fmt: skip
    assert len({float(each[0]) for each in [drawn(), *others]}) == len(others) + 1
    assert np.quantile(drawn(ships=days), [0.1, 0.5, 0.9]) == pytest.approx(
        [0.1, 0.5, 0.9], abs=0.03
    )


@pytest.mark.parametrize("lead", [0, 1, 2, 9, 30])
@pytest.mark.parametrize("sd", [0.3, 1.0, 6.0])
def test_the_program_believes_the_law_by_which_departures_are_late(lead: int, sd: float) -> None:
    """Both have code of their own; at every number they name the same day."""
    assert (arrival_quantile(lead, sd, EVEN) == law(lead, sd)).all()
