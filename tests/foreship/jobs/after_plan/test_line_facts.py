"""Facts and exceptions of a plan, from a workspace to its run folder and back."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import foreship
from foreship.jobs.finished import view_of
from foreship.reading.explaining.explaining import explained
from foreship.runs import Run
from foreship_foundation.tables.output_files import EXCEPTIONS, FACTS, PROJECTED
from tests.foreship.good_workspace import AS_OF, ITEMS, REGIONS, good_frames, write_workspace
from tests.foreship.small_variants import SETTINGS

DAY = pd.Timedelta(days=1)
FILES = (FACTS.name, PROJECTED.name, EXCEPTIONS.name)


def own_demand() -> pd.DataFrame:
    """Return twenty scenarios of about two units a cell and week."""
    weeks = AS_OF + pd.to_timedelta(7 * np.arange(3), unit="D")
    rows = list(itertools.product(REGIONS, ITEMS, weeks, range(20)))
    frame = pd.DataFrame(rows, columns=["region", "item", "week", "scenario"])
    return frame.assign(units=np.random.default_rng(5).poisson(2.0, len(frame)))


def planned(folder: Path, later: int = 0) -> Run:
    """Plan with an overdue lot, and with so many orders dated on or after the Monday."""
    frames = good_frames()
    late = frames["inbound"].head(1).assign(arrival_date=AS_OF - 5 * DAY)
    frames["inbound"] = pd.concat([frames["inbound"], late], ignore_index=True)
    more = frames["orders"].head(later).assign(date=AS_OF + DAY)
    frames["orders"] = pd.concat([frames["orders"], more], ignore_index=True)
    write_workspace(folder, frames, "parquet", SETTINGS)
    return foreship.plan(foreship.open(folder, AS_OF), demand=own_demand())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Make the run that the tests read."""
    return planned(tmp_path_factory.mktemp("facts") / "shop")


@pytest.mark.sweep
def test_every_line_has_its_facts(run: Run) -> None:
    """A row a line in the contract's columns; sales are those of the orders, counted again."""
    facts = run.extra(FACTS.name)
    assert facts is not None
    assert tuple(facts.columns) == FACTS.names and len(facts) == len(run.plan) > 0
    orders = good_frames()["orders"]
    recent = orders[(orders["date"] >= AS_OF - 28 * DAY) & (orders["date"] < AS_OF)]
    for line, sold in zip(run.plan.to_dict("records"), facts["sold_4_weeks"], strict=True):
        ours = line["destination"] if line["action"] in ("ship", "redirect") else line["origin"]
        mine = (recent["region"] == ours) & (recent["item"] == line["item"])
        assert sold == recent.loc[mine, "quantity"].sum()
    assert facts["sold_4_weeks_last_year"].isna().all(), "thirty weeks hold no last year"


@pytest.mark.sweep
def test_later_orders_change_no_fact(run: Run, tmp_path: Path) -> None:
    """Orders dated on or after the plan's Monday are not known: same bytes."""
    other = planned(tmp_path / "shop", later=25)
    for name in FILES:
        assert (run.path / name).read_bytes() == (other.path / name).read_bytes(), name


@pytest.mark.sweep
def test_an_overdue_lot_is_listed_and_told(run: Run) -> None:
    """It stands in the list, on the page, and in the explanation of its item."""
    found = run.extra(EXCEPTIONS.name)
    assert found is not None
    late = found[found["kind"] == "late_supply"]
    assert late["item"].tolist() == [good_frames()["inbound"]["item"].iloc[0]]
    words = late["words"].iloc[0]
    assert words in (run.path / "report.html").read_text("utf-8")
    said = explained(view_of(run), item=late["item"].iloc[0])
    assert words in said.to_dict()["further"]
