"""The price of safety, the worth of planning on paths, and the worth of knowing the path."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import foreship
from foreship.jobs.judging.frontier import Frontier
from foreship.jobs.judging.value_of_information import ValueOfInformation


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Frontier:
    """Trace the frontier of a small simulated workspace."""
    folder = tmp_path_factory.mktemp("tradeoff") / "shop"
    foreship.sample(folder, size="tiny")
    with (folder / "foreship.toml").open("a") as config:
        config.write("\n[forecast]\nrounds = 5\nscenarios = 20\nhorizon_weeks = 2\n")
    return foreship.frontier(foreship.open(folder))


@pytest.mark.sweep
def test_safety_costs_gain(traced: Frontier) -> None:
    """With a smaller budget neither the gain nor the CVaR rises, and the CVaR keeps it."""
    points = traced.points
    assert np.isnan(points["risk_budget"].iloc[0])
    limited = points.iloc[1:]
    assert (limited["cvar"] <= limited["risk_budget"] + 1e-6).all()
    for name in ("expected_gain", "cvar"):
        assert (np.diff(points[name]) <= 1e-2 * points[name].abs().max()).all()
    assert points["price_of_safety"].to_numpy() == pytest.approx(
        points["expected_gain"].iloc[0] - points["expected_gain"]
    )


@pytest.mark.sweep
def test_planning_on_paths_and_knowing_the_path_are_worth_something(traced: Frontier) -> None:
    """Neither value is below nought beyond the solver's gap, and both belong to the same plan."""
    known = traced.information
    noise = 1e-3 * abs(known.plan)
    assert known.plan == pytest.approx(traced.points["expected_gain"].iloc[0], abs=noise)
    assert known.stochastic_solution >= -noise
    assert known.perfect_information >= -noise
    assert known.paths == 10


@pytest.mark.sweep
def test_the_picture_fits_a_terminal(traced: Frontier) -> None:
    """No line is wider than 80 letters, and every plan of its own place has its star."""
    text = str(traced)
    assert max(map(len, text.splitlines())) <= 80
    assert 2 <= text.count("*") <= len(traced.points)


def test_a_single_point_can_be_drawn() -> None:
    """Plans that are all alike fall on one star."""
    row = {"risk_budget": np.nan, "cvar": 1.0, "expected_gain": 2.0, "units": 1, "lines": 1}
    points = pd.DataFrame([{**row, "price_of_safety": 0.0, "status": "ship"}] * 2)
    assert str(Frontier(points, 0.95, ValueOfInformation(2.0, 2.0, 1, 2.0, 2.0))).count("*") == 1
