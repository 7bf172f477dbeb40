"""A release is written once, in the form a warehouse takes, and only of what may leave."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from foreship.approval.life import Stage, life_of, plan_of_the_week
from foreship.errors import Held, Tampered, UsageError
from foreship.files import sha256
from foreship.jobs.deciding.approving import approve_job
from foreship.jobs.deciding.releasing import PICKING, WAREHOUSE, release_job
from foreship.runs import load_run
from tests.foreship.planned_shop import AS_OF, frames_of_shop, planned_shop
from tests.foreship.written_runs import sign

NAME = str(AS_OF.date())


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop that packs in pairs, with its plan, for others to copy."""
    folder = tmp_path_factory.mktemp("planned") / "shop"
    items = frames_of_shop()["items"].assign(pack_size=[1, 2, 2], item=["a", "b", "c"])
    planned_shop(folder, items=items)
    return folder


@pytest.fixture
def run(planned: Path, tmp_path: Path) -> Path:
    """Return the run in a copy of it."""
    shop = Path(shutil.copytree(planned, tmp_path / "shop"))
    return next((shop / "runs").iterdir())


def held(run: Path) -> Path:
    """Return the run as one whose plan waits for an approval."""
    summary = json.loads((run / "summary.json").read_text())
    summary |= {"status": "hold", "held_by": [{"gate": "money", "words": "It costs much."}]}
    text = json.dumps(summary)
    (run / "summary.json").write_text(text)
    manifest = json.loads((run / "manifest.json").read_text())
    entry = {"bytes": len(text), "sha256": sha256(run / "summary.json")}
    manifest["files"]["summary.json"] = entry
    (run / "manifest.json").write_text(json.dumps(manifest))
    return run


def test_what_goes_out_is_the_plan_in_whole_numbers(run: Path) -> None:
    """Ids as text, cases and units, ISO days; no money, no decimals, one line end."""
    found = release_job(load_run(run), by=" Bob ")
    text = (found.path / "plan.csv").read_bytes().decode("utf-8")
    told = pd.read_csv(found.path / "plan.csv", dtype=str, keep_default_na=False)
    plan = load_run(run).plan
    assert list(told.columns) == list(WAREHOUSE) and "\r" not in text and "." not in text
    assert told["quantity"].astype(int).tolist() == plan["quantity"].tolist()
    assert told["ship_date"].tolist() == [str(day.date()) for day in plan["ship_date"]]
    whole = told[["cases", "pack_size", "quantity"]].astype(int)
    paired = told["item"].isin(["b", "c"])
    assert (whole["cases"] * 2 == whole["quantity"])[paired].all()
    assert (whole["cases"] == 0)[~paired].all()
    picking = pd.read_csv(found.path / "picking.csv")
    assert list(picking.columns) == list(PICKING)
    assert picking["quantity"].sum() == plan["quantity"].sum()
    assert (found.path / "inbound.csv").read_bytes() == (run / "inbound.csv").read_bytes()
    assert found.paper["by"] == "Bob" and found.paper["units"] == plan["quantity"].sum()
    assert found.paper["files"]["plan.csv"] == sha256(found.path / "plan.csv")


def test_spreadsheets_of_other_countries_are_served(run: Path) -> None:
    """A byte order mark, commas in numbers, semicolons between columns."""
    found = release_job(load_run(run), by="Bob", bom=True, decimal=",")
    data = (found.path / "picking.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b";" in data and b"8,0" in data
    with pytest.raises(UsageError, match="--decimal"):
        release_job(load_run(run), by="Bob", decimal=";")


def test_a_plan_is_released_once(run: Path) -> None:
    """The same again by the same name stands; another name or another run is refused with who."""
    first = release_job(load_run(run), by="Bob")
    assert life_of(run).stage is Stage.released and plan_of_the_week(run.parent.parent, NAME) == run
    again = release_job(load_run(run), by="Bob")
    assert again.reused and again.paper == first.paper
    with pytest.raises(UsageError, match=f"is released: run {run.name}, by Bob at"):
        release_job(load_run(run), by="Eve")
    other = Path(shutil.copytree(run, run.with_name(f"{NAME}-0123456789")))
    with pytest.raises(UsageError, match="by Bob"):
        release_job(load_run(other), by="Bob")
    with pytest.raises(UsageError, match="is released"):
        approve_job(load_run(run), by="Ada")


def test_a_held_plan_leaves_only_once_it_is_approved(run: Path) -> None:
    """What held it is said, and told in the release."""
    with pytest.raises(Held, match=r"It costs much\..*foreship approve"):
        release_job(load_run(held(run)), by="Bob")
    assert not (run.parent.parent / "released").exists()
    approve_job(load_run(run), by="Ada")
    found = release_job(load_run(run), by="Bob")
    assert found.paper["approved_by"] == "Ada" and found.paper["held_by"] == ["It costs much."]


def test_a_plan_in_whose_place_another_was_approved_does_not_leave(run: Path) -> None:
    """Its name is said."""
    other = Path(shutil.copytree(run, run.with_name(f"{NAME}-0123456789")))
    sign(other)
    with pytest.raises(UsageError, match=f"run {other.name} was approved in the place of"):
        release_job(load_run(run), by="Bob")
    sign(run)
    with pytest.raises(UsageError, match=f"run {run.name} was approved in the place of.* after"):
        release_job(load_run(other), by="Bob")
    release_job(load_run(run), by="Bob")
    with pytest.raises(UsageError, match="--by NAME"):
        release_job(load_run(other), by="")


def test_files_that_do_not_say_the_same_are_not_released(run: Path) -> None:
    """Even with hashes made again around them."""
    text = (run / "plan.csv").read_text().replace(",R1,", ",R2,", 1)
    (run / "plan.csv").write_text(text)
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["files"]["plan.csv"] = {"bytes": len(text), "sha256": sha256(run / "plan.csv")}
    (run / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Tampered, match=r"plan\.csv and plan\.parquet differ"):
        release_job(load_run(run), by="Bob")
