"""A run keeps the tables that its plan was made from, and nothing of customers."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import foreship
from foreship.errors import Tampered
from foreship.own_files import KEPT
from foreship.pipeline.kept_tables import KEPT_TABLES, kept_as, kept_tables
from foreship.runs import load_run
from tests.foreship.good_workspace import AS_OF, ITEMS, REGIONS, good_frames, write_workspace
from tests.foreship.small_variants import UNPRICED

ORDER_IS_TOLD = ("overrides", "policies", "adjustments")


def demand() -> pd.DataFrame:
    """Return ten scenarios of about two units a cell and week."""
    weeks = AS_OF + pd.to_timedelta(7 * np.arange(4), unit="D")
    rows = list(itertools.product(REGIONS, ITEMS, weeks, range(10)))
    frame = pd.DataFrame(rows, columns=["region", "item", "week", "scenario"])
    return frame.assign(units=np.random.default_rng(5).poisson(2.0, len(frame)))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[foreship.Workspace, foreship.Run]:
    """Plan the good workspace once."""
    folder = tmp_path_factory.mktemp("kept")
    shop = foreship.open(write_workspace(folder, good_frames(), "parquet", UNPRICED), AS_OF)
    return shop, foreship.plan(shop, demand=demand())


def test_tables_are_kept_as_the_plan_knew_them(planned) -> None:
    """Every kept table has the rows, columns and types of the workspace, empty ones no rows."""
    shop, run = planned
    kept = kept_tables(load_run(run.path))
    assert kept is not None
    for name in set(KEPT_TABLES) - {"lateness", "recent"}:
        frame = shop.tables[name]
        if name not in ORDER_IS_TOLD:
            frame = frame.sort_values(list(frame.columns), ignore_index=True)
        pd.testing.assert_frame_equal(kept[name], frame.reset_index(drop=True))


def test_nothing_of_customers_is_kept(planned) -> None:
    """Neither orders nor who bought, what came back, prices or signals."""
    _, run = planned
    there = {each.stem for each in (run.path / KEPT).iterdir()}
    assert there <= set(KEPT_TABLES)
    assert not there & {"orders", "buyers", "returns", "prices", "signals"}


@pytest.mark.sweep
def test_the_order_of_rows_leaves_the_same_bytes(planned, tmp_path) -> None:
    """Tables whose rows a plan names by number stay as they are; all others are sorted."""
    _, run = planned
    frames = {
        name: frame if name in ORDER_IS_TOLD else frame[::-1]
        for name, frame in good_frames().items()
    }
    shop = foreship.open(write_workspace(tmp_path, frames, "parquet", UNPRICED), AS_OF)
    other = foreship.plan(shop, demand=demand())
    for each in sorted((run.path / KEPT).iterdir()):
        assert each.read_bytes() == (other.path / KEPT / each.name).read_bytes(), each.name


def test_a_run_of_before_keeps_none(tmp_path) -> None:
    """None says that it is not known, where no table would say that there was none."""
    assert kept_tables(foreship.Run(tmp_path, {"notes": []})) is None


def test_a_kept_table_that_is_not_ours_is_refused(tmp_path) -> None:
    """A column of another kind is named before anybody counts with it."""
    (tmp_path / KEPT).mkdir()
    stock = pd.DataFrame({"location": ["R1"], "item": ["a"], "quantity": ["many"]})
    stock.to_parquet(tmp_path / kept_as("stock"))
    with pytest.raises(Tampered, match="quantity"):
        kept_tables(foreship.Run(tmp_path, {"notes": []}))
