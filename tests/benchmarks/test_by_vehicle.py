"""Planners who pay whole vehicles and plan by the unit: what they fill up, and what they leave."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from benchmarks.money import by_vehicle
from benchmarks.money.by_vehicle import at_full_vehicles, plan_then_fill, plan_then_round
from tests.foreship.small_world import date, frame, lane, world

TRUCK = {"vehicle_cost": 8.0, "vehicle_capacity": 6.0}
COLUMNS = "action origin destination item quantity ship_date expected_gain cost"


def known_of(monkeypatch, lines: list[tuple], units: list[tuple], **lanes: object):
    """Return what is known on a Monday on which the program answers with these lines and units."""
    row = lane("H1", "R1", 1.0, 2, **{**TRUCK, **lanes})
    answer = SimpleNamespace(
        lines=frame(COLUMNS, lines),
        units=frame("region item unit planned expected_gain", units),
    )
    monkeypatch.setattr(by_vehicle, "plan_stage", lambda *_, **__: answer)
    monkeypatch.setattr(by_vehicle, "drawn_demand", lambda paths: paths)
    paths = SimpleNamespace(whole=lambda: None)
    return SimpleNamespace(
        tables=world(lanes=pd.DataFrame([row])),
        as_of=date(0),
        config=None,
        forecast=lambda: SimpleNamespace(paths=paths, obsolescence=0.0),
    )


def sent(lines: pd.DataFrame) -> list[tuple]:
    """Return item and units of each line."""
    return list(zip(lines["item"], lines["quantity"].tolist(), strict=True))


def test_a_unit_pays_its_part_of_a_full_vehicle() -> None:
    """Mean items take 2 and weigh 1.5: 2 of 6 at 8 are 2.67 a unit, 1.5 of 3 kg by the kg 2.67."""
    items = world()["items"]
    plain = pd.DataFrame([lane("H1", "R1", 1.0, 2)])
    by_volume = at_full_vehicles(plain.assign(**TRUCK, vehicle_kg=30.0), items)
    assert by_volume["cost_per_unit"].tolist() == [1.0 + 8.0 * 2 / 6]
    by_kg = at_full_vehicles(plain.assign(vehicle_cost=8.0, vehicle_kg=3.0), items)
    assert by_kg["cost_per_kg"].tolist() == pytest.approx([8.0 / 3.0])
    assert "vehicle_cost" not in by_kg and "vehicle_capacity" not in by_volume
    for free in (plain, plain.assign(vehicle_cost=8.0)):
        assert at_full_vehicles(free, items)["cost_per_unit"].tolist() == [1.0]


def test_a_paid_vehicle_is_filled_with_the_next_units(monkeypatch) -> None:
    """Two kettles leave 4 of 6: a lamp of 3 and a kettle that lose less than their part fit."""
    lines = [("ship", "H1", "R1", "K", 2, date(0), 4.0, 5.0)]
    units = [("R1", "K", 3, 0, -1.0), ("R1", "L", 1, 0, -0.5), ("R2", "L", 1, 0, 5.0)]
    found = plan_then_fill(known_of(monkeypatch, lines, units))
    assert sent(found) == [("K", 2), ("L", 1), ("K", 1)]
    assert "cost" not in found and set(found["ship_date"]) == {date(0)}


def test_what_loses_more_than_its_part_or_does_not_fit_stays(monkeypatch) -> None:
    """A lamp's part is 4, a kettle's 1.33; two lamps do not fit; the hub must have the unit."""
    lines = [("ship", "H1", "R1", "K", 8, date(0), 4.0, 5.0)]
    units = [("R1", "K", 9, 0, -0.1), ("R1", "L", 1, 0, -4.1)]
    assert sent(plan_then_fill(known_of(monkeypatch, lines, units))) == [("K", 8)]
    lines = [("ship", "H1", "R1", "L", 1, date(0), 4.0, 5.0)]
    units = [("R1", "L", 2, 0, 1.0), ("R1", "K", 1, 0, -1.4)]
    found = plan_then_fill(known_of(monkeypatch, lines, units, vehicle_capacity=5.0))
    assert sent(found) == [("L", 1), ("K", 1)]


@pytest.mark.parametrize(
    ("kettles", "lamps", "kept"),
    [
        (6, 0, [("K", 6)]),
        (8, 0, [("K", 6)]),
        (2, 0, []),
        (3, 0, [("K", 3)]),
        (4, 1, [("K", 3), ("L", 1)]),
        (6, 1, [("K", 6), ("L", 1)]),
    ],
)
def test_a_last_vehicle_less_than_half_full_does_not_go(monkeypatch, kettles, lamps, kept) -> None:
    """Of 8 kettles two fill a third of the second vehicle; the least gainful units stay first."""
    lines = [("ship", "H1", "R1", "K", kettles, date(0), 1.0 * kettles, 5.0)]
    lines += [("ship", "H1", "R1", "L", lamps, date(0), 9.0 * lamps, 5.0)] * bool(lamps)
    assert sent(plan_then_round(known_of(monkeypatch, lines, []))) == kept


def test_lanes_without_vehicles_are_left_alone(monkeypatch) -> None:
    """Nothing is paid by the vehicle: the plan goes as it is."""
    lines = [("ship", "H1", "R1", "K", 1, date(0), 4.0, 5.0)]
    units = [("R1", "K", 2, 0, 0.5)]
    for policy in (plan_then_fill, plan_then_round):
        known = known_of(monkeypatch, lines, units, vehicle_cost=np.nan)
        assert sent(policy(known)) == [("K", 1)]
