"""Two further plans of a made-up run: some lines are others, one is gone, one is new."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foreship.reading.views import RunView
from tests.foreship.workbench.made_runs import told_view, write_view

__all__ = ["less_view", "other_view", "three_plans"]


def less_view() -> RunView:
    """Return a plan without the first ship, and with one unit more on the second."""
    view = told_view()
    ships = view.lines.index[view.lines["action"] == "ship"]
    lines = view.lines.copy()
    lines.loc[ships[1], "quantity"] += 1
    lines.loc[ships[1], "expected_gain"] += 5.0
    lines = lines.drop(ships[0])
    facts = view.extras["facts.parquet"].drop(ships[0])
    facts = facts.assign(line=range(len(facts))).reset_index(drop=True)
    extras = {**view.extras, "facts.parquet": facts}
    return replace(view, run_id="0000000aaa", lines=lines.reset_index(drop=True), extras=extras)


def other_view() -> RunView:
    """Return a plan whose last line alone brings another gain."""
    view = told_view()
    lines = view.lines.copy()
    lines.loc[lines.index[-1], "expected_gain"] -= 0.5
    return replace(view, run_id="0000000bbb", lines=lines)


def three_plans(folder: Path) -> list[str]:
    """Write the plan and both others into a workspace; return their names."""
    views = (told_view(), less_view(), other_view())
    places = [(folder / "runs" / f"{view.as_of:%Y-%m-%d}-{view.run_id}", view) for view in views]
    return [(at if at.exists() else write_view(view, folder)).name for at, view in places]
