"""Five weeks of a planner with real forecasts: every Monday the review says what truly happened.

The world is a sample whose last five weeks are still to come when the story begins.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
import pytest

import foreship
from tests.foreship.edited_books import edited
from tests.foreship.story.driver import WEEK, Retailer, whole_cents

WEEKS = 5


@pytest.fixture(scope="module")
def retailer(tmp_path_factory: pytest.TempPathFactory) -> Retailer:
    """Open a sample five weeks before its end."""
    folder = tmp_path_factory.mktemp("five")
    foreship.sample(folder / "sample", size="tiny", seed=3)
    frames = {
        path.stem: pd.read_parquet(path) for path in sorted((folder / "sample").glob("*.parquet"))
    }
    end = foreship.open(folder / "sample").as_of
    monday = end - WEEKS * WEEK
    orders = frames["orders"]
    frames["orders"] = orders[orders["date"] < monday]
    for name, day in (("returns", "date"), ("availability", "week")):
        frames[name] = frames[name][frames[name][day] < monday]
    frames["inbound"] = frames["inbound"].iloc[:0]
    frames["receipts"] = pd.DataFrame(
        {"date": [monday - WEEK], "location": [frames["hubs"]["hub"].iloc[0]],
         "item": [frames["items"]["item"].iloc[0]], "quantity": [1], "run": ["older"]}
    )  # fmt: skip
    shop = Retailer(
        folder / "shop", "", foreship.Config(), monday, lambda: {}, frames,
        orders[orders["date"] >= monday],
    )  # fmt: skip
    shop.write()
    shop.config = foreship.open(shop.folder, monday).config
    shop.tables = lambda: foreship.open(shop.folder, shop.monday).tables
    return shop


def asked(shop: Retailer, week: int) -> None:
    """Ask for something: a lock in week 1, an adjustment in week 2, a promotion in week 3."""
    sold = shop.frames["orders"].groupby(["region", "item"])["quantity"].sum()
    region, item = sold.idxmax()
    told = {"reason": "a fair", "author": "Ada", "region": region, "item": item}
    if week == 1:
        lock = told | {"kind": "at_most", "value": 2, "expires": shop.monday + WEEK}
        shop.frames["overrides"] = pd.DataFrame([lock])
    if week == 2:
        more = told | {"kind": "times", "value": 1.5, "expires": shop.monday + 2 * WEEK}
        shop.frames["adjustments"] = pd.DataFrame([more])
    if week == 3:
        prices = shop.frames["prices"]
        row = prices.iloc[[-1]].assign(week=shop.monday, region=region, item=item, promotion=1)
        keys = ["week", "region", "item"]
        both = pd.concat([prices, row], ignore_index=True)
        shop.frames["prices"] = both.drop_duplicates(keys, keep="last")
    shop.write()


@pytest.mark.nightly
def test_every_monday_the_review_says_what_happened(retailer: Retailer) -> None:
    """To the cent and the unit over five weeks, whatever was asked, edited, late or short."""
    read = partial(pd.read_csv, keep_default_na=False, parse_dates=["ship_date", "arrival_date"])
    for week in range(WEEKS):
        asked(retailer, week)
        run = Path(retailer.ask("run", retailer.folder, "--as-of", retailer.monday.date())["run"])
        if week:
            assert (run / "changes.parquet").exists()
            changes = pd.read_parquet(run / "changes.parquet").set_index("group")["d_gain"]
            assert changes.drop(["before", "now"]).sum() == changes["now"]
        edits: tuple[object, ...] = ()
        if week % 2:
            cells = {(0, "decision"): "drop", (0, "comment"): "not now"}
            edits = ("--edits", edited(run / "plan.xlsx", retailer.folder / "edited.xlsx", cells))
        run = Path(retailer.ask("approve", run, "--by", "Ada", *edits)["run"])
        folder = Path(retailer.ask("release", run, "--by", "Bo")["release"])
        lines = read(folder / "plan.csv", dtype={"item": str, "destination": str, "origin": str})
        moving = lines.index[(lines["destination"] != "") & (lines["quantity"] > 1)]
        late, short = (moving[0], moving[-1]) if week == 2 and len(moving) > 1 else (-1, -1)
        retailer.live(lines, run.name, int(late), int(short))
        said = retailer.ask("review", retailer.folder, "--as-of", retailer.monday.date())
        assert said["run"] == run.name
        assert said["ledger"] == whole_cents(retailer.ledgers[-1]), week
        truck = retailer.trucks[-1][2]
        told = pd.DataFrame(said["lines"])
        gone = truck["day"] > retailer.monday + 52 * WEEK
        assert told["missing"].sum() == truck.loc[gone, "units"].sum()
        assert round(sum(row["came"] for row in said["money"]), 1) == round(said["came"], 1)
