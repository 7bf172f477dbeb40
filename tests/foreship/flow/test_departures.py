"""Vehicles from the tables to what a planner reads: files, words, page and comparison agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import foreship
from foreship.jobs.finished import view_of
from foreship.reading.words.departures import departures_of
from foreship.reports.plan_page import render
from tests.foreship.good_workspace import AS_OF, good_frames, write_workspace
from tests.foreship.small_variants import SETTINGS

BY_VEHICLE = {
    "cost_per_unit": 0.1,
    "vehicle_cost": 9.0,
    "vehicle_capacity": 20.0,
    "vehicle_kg": np.nan,
    "line_cost": 0.05,
    "departs": "Mon, Thu",
}


def own_demand() -> pd.DataFrame:
    """Return twenty scenarios of about two units a week in every cell but one that is forbidden."""
    weeks = AS_OF + pd.to_timedelta(7 * np.arange(4), unit="D")
    cells = good_frames()["assortment"].merge(pd.DataFrame({"week": weeks}), how="cross")
    frame = cells.merge(pd.DataFrame({"scenario": range(20)}), how="cross")
    return frame.assign(units=np.random.default_rng(5).poisson(2.0, len(frame)))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[foreship.Run, foreship.Run]:
    """Plan by the unit, and with ships of H1 paid by the vehicle."""
    frames, folder = good_frames(), tmp_path_factory.mktemp("vehicles")
    lanes = frames["lanes"]
    of_hub = (lanes["origin"] == "H1").to_numpy()
    changed = lanes.assign(
        **{name: lanes[name].where(~of_hub, value) for name, value in BY_VEHICLE.items()}
    )
    found = []
    for name, each in (("unit", lanes), ("vehicle", changed)):
        shop = write_workspace(folder / name, frames | {"lanes": each}, "parquet", SETTINGS)
        found.append(foreship.plan(foreship.open(shop, AS_OF), demand=own_demand()))
    return found[0], found[1]


@pytest.mark.sweep
def test_vehicles_and_lines_are_paid_to_the_cent(runs: tuple[foreship.Run, ...]) -> None:
    """What lines cost is their units, the vehicles of their departures and a line cost each."""
    run = runs[1]
    departures = run.departures
    assert departures is not None and run.summary["status"] == "ship"
    ships = run.plan[(run.plan["action"] == "ship") & (run.plan["origin"] == "H1")]
    own = departures[departures["origin"] == "H1"]
    paid = own["vehicle_cost"].sum() + own["line_cost"].sum() + 0.1 * ships["quantity"].sum()
    assert ships["cost"].sum() == pytest.approx(paid)
    assert (own["vehicle_cost"] == 9.0 * own["vehicles"]).all()
    assert (own["vehicles"] == np.ceil(own["volume"] / 20.0)).all() and own["vehicles"].sum() > 0
    assert set(run.plan["ship_date"].dt.day_of_week) <= {0, 3}


@pytest.mark.sweep
def test_every_ship_is_told_with_its_departure(runs: tuple[foreship.Run, ...]) -> None:
    """Each line of the plan finds the row of its departure, also when files are read again."""
    view = view_of(runs[1])
    ships = view.lines[view.lines["action"] == "ship"]
    told = departures_of(view, ships)
    keys = ["origin", "destination", "ship_date", "arrival_date"]
    assert len(told) == len(ships[keys].drop_duplicates())
    assert told["units"].sum() == ships["quantity"].sum()
    line = ships[ships["origin"] == "H1"].iloc[0]
    words = " ".join(foreship.explain(runs[1], line["item"], line["destination"]).text.split())
    assert "from H1" in words and "vehicle" in words and "for handling lines" in words
    assert "<h2>Departures</h2>" in render(view)


@pytest.mark.sweep
def test_vehicles_stand_in_the_comparison(runs: tuple[foreship.Run, ...]) -> None:
    """From none of H1's to those that the second plan pays."""
    found = foreship.diff(*runs).departures
    assert found is not None and runs[1].departures is not None
    of_hub = found[found["origin"] == "H1"]
    assert of_hub["vehicles_before"].sum() == 0
    own = runs[1].departures.query("origin == 'H1'")
    assert of_hub["vehicles_after"].sum() == own["vehicles"].sum()
