"""Five weeks of a planner who has nothing but exports: every Monday the review is right.

The retailer's own books are plain Python, order by order; they share no code with what plans, reads
or judges.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import foreship
from foreship.cli.commands import app
from tests.foreship.edited_books import edited
from tests.foreship.spoken_objects import object_of
from tests.foreship.story.exporting import GIVEN, export
from tests.foreship.story.paper_ledger import Books

WEEKS = 5
WEEK = pd.Timedelta(weeks=1)
CENT = 0.005 + 1e-6
KEPT = {
    "items": ["item", "unit_cost", "volume", "weight_kg", "category", "pack_size"],
    "regions": ["region"],
    "hubs": ["hub"],
}
"""what the retailer's systems know of each"""


def ask(*words: object) -> dict[str, Any]:
    """Call a command with `--json`; return what it answers."""
    result = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert result.exit_code in (0, 6), result.output
    return object_of(result.stdout)


def retailer(folder: Path, size: str = "small") -> tuple[Books, pd.DataFrame, pd.Timestamp]:
    """Return the books of a sample five weeks before its end, what is to come, and the Monday.

    Items that nobody has ordered by then are left out: no export would say what they cost.
    """
    foreship.sample(folder, size=size, seed=3)
    frames = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    monday = foreship.open(folder).as_of - WEEKS * WEEK
    future = frames["orders"][frames["orders"]["date"] >= monday]
    for name in ("orders", "returns"):
        frames[name] = frames[name][frames[name]["date"] < monday]
    for name, columns in KEPT.items():
        frames[name] = frames[name][columns]
    sold = set(frames["orders"]["item"])
    for name in ("items", "stock", "prices"):
        frames[name] = frames[name][frames[name]["item"].isin(sold)]
    future = future[future["item"].isin(sold)]
    held = {(row.location, row.item): row.quantity for row in frames["stock"].itertuples()}
    frames["inbound"] = frames["inbound"].iloc[:0]
    frames["receipts"] = pd.DataFrame(
        {"date": [monday - WEEK], "location": [frames["hubs"]["hub"].iloc[0]],
         "item": [frames["items"]["item"].iloc[0]], "quantity": [1], "run": ["older"]}
    )  # fmt: skip
    return Books(frames, foreship.Config(), held), future, monday


def opened(folder: Path, raw: Path, books: Books) -> Path:
    """Make a workspace of the exports: `init`, a question answered, a line typed, `check`.

    One date of receipts may be May or October, and nothing is coming yet that has a date.
    """
    export(raw, books.frames)
    files = [each.replace("=", f"={raw}/") if "=" in each else raw / each for each in GIVEN]
    told = ask("init", folder, *files, "--returns")
    assert len(told["questions"]) == 1
    answer(folder, 'receipts.date_format = "%d.%m.%Y"')
    typed(folder, "columns", 'inbound.date_format = "%d.%m.%Y"')
    assert {"items", "regions", "hubs"} == set(told["derived"])
    assert ask("check", folder)["faults"] == []
    return folder


def typed(shop: Path, table: str, line: str) -> None:
    """Type a line into the config, below the name of a table of TOML."""
    config = shop / "foreship.toml"
    text = config.read_text("utf-8").replace(f"[{table}]\n", f"[{table}]\n{line}\n", 1)
    config.write_text(text, "utf-8")


def answer(shop: Path, line: str) -> None:
    """Take the mark away from a line that `init` proposed."""
    config = shop / "foreship.toml"
    text = config.read_text("utf-8")
    assert f"#? {line}\n" in text
    config.write_text(text.replace(f"#? {line}\n", f"{line}\n"), "utf-8")


