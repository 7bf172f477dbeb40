"""Plan, tell and replay a small workspace with an action that the table does not have yet.

Run as a script, in a process of its own: the table is extended before anything reads it.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from foreship_foundation import actions

RECYCLE = actions.Action(
    name="recycle",
    origin="region",
    destination="",
    term="recycling",
    tally="units_recycled",
    term_words="recycling",
    chapter_words="Recycling",
    label="recycle",
    order="Recycle {n} for {cost}",
    brief="recycle {n}",
)
EXIT = actions.Exit(name="recycle", action="recycle", gives_up="unit cost", usual=False)
AS_OF = "2026-11-16"


def extend() -> None:
    """Add the action and its exit to the tables."""
    actions.ACTIONS = (*actions.ACTIONS, RECYCLE)
    actions.EXITS = (*actions.EXITS, EXIT)


def workspace_of(tiny: Path, folder: Path) -> Path:
    """Copy the tiny workspace; recycling pays more than units cost, so that all is recycled."""
    shutil.copytree(tiny, folder, ignore=shutil.ignore_patterns("runs", ".foreship", "truth"))
    path = folder / "exits.parquet"
    exits = pd.read_parquet(path)
    paid = exits.iloc[:1].assign(exit="recycle", cost=0.0, recovery=60.0, capacity=7.0)
    pd.concat([exits, paid], ignore_index=True).to_parquet(path)
    weeks = pd.date_range(AS_OF, periods=8, freq="7D")
    regions = pd.read_parquet(folder / "regions.parquet")["region"]
    items = pd.read_parquet(folder / "items.parquet")["item"]
    index = pd.MultiIndex.from_product(
        [regions, items, weeks, ["a", "b"]], names=["region", "item", "week", "scenario"]
    )
    rows = index.to_frame(index=False)
    rows["units"] = np.where(rows["scenario"] == "a", 1, 0)
    rows.to_parquet(folder / "demand.parquet")
    return folder


def told(folder: Path) -> dict[str, object]:
    """Plan, explain and judge; everything that must name the new action."""
    import foreship
    from foreship.judge.buyers import Buyers
    from foreship.judge.carried_out.state import opening_state
    from foreship.judge.network.network import Network
    from foreship.judge.simulate import Refills, monday_morning, play_week

    workspace = foreship.open(folder, as_of=AS_OF, history=False)
    run = foreship.plan(workspace, demand=folder / "demand.parquet")
    lines = run.plan
    mine = lines[lines["action"] == "recycle"]
    first = mine.iloc[0]
    words = foreship.explain(run, first["item"], first["origin"]).text
    tables, config = workspace.tables, workspace.config
    network = Network.from_tables(tables, config.exits)
    state = opening_state(network, tables)
    buyers = Buyers.from_orders(tables["orders"], network, np.datetime64(AS_OF), 1)
    refills = Refills.like_stock(network, state, 2.0, 8)
    morning = monday_morning(network, state, buyers, refills, np.datetime64(AS_OF))
    _, ledger, broken = play_week(network, morning, buyers, lines)
    return {
        "units": int(mine["quantity"].sum()),
        "total": run.summary["totals"]["recycling"],
        "cost": float(mine["cost"].sum()),
        "explained": words,
        "page": (run.path / "report.html").read_text("utf-8"),
        "judged": ledger.to_dict()["units_recycled"],
        "broken": broken,
    }


if __name__ == "__main__":
    extend()
    home = Path(sys.argv[2])
    sys.stdout.write(json.dumps(told(workspace_of(Path(sys.argv[1]), home / "shop"))))
