"""A review of a plan that was made and written, from its run and the tables of today."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import foreship
from foreship.errors import UsageError
from foreship.jobs.deciding.approving import approve_job
from foreship.jobs.judging.reviewing import READ, review_job
from foreship.reviews.week import Reviewed, asked_rows, exit_days, promise_of, review_of
from foreship.runs import load_run
from tests.foreship.good_workspace import AS_OF, ITEMS, REGIONS, good_frames, write_workspace
from tests.foreship.planned_shop import edits_file
from tests.foreship.small_variants import SETTINGS, UNPRICED

WEEK = pd.Timedelta(weeks=1)
BEFORE = AS_OF - WEEK


def own_demand(monday: pd.Timestamp) -> pd.DataFrame:
    """Return twenty scenarios of about two units a cell and week."""
    weeks = monday + pd.to_timedelta(7 * np.arange(4), unit="D")
    rows = list(itertools.product(REGIONS, ITEMS, weeks, range(20)))
    frame = pd.DataFrame(rows, columns=["region", "item", "week", "scenario"])
    return frame.assign(units=np.random.default_rng(5).poisson(2.0, len(frame)))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> foreship.Workspace:
    """Open a workspace with a plan of last Monday."""
    folder = tmp_path_factory.mktemp("reviewed") / "shop"
    workspace = foreship.open(write_workspace(folder, good_frames(), "parquet", UNPRICED), AS_OF)
    foreship.plan(workspace, BEFORE, demand=own_demand(BEFORE))
    return workspace


@pytest.fixture(scope="module")
def run(shop: foreship.Workspace) -> foreship.Run:
    """Open that plan as a review does."""
    (folder,) = (shop.path / "runs").glob(f"{BEFORE.date()}-*")
    return load_run(folder, READ)


@pytest.mark.sweep
def test_a_review_sums(shop: foreship.Workspace, run: foreship.Run) -> None:
    """Money by place to the whole plan's, units of each line to what was sent."""
    found = review_job(shop)
    assert found.run == run.path.name
    assert found.stage == "draft"
    assert found.promised == promise_of(run.summary)
    assert math.fsum(found.money["promised"]) == pytest.approx(found.promised, abs=1e-9)
    assert math.fsum(found.money["came"]) == found.came
    lines = found.lines
    assert len(lines) > 3
    into = lines[lines["action"].isin(("ship", "redirect"))]
    assert (into["received"] == into["sold"] + into["moved_on"] + into["lying"]).all()
    assert (into["sent"] == into["received"] + into["under_way"] + into["missing"]).all()
    assert into["sold"].sum() > 0
    assert found.findings[0].replace("\u2212", "-") in found.text
    assert found.ledger["served_locally"] >= into["sold"].sum()


def test_a_review_says_what_receipts_say(shop: foreship.Workspace, run: foreship.Run) -> None:
    """One unit of one line came: the rest of what was due is missing."""
    line = run.plan[run.plan["action"] == "ship"].iloc[0]
    receipt = pd.DataFrame(
        {"date": [line["arrival_date"]], "location": [line["destination"]], "item": [line["item"]],
         "quantity": [1], "run": [run.path.name]}
    )  # fmt: skip
    found = review_of(run, {**shop.tables, "receipts": receipt}, AS_OF)
    assert found.lines["received"].sum() == 1
    due = run.plan[(run.plan["destination"] != "") & (run.plan["arrival_date"] < AS_OF)]
    assert found.lines["missing"].sum() == due["quantity"].sum() - 1
    assert found.late["came"].isna().any()
    assert found.came < review_job(shop).came
    assert not any("No receipt" in note for note in found.text.splitlines())


def test_units_whose_exit_day_has_come_are_due(shop: foreship.Workspace, run: foreship.Run) -> None:
    """What lies of a plan on the Monday after its windows, and on no other."""
    days = exit_days(run).dropna().unique()
    for monday in (days.min() - WEEK, days.min()):
        found = review_of(run, shop.tables, pd.Timestamp(monday))
        assert found.due.empty == (monday != days.min())
    assert (found.due["run"] == run.path.name).all()
    lying = found.lines.set_index("line")["lying"]
    assert (found.due["units"].to_numpy() == lying[found.due["line"]].to_numpy()).all()


def test_the_same_figures_whatever_the_order_of_rows(
    shop: foreship.Workspace, run: foreship.Run
) -> None:
    """Orders, returns and receipts shuffled."""
    mixed = {
        name: shop.tables[name].sample(frac=1.0, random_state=3)
        for name in ("orders", "returns", "receipts")
    }
    one, other = (review_of(run, {**shop.tables, **more}, AS_OF) for more in ({}, mixed))
    assert one.to_dict() == other.to_dict()


def test_rows_asked_for_are_those_that_held(shop: foreship.Workspace, run: foreship.Run) -> None:
    """By their table and number, with who asked; an expired one asked for nothing."""
    found = asked_rows(Reviewed.of(run, shop.tables, AS_OF))
    assert set(found["table"]) <= {"policies", "adjustments", "overrides"}
    assert found["row"].is_unique
    assert (found["words"] != "").all()


def test_orders_left_out_of_the_history_are_not_asked_for(
    shop: foreship.Workspace, run: foreship.Run
) -> None:
    """Such an override is the forecast's: a review neither lists it nor misses its score."""
    played = Reviewed.of(run, shop.tables, AS_OF)
    rows = {"kind": ["leave_out", "forbid"], "value": 0, "region": "", "item": ITEMS[0],
            "origin": "", "reason": "a flood", "author": "", "expires": pd.NaT}  # fmt: skip
    tables = {**played.tables, "overrides": pd.DataFrame(rows)}
    found = asked_rows(replace(played, tables=tables))
    assert found.loc[found["table"] == "overrides", "row"].tolist() == ["overrides 2"]


def test_what_cannot_be_reviewed_says_why(shop: foreship.Workspace, run: foreship.Run) -> None:
    """A plan of this Monday, a workspace without one, an item that stock knows no more."""
    with pytest.raises(UsageError, match="nothing is known yet"):
        review_job(shop.at(BEFORE), run.path.name)
    with pytest.raises(UsageError, match="no plan of a week before"):
        review_job(shop.at(BEFORE))


@pytest.mark.sweep
def test_edits_of_an_approved_plan_are_scored(tmp_path: Path) -> None:
    """They are overrides of the approved run, each with a plan without it and its author."""
    frames = good_frames()
    for name in ("overrides", "policies", "adjustments"):
        frames[name] = frames[name][:0]
    folder = write_workspace(tmp_path / "shop", frames, "parquet", SETTINGS)
    shop = foreship.open(folder, AS_OF)
    base = foreship.plan(shop, BEFORE, demand=own_demand(BEFORE))
    edits = edits_file(tmp_path, [(0, "drop", "", "no room")])
    made = approve_job(base, by="Cleo", edits=edits, demand=own_demand(BEFORE))
    scores = review_job(shop).scores
    assert scores["author"].tolist() == ["Cleo"] and scores["reason"].tolist() == ["no room"]
    assert scores["table"].tolist() == ["overrides"] and scores["how"].tolist() == ["scored"]
    assert np.isfinite(scores["score"]).all()
    without = made.run.extra("without.parquet")
    assert without is not None and set(without["row"]) == set(scores["row"])
