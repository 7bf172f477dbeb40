"""The hand-off from the forecast to the program: unit for unit, or one mean path."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO, StringIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foreship.pipeline.handoff import demand_scenarios, mean_path
from foreship_forecast.counts.sample_paths import SamplePaths
from foreship_optimize.demand import DemandScenarios


def paths(units: list) -> SamplePaths:
    """Paths of one cell, shape (weeks, scenarios)."""
    weeks = np.datetime64("2026-11-16") + 7 * np.arange(len(units))
    one = np.array(["R"], dtype=object), np.array(["I"], dtype=object)
    return SamplePaths(*one, weeks, np.array([units]).astype(np.uint16))


def test_paths_become_scenarios_unit_for_unit():
    """Cells, Mondays and units are those of the paths."""
    given = paths([[1, 2, 0], [3, 0, 0]])
    demand = demand_scenarios(given)
    assert demand.units.tolist() == given.units.tolist()
    assert demand.weeks.tolist() == given.weeks.tolist() and demand.item.tolist() == ["I"]


@pytest.mark.parametrize(
    ("units", "mean"),
    [
        ([[1, 0], [1, 0], [1, 0], [1, 0]], [1, 0, 1, 0]),  # .5 a week: a unit every other one
        ([[1, 0, 0, 0]] * 6, [0, 1, 0, 0, 0, 1]),  # .25 a week: .5 is rounded up, 1.5 too
        ([[2, 3], [7, 8]], [3, 7]),  # 2.5 and 10 in all
        ([[0, 0], [0, 0]], [0, 0]),
    ],
)
def test_the_mean_path_adds_up_to_the_mean(units: list, mean: list[int]):
    """Rounded as it adds up, a slow mover keeps its units: they are off by half a unit at most."""
    path = mean_path(demand_scenarios(paths(units)))
    assert path.units[0, :, 0].tolist() == mean
    away = np.cumsum(path.units[0, :, 0]) - np.cumsum(np.mean(units, axis=1))
    assert np.abs(away).max() <= 0.5


def test_the_mean_path_is_rounded_as_it_adds_up() -> None:
    """Half a unit a week is one unit every other week, not none."""
    weeks = np.datetime64("2026-11-16") + 7 * np.arange(4)
    units = np.array([[[1, 0], [0, 1], [1, 0], [0, 1]]])
    region, item = np.array(["R"], dtype=object), np.array(["I"], dtype=object)
    demand = DemandScenarios(region, item, weeks.astype("datetime64[D]"), units)
    assert mean_path(demand).units[0, :, 0].tolist() == [1, 0, 1, 0]


def test_the_size_of_an_order_is_handed_on() -> None:
    """Paths that know of orders of 12: the demand knows it too, its mean as one path does not."""
    made = replace(paths([[12, 0], [0, 12]]), order_sizes=np.array([12.0]))
    demand = demand_scenarios(made)
    assert demand.order_sizes is not None and demand.order_sizes.tolist() == [12.0]
    assert mean_path(demand).order_sizes is None
    read = DemandScenarios.from_frame(made.to_frame(), pd.Timestamp(made.weeks[0]))
    assert read.order_sizes is not None and read.order_sizes.tolist() == [12.0]


def through_csv(frame: pd.DataFrame) -> pd.DataFrame:
    """Write and read a frame as text, its ids kept as they are."""
    text = frame.to_csv(index=False)
    ids = dict.fromkeys(("region", "item", "scenario"), str)
    return pd.read_csv(StringIO(text), dtype=ids, keep_default_na=False, parse_dates=["week"])


def through_parquet(frame: pd.DataFrame) -> pd.DataFrame:
    """Write and read a frame as Parquet."""
    return pd.read_parquet(BytesIO(frame.to_parquet()))


SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 13))
SPARSE = st.one_of(st.just(0), st.just(0), st.just(0), st.integers(0, 65_535))


@settings(max_examples=40)
@given(
    units=SHAPES.flatmap(lambda shape: arrays(np.uint16, shape, elements=SPARSE)),
    cut=st.integers(1, 4),
    seed=st.integers(0, 3),
)
def test_scenarios_survive_their_frame(units: np.ndarray, cut: int, seed: int) -> None:
    """Cells, weeks and scenarios without a single unit come back, and every unit where it was.

    In memory, through CSV and Parquet, written in pieces, its rows in any order.
    """
    cells = np.arange(len(units))
    region = np.array([f"R{each // 2}" for each in cells], dtype=object)
    item = np.array([f"I{each % 2}" for each in cells], dtype=object)
    weeks = np.datetime64("2026-11-16") + 7 * np.arange(units.shape[1])
    paths = SamplePaths(region, item, weeks, units)
    frame = paths.to_frame()
    pieces = [
        paths.part(slice(first, first + cut)).to_frame(begins=first == 0)
        for first in range(0, len(units), cut)
    ]
    pd.testing.assert_frame_equal(pd.concat(pieces, ignore_index=True), frame)
    mixed = frame.sample(frac=1.0, random_state=seed)
    plain = pd.DataFrame(mixed.to_dict("list"))
    as_of = pd.Timestamp("2026-11-16")
    for table in (frame, plain, through_csv(mixed), through_parquet(mixed)):
        demand = DemandScenarios.from_frame(table, as_of)
        assert np.array_equal(demand.units, units) and demand.notes == ()
        assert demand.region.tolist() == region.tolist() and demand.item.tolist() == item.tolist()
    again = SamplePaths.from_frames(
        pieces, frame[["region", "item"]], frame["week"], frame.attrs["scenarios"]
    )
    assert np.array_equal(again.units, units)


def test_rows_taken_out_of_a_frame_keep_all_scenarios() -> None:
    """One cell of two, sold on one path of four: a quarter of a unit is expected, not one."""
    cells = [np.array(each, dtype=object) for each in (["R", "R"], ["I", "J"])]
    weeks = np.array(["2026-11-16"], dtype="datetime64[D]")
    units = np.array([[[1, 2, 3, 4]], [[0, 0, 1, 0]]], dtype=np.uint16)
    frame = SamplePaths(*cells, weeks, units).to_frame()
    some = frame[frame["item"] == "J"]
    demand = DemandScenarios.from_frame(some, pd.Timestamp("2026-11-16"))
    assert demand.units.tolist() == [[[0, 0, 1, 0]]]
