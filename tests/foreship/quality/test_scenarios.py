"""Scenario ids that can hardly be meant."""

from __future__ import annotations

import itertools
from pathlib import Path

import pandas as pd

from foreship.ingest.tables import read_table
from foreship.quality.scenarios import scenarios_recur
from foreship_foundation.tables.output_files import DEMAND


def said_of(frame: pd.DataFrame, folder: Path) -> list[str]:
    """Return the warnings about a demand table."""
    frame.to_csv(folder / "demand.csv", index=False)
    return [str(each) for each in scenarios_recur(read_table(DEMAND, folder / "demand.csv"))]


def demand(scenarios: int, items: int) -> pd.DataFrame:
    """Return two units of every item in one region and week, in every scenario."""
    pairs = itertools.product([f"I{n}" for n in range(items)], [f"s{n}" for n in range(scenarios)])
    frame = pd.DataFrame(list(pairs), columns=["item", "scenario"])
    return frame.assign(region="R0", week="2026-05-04", units=2)


def test_a_number_for_each_row_is_doubted(tmp_path: Path) -> None:
    """Every row would be an outcome of its own, in which all else is 0."""
    rows = demand(10, 8)
    (said,) = said_of(rows.assign(scenario=range(len(rows))), tmp_path)
    assert "that occur once, of 80 ids in 8 cells and weeks in 80 rows" in said


def test_a_slip_in_an_id_is_doubted_with_its_row(tmp_path: Path) -> None:
    """One id written otherwise would become an outcome of its own."""
    rows = demand(10, 8)
    rows.loc[3, "scenario"] = "S3"
    (said,) = said_of(rows, tmp_path)
    assert "in 1 row, line 5 (value 'S3')" in said


def test_whole_outcomes_are_not_doubted(tmp_path: Path) -> None:
    """Each id in every cell; one cell alone, in which each occurs once."""
    assert said_of(demand(10, 8), tmp_path) == []
    assert said_of(demand(200, 1), tmp_path) == []
