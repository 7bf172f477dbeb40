"""Two weeks of a planner: plan, edit, approve, release, receive, look back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import foreship
from tests.foreship.edited_books import edited
from tests.foreship.planned_shop import AS_OF, DEMAND, RULES, frames_of_shop
from tests.foreship.small_variants import ITEMS, REGIONS, demand_at
from tests.foreship.story.driver import WEEK, Retailer, whole_cents

COUNTED = ("received", "missing", "under_way")


def future(weeks: int = 2) -> pd.DataFrame:
    """Return what will be ordered: about a unit a day of each cell."""
    draw = np.random.default_rng(11)
    rows = [
        (AS_OF + pd.Timedelta(days=day), region, item, int(draw.integers(1, 3)))
        for day in range(7 * weeks)
        for region in REGIONS
        for item in ITEMS
        if draw.random() < 0.4
    ]
    table = pd.DataFrame(rows, columns=["date", "region", "item", "quantity"])
    return table.assign(order_id=[f"new{at}" for at in range(len(table))])


@pytest.fixture(scope="module")
def retailer(tmp_path_factory: pytest.TempPathFactory) -> Retailer:
    """Open the shop on its first Monday."""
    folder = tmp_path_factory.mktemp("story") / "shop"
    frames = frames_of_shop()
    shop = Retailer(
        folder, RULES, foreship.Config(), AS_OF, lambda: {}, frames, future()
    )  # fmt: skip
    shop.write()
    shop.config = foreship.open(folder, AS_OF).config
    shop.tables = lambda: foreship.open(folder, shop.monday).tables
    return shop


def released(shop: Retailer, run: Path) -> pd.DataFrame:
    """Release a run; return what the warehouse was given."""
    told = shop.ask("release", run, "--by", "Bo")
    read = partial(pd.read_csv, keep_default_na=False, parse_dates=["ship_date", "arrival_date"])
    return read(Path(told["release"]) / "plan.csv", dtype={"item": str})


def planned(shop: Retailer) -> Path:
    """Plan this Monday on scenarios of one's own."""
    weeks = [shop.monday + pd.Timedelta(weeks=week) for week in range(2)]
    demand = pd.concat([demand_at(3).assign(week=week) for week in weeks])
    demand.to_csv(shop.folder / DEMAND, index=False)
    told = shop.ask("plan", shop.folder, "--as-of", shop.monday.date(), "--demand",
                    shop.folder / DEMAND)  # fmt: skip
    return Path(told["run"])


def approved(shop: Retailer, run: Path, edits: Path | None = None) -> Path:
    """Approve a run, with edits where there are any; return the run that is approved."""
    more = () if edits is None else ("--edits", edits, "--demand", shop.folder / DEMAND)
    return Path(shop.ask("approve", run, "--by", "Ada", *more)["run"])


@pytest.mark.sweep
def test_what_a_review_says_is_what_happened(retailer: Retailer) -> None:
    """Two Mondays in a row, to the cent and the unit: an edit, a late truck, a unit short."""
    for late, short in ((2, 3), (-1, 0)):
        run = planned(retailer)
        edits = None
        if late >= 0:
            cells = {(0, "decision"): "change", (0, "new quantity"): 5, (0, "comment"): "a fair"}
            edits = edited(run / "plan.xlsx", retailer.folder / "edited.xlsx", cells)
        run = approved(retailer, run, edits)
        lines = released(retailer, run)
        assert len(lines) > 2
        retailer.live(lines, run.name, late, short)
        said = retailer.ask("review", retailer.folder, "--as-of", retailer.monday.date())
        assert (said["run"], said["stage"]) == (run.name, "released")
        assert said["ledger"] == whole_cents(retailer.ledgers[-1])
        of_lines(said, retailer)


def of_lines(said: dict[str, object], retailer: Retailer) -> None:
    """Compare each line with the trucks of the driver, and what lies with its stock."""
    _, lines, truck = retailer.trucks[-1]
    told = pd.DataFrame(said["lines"]).set_index("line")
    end = retailer.monday.to_datetime64()
    far = truck["day"] > end + np.timedelta64(3650, "D")
    later = ~far & (truck["day"] >= end)
    moves = truck["line"].map(lines["destination"]) != ""
    for name, rows in zip(COUNTED, (~far & ~later, far, later), strict=True):
        true = truck[rows & moves].groupby("line")["units"].sum()
        assert told[name].tolist() == true.reindex(told.index, fill_value=0).tolist(), name
    stock = retailer.frames["stock"].set_index(["location", "item"])["quantity"]
    lying = told.groupby(["destination", "item"])["lying"].sum()
    here = stock.reindex(lying.index, fill_value=0)
    assert (lying <= here)[lying > 0].all()
    assert int(told["missing"].sum()) == 1
    missing = [row for row in said["late"] if row["came"] is None]
    assert [row["units"] for row in missing] == [1]


@pytest.mark.sweep
def test_what_waits_for_next_monday_is_said_when_it_is_over(retailer: Retailer) -> None:
    """An earlier plan is reviewed by its name; its units were sold, lie, or were moved on."""
    first = retailer.trucks[0][0]
    said = retailer.ask("review", retailer.folder, first, "--as-of", retailer.monday.date())
    assert said["run"] == first
    rows = pd.DataFrame(said["lines"])
    into = rows[rows["action"] == "ship"]
    assert (into["received"] == into[["sold", "moved_on", "lying"]].sum(axis=1)).all()
    assert (into["under_way"] == 0).all()
    assert retailer.monday - 2 * WEEK == pd.Timestamp(said["as_of"])