def asked(shop: Path, books: Books, week: int, monday: pd.Timestamp) -> None:
    """Ask for something: a lock in week 1, an adjustment in week 2, a promotion in week 3."""
    sold = books.frames["orders"].groupby(["region", "item"])["quantity"].sum()
    region, item = sold.idxmax()
    told = {"reason": "a fair", "author": "Ada", "region": region, "item": item}
    if week == 1:
        lock = told | {"kind": "at_most", "value": 2, "expires": (monday + WEEK).date()}
        pd.DataFrame([lock]).to_csv(shop / "overrides.csv", index=False)
        typed(shop, "tables", 'overrides = "overrides.csv"')
    if week == 2:
        more = told | {"kind": "times", "value": 1.5, "expires": (monday + 2 * WEEK).date()}
        pd.DataFrame([more]).to_csv(shop / "adjustments.csv", index=False)
        typed(shop, "tables", 'adjustments = "adjustments.csv"')
    if week == 3:
        prices = books.frames["prices"]
        row = prices.iloc[[-1]].assign(week=monday, region=region, item=item, promotion=1)
        both = pd.concat([prices, row], ignore_index=True)
        keys = ["week", "region", "item"]
        books.frames["prices"] = both.drop_duplicates(keys, keep="last")


def edits_of(run: Path, week: int) -> tuple[object, ...]:
    """Edit the workbook every second week: drop a line."""
    if week % 2 == 0:
        return ()
    cells = {(0, "decision"): "drop", (0, "comment"): "not now"}
    return "--edits", edited(run / "plan.xlsx", run.parent.parent / "edited.xlsx", cells)


def live(shop: Path, raw: Path, books: Books, future: pd.DataFrame, start: pd.Timestamp) -> int:
    """Let a week pass from the plan of a Monday to the review on the next; return what was scored.

    The review must say what the retailer's own books say, to the cent, the order and the unit.
    """
    week = len(books.weeks)
    asked(shop, books, week, start)
    export(raw, books.frames)
    assert ask("check", shop)["faults"] == [], week
    run = Path(ask("run", shop, "--as-of", start.date())["run"])
    run = Path(ask("approve", run, "--by", "Ada", *edits_of(run, week))["run"])
    folder = Path(ask("release", run, "--by", "Bo")["release"])
    read = partial(pd.read_csv, keep_default_na=False, parse_dates=["ship_date", "arrival_date"])
    lines = read(folder / "plan.csv", dtype={"item": str, "destination": str, "origin": str})
    assert len(lines)
    moving = lines.index[(lines["destination"] != "") & (lines["quantity"] > 1)]
    late, short = (-1, -1)
    if week and len(moving) > 1 and not books.lost:
        late, short = int(moving[0]), int(moving[-1])
    end = start + WEEK
    bought = future[future["date"].between(start, end, inclusive="left")]
    books.frames["orders"] = pd.concat([books.frames["orders"], bought], ignore_index=True)
    account = books.week(start, lines, run.name, late, short)
    export(raw, books.frames)
    said = ask("review", shop, "--as-of", end.date())
    assert (said["run"], said["stage"]) == (run.name, "released")
    for name, truth in account.items():
        assert abs(said["ledger"][name] - truth) <= CENT, (week, name)
    told = pd.DataFrame(said["lines"])
    assert told["missing"].sum() == books.lost[run.name]
    assert told["received"].sum() == books.received[run.name]
    assert told["under_way"].sum() == books.under_way(run.name)
    parts = [row["came"] for row in said["money"]]
    assert abs(sum(parts) - said["came"]) <= CENT * (len(parts) + 1)
    return len(said["scores"])


@pytest.mark.nightly
def test_from_exports_every_monday_the_review_is_right(tmp_path: Path) -> None:
    """To the cent and the unit: edits, a lock, an adjustment, a promotion, a late truck."""
    books, future, monday = retailer(tmp_path / "sample")
    raw = tmp_path / "exports"
    shop = opened(tmp_path / "shop", raw, books)
    scored = [live(shop, raw, books, future, monday + week * WEEK) for week in range(WEEKS)]
    assert sum(scored) > 0
    assert sum(books.lost.values()) == 1
