"""Edits can be priced before anything is decided: as approve prices them, and written nowhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from foreship.errors import InputError, UsageError
from foreship.jobs.deciding.approving import approve_job
from foreship.jobs.deciding.pricing import price_job
from foreship.runs import load_run
from tests.foreship.planned_shop import DEMAND, edits_file, frames_of_shop, planned_shop


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return the run of a shop."""
    planned_shop(tmp_path / "shop", regions=frames_of_shop()["regions"].assign(capacity=1000.0))
    return next((tmp_path / "shop" / "runs").iterdir())


def everything(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    found = sorted(each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in found}


@pytest.mark.sweep
def test_prices_are_those_of_an_approval_and_nothing_is_written(run: Path) -> None:
    """Each edit alone, all of them together, to the bit; the workspace is as it was."""
    shop = run.parent.parent
    edits = edits_file(shop, [(0, "change", 9, "a fair"), (1, "drop", "", "")])
    before = everything(shop)
    priced = price_job(load_run(run), edits=edits, demand=shop / DEMAND)
    assert everything(shop) == before
    approved = approve_job(load_run(run), by="Ada", edits=edits, demand=shop / DEMAND)
    pd.testing.assert_frame_equal(priced.edits, approved.edits)
    assert priced.price_of_all == approved.price_of_all
    assert priced.words()[1:] == approved.words()[1:]


def test_a_file_without_edits_costs_nothing(run: Path) -> None:
    """No edit, no solve; it is said."""
    edits = edits_file(run.parent.parent, [])
    priced = price_job(load_run(run), edits=edits)
    assert (len(priced.edits), priced.price_of_all) == (0, 0.0)
    assert priced.notes[-1].endswith("holds no edit.")


@pytest.mark.sweep
def test_edits_at_fault_are_named_as_an_approval_names_them(run: Path) -> None:
    """A price is promised only for what can be done."""
    shop = run.parent.parent
    edits = edits_file(shop, [(0, "change", 10**6, ""), (1, "lose", "", "")])
    with pytest.raises(InputError) as priced:
        price_job(load_run(run), edits=edits, demand=shop / DEMAND)
    with pytest.raises(InputError) as approved:
        approve_job(load_run(run), by="Ada", edits=edits, demand=shop / DEMAND)
    assert str(priced.value) == str(approved.value)
    assert priced.value.faults == approved.value.faults


def test_a_trial_is_not_priced(run: Path) -> None:
    """What was only tried is not approved either."""
    tried = Path(shutil.copytree(run.parent, run.parent.parent / "whatif")) / run.name
    with pytest.raises(UsageError, match="was only tried"):
        price_job(load_run(tried), edits=edits_file(run.parent.parent, []))
