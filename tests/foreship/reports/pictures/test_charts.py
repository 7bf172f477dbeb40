"""Charts for a notebook: the numbers of the plan, as pictures that stand alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.replay.standings import Backtest
from foreship.reports.pictures.charts import (
    Picture,
    chance_bins,
    draw_backtest,
    draw_curves,
    draw_frontier,
    draw_plan,
)
from foreship.runs import Run, write_run
from foreship_foundation.tables.input_tables import Table
from foreship_foundation.tables.output_files import FORECAST, PLAN
from foreship_foundation.tables.output_files import UNITS as UNIT_LEDGER

LINES = pd.DataFrame(
    {
        "action": ["ship", "ship", "ship", "return"],
        "origin": ["H1", "H1", "H2", "NA"],
        "destination": ["NA", "NA", "R1", "H1"],
        "quantity": [2, 3, 4, 9],
    }
)
WEEK = pd.Timestamp("2026-11-16")
UNITS = pd.DataFrame({"p": [0.0, 0.04, 0.05, 0.97, 1.0], "planned": [0, 1, 1, 1, 1]})


def filled(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give a frame all columns of its table, with anything that is of their kind."""
    of_kind = {"id": "I1", "text": "", "date": WEEK, "week": WEEK, "units": 1}
    return pd.DataFrame(
        {
            each.name: frame[each.name] if each.name in frame else of_kind.get(each.kind, 0.5)
            for each in table.columns
        },
        index=frame.index,
    )


def run_of(folder: Path, **frames: pd.DataFrame) -> Run:
    """Write a run of some frames; columns that no picture looks at are filled in."""
    told = {"plan": PLAN, "units": UNIT_LEDGER, "forecast": FORECAST}
    whole = {name: filled(frame, told[name]) for name, frame in frames.items()}
    writers = {f"{name}.parquet": frame.to_parquet for name, frame in whole.items()}
    return write_run(folder, "2026-11-16", "a" * 10, writers, {"notes": []})


def replay(policies: list[str]) -> Backtest:
    """Return two weeks in which the n-th policy earns n, then 10 n."""
    rows = [
        {"policy": name, "week": pd.Timestamp(week), "profit": float(money * number)}
        for number, name in enumerate(policies)
        for week, money in (("2026-11-02", 1), ("2026-11-09", 10))
    ]
    return Backtest(pd.DataFrame(), pd.DataFrame(rows), pd.DataFrame(), ())


def said(chart: Picture) -> list[str]:
    """Return what the pointer is told, which is every number drawn; the picture is sound XML."""
    root = ElementTree.fromstring(chart.svg)
    return [each.text for each in root.iter("{http://www.w3.org/2000/svg}title")]


def places(chart: Picture) -> np.ndarray:
    """Return where the points of a picture lie, (n, 2)."""
    return np.array(re.findall(r'cx="([-.\d]+)" cy="([-.\d]+)"', chart.svg), dtype=float)


def test_units_are_counted_by_their_chance() -> None:
    """Bins of .05, the last one closed: by hand."""
    found = chance_bins(UNITS).sort_values(["chance", "unit"], ignore_index=True)
    assert found["chance"].tolist() == [0.0, 0.0, 0.05, 0.95]
    assert found["unit"].tolist() == ["not planned", "planned", "planned", "planned"]
    assert found["units"].tolist() == [1, 1, 1, 2]
    assert np.allclose(found["upto"] - found["chance"], 0.05)


def test_a_plan_is_drawn_with_its_numbers(tmp_path: Path) -> None:
    """Units by hub and region, added up; what comes back is not shipped ahead; it saves as SVG."""
    chart = run_of(tmp_path, plan=LINES, units=UNITS).chart()
    told = said(chart)
    assert told[:2] == ["NA, H1: 5", "R1, H2: 4"]
    assert told[2:] == [
        "0.00 to 0.05, not planned: 1", "0.00 to 0.05, planned: 1",
        "0.05 to 0.10, planned: 1", "0.95 to 1.00, planned: 2",
    ]  # fmt: skip
    chart.save(tmp_path / "plan.svg")
    assert (tmp_path / "plan.svg").read_text("utf-8") == chart._repr_html_()
    with pytest.raises(UsageError, match=r"saved as \.svg"):
        chart.save(tmp_path / "plan.png")


def test_bars_are_as_long_as_their_numbers() -> None:
    """The widest bar is the largest number, the others in proportion."""
    svg = draw_plan(LINES, UNITS).svg
    first, second = (
        float(re.search(rf'width="([.\d]+)"[^>]*><title>{words}', svg)[1])
        for words in ("NA, H1: 5", "R1, H2: 4")
    )
    assert second == pytest.approx(0.8 * first, abs=0.1)


