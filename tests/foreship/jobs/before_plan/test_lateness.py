"""How late and how whole deliveries were: receipts matched with what runs had announced."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from foreship.config import Config
from foreship.jobs.before_plan.lateness import known_lateness, lateness_of, plan_tables
from foreship.runs import write_run

AS_OF = pd.Timestamp("2026-11-30")
RUN = "2026-10-05-aaaaaaaaaa"


def announced(*lines: tuple[str, str, int, str]) -> dict[str, pd.DataFrame]:
    """What the one run announced."""
    table = pd.DataFrame(lines, columns=["location", "item", "quantity", "arrival_date"])
    return {RUN: table.assign(arrival_date=pd.to_datetime(table["arrival_date"]))}


def receipts(*rows: tuple[str, str, str, int, str]) -> pd.DataFrame:
    """What came: day, place, item, units and run."""
    table = pd.DataFrame(rows, columns=["date", "location", "item", "quantity", "run"])
    return table.assign(date=pd.to_datetime(table["date"]))


def told(table: pd.DataFrame) -> list[tuple]:
    """Day of the month promised, and come (0: never), units announced and received."""
    days = table["promised"].dt.day, table["came"].dt.day.fillna(0).astype(int)
    columns = (*days, table["quantity"], table["received"])
    return list(zip(*(each.tolist() for each in columns), strict=True))


def test_what_came_is_dealt_to_what_was_announced_first() -> None:
    """Ten for the 8th and five for the 15th: six came on the 9th, eight on the 17th, one never."""
    runs = announced(("R", "I", 5, "2026-10-15"), ("R", "I", 10, "2026-10-08"))
    came = receipts(("2026-10-17", "R", "I", 8, RUN), ("2026-10-09", "R", "I", 6, RUN))
    table, notes = lateness_of(came, runs, AS_OF)
    assert told(table) == [(8, 9, 6, 6), (8, 17, 4, 4), (15, 17, 4, 4), (15, 0, 1, 0)]
    assert notes == []


def test_what_is_still_to_come_says_nothing_but_a_zero_closes_it() -> None:
    """Announced three weeks ago it may yet come; a receipt of none says that it does not."""
    runs = announced(("R", "I", 5, "2026-11-09"))
    assert told(lateness_of(receipts(), runs, AS_OF)[0]) == []
    nothing = receipts(("2026-11-20", "R", "I", 0, RUN))
    assert told(lateness_of(nothing, runs, AS_OF)[0]) == [(9, 0, 5, 0)]
    assert told(lateness_of(receipts(), runs, AS_OF + pd.Timedelta(days=8))[0]) == [(9, 0, 5, 0)]


def test_receipts_without_a_known_run_are_counted_in_a_note() -> None:
    """One names no run and one a run that is gone: both are told, neither counts."""
    came = receipts(
        ("2026-10-09", "R", "I", 6, ""), ("2026-10-09", "R", "I", 6, "2026-10-05-bbbbbbbbbb")
    )
    table, (note,) = lateness_of(came, {}, AS_OF)
    assert table.empty
    assert note == (
        "receipts: 1 row names no run and 1 row names a run not in runs/; how late they were is "
        "not known"
    )


def workspace(
    path: Path, rows: pd.DataFrame, *coming: tuple[str, str, int, str]
) -> SimpleNamespace:
    """An open workspace with receipts and what is on its way."""
    inbound = pd.DataFrame(list(coming), columns=["location", "item", "quantity", "arrival_date"])
    inbound = inbound.assign(arrival_date=pd.to_datetime(inbound["arrival_date"]))
    tables = {"receipts": rows, "inbound": inbound}
    return SimpleNamespace(runs_at=path, as_of=AS_OF, tables=tables, config=Config())


def test_a_plan_knows_what_came_before_its_monday_of_runs_that_stand(tmp_path: Path) -> None:
    """The run's own file is read; ids keep their zeros; what comes on the Monday is not known."""
    line = "location,item,quantity,arrival_date\nR1,00123,5,2026-10-08\n"
    writers = {"inbound.csv": lambda path: path.write_text(line)}
    run = write_run(tmp_path, "2026-10-05", "a" * 10, writers, {"notes": []}).path.name
    came = receipts(("2026-10-10", "R1", "00123", 3, run), ("2026-11-30", "R1", "00123", 2, run))
    table, notes = known_lateness(workspace(tmp_path, came))
    assert told(table) == [(8, 10, 3, 3), (8, 0, 2, 0)] and notes == []
    given = plan_tables(workspace(tmp_path, came))
    assert given.tables["lateness"].equals(table) and set(given.identity) == {"lateness"}


def test_without_receipts_a_plan_has_its_tables_and_its_id(tmp_path: Path) -> None:
    """No row: nothing is added, and a run is known by what it was known by."""
    opened = workspace(tmp_path, receipts())
    given = plan_tables(opened)
    assert given.tables is opened.tables and (given.identity, given.notes) == ({}, [])


def test_a_run_that_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    """Its file was changed: the plan goes on without it."""
    writers = {"inbound.csv": lambda path: path.write_text("location,item\n")}
    run = write_run(tmp_path, "2026-10-05", "a" * 10, writers, {"notes": []}).path
    came = receipts(("2026-10-10", "R1", "I", 3, run.name))
    table, notes = known_lateness(workspace(tmp_path, came))
    assert table.empty and notes[0].startswith(f"how punctual run {run.name} was is not known")


def test_a_shipment_that_is_lost_whole_has_no_receipt_and_is_known_from_inbound(
    tmp_path: Path,
) -> None:
    """Of the run's five, three came and two are told once; four of another run never came.

    A row that is due for three weeks may yet come. Without a receipt nothing is said at all.
    """
    line = "location,item,quantity,arrival_date\nR1,I,5,2026-10-08\n"
    writers = {"inbound.csv": lambda path: path.write_text(line)}
    run = write_run(tmp_path, "2026-10-05", "a" * 10, writers, {"notes": []}).path.name
    coming = (
        ("R1", "I", 2, "2026-10-08"),
        ("R1", "I", 4, "2026-10-15"),
        ("R1", "I", 9, "2026-11-09"),
    )
    came = receipts(("2026-10-10", "R1", "I", 3, run))
    table, _ = known_lateness(workspace(tmp_path, came, *coming))
    assert told(table) == [(8, 10, 3, 3), (8, 0, 2, 0), (15, 0, 4, 0)]
    assert known_lateness(workspace(tmp_path, receipts(), *coming))[0].empty
