"""The table of departures: a row for each that is used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.tables.output_files import DEPARTURES
from foreship_optimize.account.departure_table import departures_of
from foreship_optimize.departures import Departures
from foreship_optimize.network.transport.arrival_law import arrival_chance, arrival_span
from tests.optimize.program_builder import Draft
from tests.optimize.vehicle_markets import charged

MONDAY = pd.Timestamp("2026-11-16")


def three_lanes():
    """One item of volume 2 to R1 (in vehicles of 3), to R2 (without a vehicle), and to R3."""
    draft = Draft()
    draft.item("A", 2.0)
    draft.stock["H", "A"] = 9
    for place, lead in (("R1", 4), ("R2", 0), ("R3", 0)):
        draft.cell(place, "A", [9.0] * 3)
        draft.ship("H", place, "A", 1.0, 0.0, lead)
        draft.lanes["H", place] = np.inf
    problem = charged(
        draft.problem(), vehicle_cost=[10.0, 0.0, 5.0], vehicle_volume=[3.0, 8.0, np.inf],
        line_cost=[0.5, 0.0, 0.0], weight_kg=[1.5],
    )  # fmt: skip
    return replace(problem, departures=replace(problem.departures, day=np.array([1, 0, 0])))


def test_departures_that_carry_anything_are_told() -> None:
    """Two units take two vehicles of three on Tuesday; a lane without vehicles counts none."""
    table = departures_of(three_lanes(), np.array([2, 3, 0]), MONDAY)
    assert list(table.columns) == list(DEPARTURES.names)
    first, second = (row._asdict() for row in table.itertuples(index=False))
    assert first["destination"] == "R1"
    assert first["ship_date"] == MONDAY + pd.Timedelta(days=1)
    assert first["arrival_date"] == MONDAY + pd.Timedelta(days=4)
    assert (first["vehicles"], first["vehicle_cost"], first["line_cost"]) == (2, 20.0, 0.5)
    assert first["vehicle_fill"] == pytest.approx(4.0 / 6.0)
    assert (first["lines"], first["units"], first["volume"], first["kg"]) == (1, 2, 4.0, 3.0)
    assert (second["vehicles"], second["vehicle_cost"]) == (0, 0.0)
    assert second["vehicle_fill"] == pytest.approx(6.0 / 8.0)


def test_days_between_which_it_arrives_follow_from_how_late_it_may_be() -> None:
    """To the day where it is never late; else days on both sides, none before it leaves."""
    problem = three_lanes()
    plan = np.array([2, 3, 0])
    sure = departures_of(problem, plan, MONDAY)
    assert (sure["arrival_from"] == sure["arrival_date"]).all()
    assert (sure["arrival_to"] == sure["arrival_date"]).all()
    late = replace(problem, departures=replace(problem.departures, sd_days=np.array([1.5, 0, 0])))
    first = departures_of(late, plan, MONDAY).iloc[0]
    assert first["ship_date"] <= first["arrival_from"] < first["arrival_date"] < first["arrival_to"]


def test_a_vehicle_without_a_size_has_no_fill() -> None:
    """One carries all; nothing says how much more it could."""
    table = departures_of(three_lanes(), np.array([0, 0, 2]), MONDAY)
    assert table["vehicles"].tolist() == [1]
    assert table["vehicle_fill"].isna().all()


def test_departures_of_the_same_days_are_one_row() -> None:
    """Two lanes between the same places on the same days: their vehicles and units add up."""
    problem = three_lanes()
    same = replace(
        problem,
        lane_destination=np.array(["R1", "R2", "R2"], dtype=object),
    )
    table = departures_of(same, np.array([0, 1, 2]), MONDAY)
    assert table["units"].tolist() == [3]
    assert table["vehicles"].tolist() == [1]


def test_a_late_lane_is_told_by_the_days_that_nine_in_ten_arrivals_fall_on() -> None:
    """The span of its law, counted from the day on which it leaves."""
    problem = three_lanes()
    late = replace(problem.departures, sd_days=np.array([1.5, 0.0, 0.0]))
    told = departures_of(replace(problem, departures=late), np.array([2, 3, 0]), MONDAY).iloc[0]
    days = [(told[name] - MONDAY).days for name in ("arrival_from", "arrival_to")]
    assert days == [1 + first for first in arrival_span(3, 1.5)]
    share = arrival_chance(3, 1.5, np.array([days[0] - 2, days[1] - 1]))
    assert share[1] - share[0] == pytest.approx(0.9, abs=0.05)


def test_without_departures_there_is_no_table() -> None:
    """Tables that state nothing of them are told nothing."""
    plain = replace(three_lanes(), departures=Departures.none())
    assert departures_of(plain, np.array([1, 1, 1]), MONDAY) is None
