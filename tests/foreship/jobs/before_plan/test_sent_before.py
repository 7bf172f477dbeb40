"""What earlier Mondays sent: of each the plan written last that was not held, from sound files."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from foreship.jobs.before_plan.sent_before import sent_before
from foreship.runs import Run, write_run

AS_OF = pd.Timestamp("2026-11-30")
SUMMARY = {
    "termination": "optimal", "objective": -1.0, "totals": {}, "shadow_prices": [], "relaxed": [],
    "counts": {},
}  # fmt: skip


def planned(
    workspace: Path, monday: str, name: str, quantity: int, arrival: str, status: str = "ship"
) -> Run:
    """Write a run whose plan sends one line."""
    line = f"location,item,quantity,arrival_date\nR1,00123,{quantity},{arrival}\n"
    summary = json.dumps({**SUMMARY, "status": status})
    writers = {
        "inbound.csv": lambda path: path.write_text(line),
        "summary.json": lambda path: path.write_text(summary),
        "plan.xlsx": lambda path: path.write_text("workbook"),
    }
    return write_run(workspace, monday, name * 10, writers, {"notes": []})


def sent(workspace: Path) -> tuple[list[int], list[str], list[str]]:
    """Return the quantities found, the names of the runs, and the warnings."""
    lines, runs, warnings = sent_before(workspace, AS_OF)
    return lines["quantity"].tolist(), runs, warnings


def test_nothing_was_sent_where_nothing_was_planned(tmp_path: Path) -> None:
    """No run, and a run of this very Monday, which is no earlier one."""
    assert sent(tmp_path) == ([], [], [])
    planned(tmp_path, "2026-11-30", "a", 5, "2026-12-02")
    assert sent(tmp_path) == ([], [], [])


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_of_a_monday_the_plan_written_last_counts(names: str, tmp_path: Path) -> None:
    """Not the first by the hash in its name."""
    planned(tmp_path, "2026-11-23", names[0], 5, "2026-12-02")
    last = planned(tmp_path, "2026-11-23", names[1], 7, "2026-12-02")
    assert sent(tmp_path) == ([7], [last.path.name], [])


def test_a_held_plan_was_not_sent(tmp_path: Path) -> None:
    """The plan before it counts, or none."""
    shipped = planned(tmp_path, "2026-11-23", "a", 5, "2026-12-02", "relaxed")
    planned(tmp_path, "2026-11-23", "b", 7, "2026-12-02", "hold")
    planned(tmp_path, "2026-11-16", "c", 9, "2026-12-02", "hold")
    assert sent(tmp_path) == ([5], [shipped.path.name], [])


def test_every_monday_counts_while_its_lines_are_under_way(tmp_path: Path) -> None:
    """A lane of three weeks is still under way when a later plan's has arrived."""
    slow = planned(tmp_path, "2026-11-16", "a", 5, "2026-12-07")
    planned(tmp_path, "2026-11-23", "b", 7, "2026-11-25")
    assert sent(tmp_path) == ([5], [slow.path.name], [])


def test_what_people_do_to_a_folder_is_warned_of(tmp_path: Path) -> None:
    """A workbook saved in place changes nothing that counts."""
    run = planned(tmp_path, "2026-11-23", "a", 5, "2026-12-02")
    (run.path / "plan.xlsx").write_text("saved in place")
    quantities, _, warnings = sent(tmp_path)
    assert quantities == [5]
    assert len(warnings) == 1 and "plan.xlsx" in warnings[0]


@pytest.mark.parametrize("name", ["inbound.csv", "summary.json", "manifest.json"])
def test_a_run_that_cannot_be_read_stops_nothing(name: str, tmp_path: Path) -> None:
    """It is warned of; the other Mondays still count."""
    spoiled = planned(tmp_path, "2026-11-23", "a", 5, "2026-12-02")
    planned(tmp_path, "2026-11-16", "b", 7, "2026-12-07")
    (spoiled.path / name).write_text("spoiled")
    quantities, _, warnings = sent(tmp_path)
    assert quantities == [7]
    assert len(warnings) == 1 and name in warnings[0]
