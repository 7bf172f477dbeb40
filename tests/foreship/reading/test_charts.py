"""Charts for a notebook: the numbers of the plan, and a clear word where the extra is missing."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.reading.charts import chance_bins
from foreship.replay.standings import Backtest
from foreship.runs import Run, write_run

drawn = pytest.mark.skipif(find_spec("altair") is None, reason="the extra `report` is missing")
LINES = pd.DataFrame(
    {
        "action": ["ship", "ship", "ship", "return"],
        "origin": ["H1", "H1", "H2", "NA"],
        "destination": ["NA", "NA", "R1", "H1"],
        "quantity": [2, 3, 4, 9],
    }
)
UNITS = pd.DataFrame({"p": [0.0, 0.04, 0.05, 0.97, 1.0], "planned": [0, 1, 1, 1, 1]})


def run_of(folder: Path, **frames: pd.DataFrame) -> Run:
    """Write a run of some frames."""
    writers = {f"{name}.parquet": frame.to_parquet for name, frame in frames.items()}
    return write_run(folder, "2026-11-16", "a" * 10, writers, {"notes": []})


def replay(policies: list[str]) -> Backtest:
    """Return two weeks in which the n-th policy earns n, then 10 n."""
    rows = [
        {"policy": name, "week": pd.Timestamp(week), "profit": float(money * number)}
        for number, name in enumerate(policies)
        for week, money in (("2026-11-02", 1), ("2026-11-09", 10))
    ]
    return Backtest(pd.DataFrame(), pd.DataFrame(rows), pd.DataFrame(), ())


def numbers(chart: object) -> list[list[dict]]:
    """Return the data of a chart, as a browser would get them."""
    found = json.loads(chart.to_json())
    return list(found["datasets"].values())


def test_units_are_counted_by_their_chance() -> None:
    """Bins of .05, the last one closed: by hand."""
    found = chance_bins(UNITS).sort_values(["chance", "unit"], ignore_index=True)
    assert found["chance"].tolist() == [0.0, 0.0, 0.05, 0.95]
    assert found["unit"].tolist() == ["not planned", "planned", "planned", "planned"]
    assert found["units"].tolist() == [1, 1, 1, 2]
    assert np.allclose(found["upto"] - found["chance"], 0.05)


@pytest.mark.parametrize("kind", ["plan", "forecast", "replay"])
def test_without_the_extra_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Whether it is installed here or not."""
    monkeypatch.setitem(sys.modules, "altair", None)
    one = pd.DataFrame({"region": ["NA"], "week": [pd.Timestamp("2026-11-16")], "mean": [1.0]})
    what = {
        "plan": lambda: run_of(tmp_path, plan=LINES, units=UNITS),
        "forecast": lambda: run_of(tmp_path, forecast=one),
        "replay": lambda: SimpleNamespace(chart=replay(["reactive"]).chart),
    }[kind]()
    with pytest.raises(UsageError, match=r'pip install "foreship\[report\]"'):
        what.chart()


@drawn
def test_a_plan_is_drawn_with_its_numbers(tmp_path: Path) -> None:
    """Units by hub and region, added up; what comes back is not shipped ahead; it saves as SVG."""
    chart = run_of(tmp_path, plan=LINES, units=UNITS).chart()
    sent = next(rows for rows in numbers(chart) if "destination" in rows[0])
    assert {(row["origin"], row["destination"]): row["quantity"] for row in sent} == {
        ("H1", "NA"): 5,
        ("H2", "R1"): 4,
    }
    chart.save(tmp_path / "plan.svg")
    assert "<svg" in (tmp_path / "plan.svg").read_text()


@drawn
def test_a_forecast_alone_is_drawn_by_region(tmp_path: Path) -> None:
    """Where there is no plan: the means of a region's items, added up."""
    week = pd.Timestamp("2026-11-16")
    frame = pd.DataFrame({"region": ["NA", "NA", "R1"], "week": week, "mean": [1.5, 2.0, 4.0]})
    (rows,) = numbers(run_of(tmp_path, forecast=frame).chart())
    assert {row["region"]: row["mean"] for row in rows} == {"NA": 3.5, "R1": 4.0}


@drawn
@pytest.mark.parametrize("first", ["reactive", "seasonal"])
def test_a_replay_is_drawn_over_reactive(first: str) -> None:
    """Money added up over the weeks, beyond reactive where it was replayed."""
    (rows,) = numbers(replay([first, "foreship", "oracle"]).chart())
    last = {row["policy"]: row["money"] for row in rows if row["week"].startswith("2026-11-09")}
    assert last == {first: 0.0, "foreship": 11.0, "oracle": 22.0}