def test_many_regions_are_drawn_as_the_largest_and_the_rest() -> None:
    """Of 30 regions that get 1 .. 30 units eleven are named, and the others add up to 190."""
    count = np.arange(1, 31)
    lines = pd.DataFrame({"action": "ship", "origin": "H1", "quantity": count,
                          "destination": [f"R{each}" for each in count]})  # fmt: skip
    told = [each for each in said(draw_plan(lines, UNITS)) if ", H1: " in each]
    assert told == [*(f"R{each}, H1: {each}" for each in range(30, 19, -1)), "19 others, H1: 190"]


def test_names_cannot_bring_markup_along() -> None:
    """A region's name is text, whatever stands in it."""
    lines = LINES.assign(destination="<script>alert(1)</script>")
    assert "<script" not in draw_plan(lines, UNITS).svg


def test_a_forecast_alone_is_drawn_by_region(tmp_path: Path) -> None:
    """Where there is no plan: the means of a region's items, added up."""
    week = pd.Timestamp("2026-11-16")
    frame = pd.DataFrame({"region": ["NA", "NA", "R1"], "week": week, "mean": [1.5, 2.0, 4.0]})
    told = said(run_of(tmp_path, forecast=frame).chart())
    assert told == ["R1, 2026-11-16: 4.00", "NA, 2026-11-16: 3.50"]


@pytest.mark.parametrize("first", ["reactive", "seasonal"])
def test_a_replay_is_drawn_over_reactive(first: str) -> None:
    """Money added up over the weeks, beyond reactive where it was replayed."""
    told = said(replay([first, "foreship", "oracle"]).chart())
    last = dict(each.split(", 2026-11-09: ") for each in told if "11-09" in each)
    assert last == {first: "0.00", "foreship": "11.00", "oracle": "22.00"}


def test_points_lie_where_their_numbers_say() -> None:
    """The later week lies to the right of the earlier one, more money above less."""
    at = places(draw_backtest(replay(["reactive", "foreship", "oracle"]).weekly))
    (early, late), heights = at[4:, 0], at[:, 1]
    assert early < late
    assert heights[1] > heights[3] > heights[5]
    assert heights[1] - heights[3] == pytest.approx(heights[3] - heights[5], abs=0.1)


def test_a_frontier_is_drawn_from_safe_to_risky() -> None:
    """In order of CVaR, whatever the order of the rows."""
    points = pd.DataFrame({"cvar": [9.0, 0.0, 4.0], "expected_gain": [30.0, 0.0, 20.0]})
    chart = draw_frontier(points)
    assert said(chart)[-1] == "CVaR 9.00: expected gain 30.00"
    assert (np.diff(places(chart)[:, 0]) > 0).all()


def test_nothing_to_ship_is_drawn_all_the_same() -> None:
    """No line and no unit: two empty frames."""
    assert said(draw_plan(LINES.head(0), UNITS.head(0))) == []


def test_a_table_of_ones_own_is_a_curve_a_column() -> None:
    """Over the numbers of its index, without the points that are blank; names are shown."""
    table = pd.DataFrame(
        {"North": [0.9, 0.4, np.nan], "<South>": [0.5, 0.2, 0.1]},
        index=pd.Index([1, 2, 3], name="k"),
    )
    svg = draw_curves(table, "Chance of the k-th unit", "chance").svg
    assert re.findall(r"<title>(.*?)</title>", svg) == [
        "North, 1: 0.9",
        "North, 2: 0.4",
        "&lt;South&gt;, 1: 0.5",
        "&lt;South&gt;, 2: 0.2",
        "&lt;South&gt;, 3: 0.1",
    ]
    assert all(f">{each}</text>" in svg for each in ("Chance of the k-th unit", "chance", "k"))


def test_a_table_without_numbers_in_its_index_is_refused() -> None:
    """The label that is none is named."""
    with pytest.raises(UsageError, match="'second'"):
        draw_curves(pd.DataFrame({"p": [0.1, 0.2]}, index=[1, "second"]), "Chances")


@pytest.mark.parametrize("table", [pd.DataFrame({"p": [0.1, "much"]}), pd.Series([0.1, 0.2])])
def test_what_is_no_table_of_numbers_is_refused(table: Any) -> None:
    """The value that is none is named, or that it is no table."""
    with pytest.raises(UsageError, match=r"column p holds 'much'|a Series is no table"):
        draw_curves(table, "Chances")
