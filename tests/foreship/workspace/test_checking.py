"""Every bad input is named in one go, and nothing is changed or guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from foreship.errors import Fault, InputError, UsageError
from foreship.ingest.tables import TableRead, read_table
from foreship.workspace import checking
from foreship.workspace.checking import check
from foreship.workspace.opening import open_workspace
from foreship_foundation.tables.declaration import Table
from tests.foreship.bad_inputs import ACCEPTED, REFUSED, WARNED, Case, both
from tests.grammar import faults_of_sentence


@dataclass
class ReadOnce:
    """Reads a file as `read_table` does, the same bytes once: a case changes one table of many."""

    known: dict[tuple[str, ...], TableRead] = field(default_factory=dict)

    def __call__(
        self, table: Table, path: Path, renames: Any = None, form: Any = None, reader: Any = None
    ) -> TableRead:
        """Return what became of a table, in hands of its own."""
        if not path.is_file():
            return read_table(table, path, renames, form, reader)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        key = (table.name, path.name, digest, repr(renames), repr(form))
        if key not in self.known:
            self.known[key] = read_table(table, path, renames, form, reader)
        read = self.known[key]
        return replace(read, path=path, faults=[*read.faults], parsed={**read.parsed})


READ_ONCE = ReadOnce()


@pytest.fixture(autouse=True)
def tables_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading is a function of the file alone; `tests/foreship/ingest` shows what it does."""
    monkeypatch.setattr(checking, "read_table", READ_ONCE)


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def the_fault(found: tuple[Fault, ...], case: Case) -> Fault:
    """Return the one finding about the case's table and column with the case's words."""
    said = "\n".join(map(str, found))
    fits = [
        each
        for each in found
        if (each.table, each.column) == (case.table, case.column)
        and all(word in str(each) for word in case.words)
    ]
    assert len(fits) == 1, f"{case.id}: expected one, found {len(fits)} in\n{said}"
    return fits[0]


def ids(cases: tuple[Case, ...]) -> list[str]:
    return [case.id for case in cases]


@pytest.mark.parametrize("case", REFUSED, ids=ids(REFUSED))
def test_a_bad_input_is_named(case: Case, good_workspace: Path) -> None:
    """Each bad input ends in its exit code, with table, column and rows; nothing is written."""
    case.change(good_workspace)
    before = fingerprint(good_workspace)
    report = check(good_workspace)
    fault = the_fault(report.faults, case)
    assert report.exit_code == case.code
    assert fault.rows == case.rows
    assert fingerprint(good_workspace) == before
    assert [wrong for each in report.faults for wrong in faults_of_sentence(str(each))] == []


SOME = [
    pytest.param(case, id=case.id, marks=() if at % 8 == 0 else pytest.mark.nightly)
    for at, case in enumerate(REFUSED)
]
"""every eighth; all of them nightly"""


@pytest.mark.parametrize("case", SOME)
def test_what_check_refuses_is_not_opened(case: Case, good_workspace: Path) -> None:
    """The same words and exit code from whoever opens it: every eighth case, nightly all."""
    case.change(good_workspace)
    fault = the_fault(check(good_workspace).faults, case)
    with pytest.raises(UsageError if case.code == 2 else InputError) as refused:
        open_workspace(good_workspace)
    assert str(fault) in str(refused.value)
    assert refused.value.exit_code == case.code


@pytest.mark.parametrize("case", WARNED, ids=ids(WARNED))
def test_what_is_odd_is_warned_of(case: Case, good_workspace: Path) -> None:
    """What is odd but may be true is a warning, stops nothing, and stays in the notes."""
    case.change(good_workspace)
    report = check(good_workspace)
    assert report.exit_code == 0, report
    warning = the_fault(report.warnings, case)
    assert warning.rows == case.rows
    assert str(warning) in open_workspace(good_workspace).notes
    assert [wrong for each in report.warnings for wrong in faults_of_sentence(str(each))] == []


@pytest.mark.parametrize("case", ACCEPTED, ids=ids(ACCEPTED))
def test_what_is_right_is_read(case: Case, good_workspace: Path) -> None:
    """Unusual but unambiguous input is read, at most with a note."""
    case.change(good_workspace)
    report = check(good_workspace)
    assert report.exit_code == 0, report
    if case.words:
        assert the_fault(report.notes, case).rows == case.rows


def test_the_good_workspace_is_sound(
    make_workspace: Callable[..., Path], good_workspace: Path
) -> None:
    """The workspace all cases start from has no fault, no warning and no note, in both formats."""
    for folder in (good_workspace, make_workspace(ending="parquet")):
        report = check(folder)
        assert (report.faults, report.warnings, report.notes) == ((), (), ())
        assert report.exit_code == 0


def test_all_faults_are_told_at_once(good_workspace: Path) -> None:
    """One look names the faults of config and tables together; the config decides the code."""
    chosen = [
        case for case in REFUSED if case.id in {"F12", "K05", "K15", "N02", "T17 week", "C02"}
    ]
    both(*(case.change for case in chosen))(good_workspace)
    report = check(good_workspace)
    assert len(report.faults) == len(chosen) == 6
    for case in chosen:
        the_fault(report.faults, case)
    assert report.exit_code == 2


def test_the_report_fits_a_terminal(good_workspace: Path) -> None:
    """The report is at most 80 columns wide, and ends with the count."""
    for case in REFUSED:
        if case.id in {"K13", "N07", "C01", "T01"}:
            case.change(good_workspace)
    report = check(good_workspace)
    lines = str(report).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1].startswith(f"{len(report.faults)} faults")


def test_the_report_in_plain_values(good_workspace: Path) -> None:
    """`to_dict` gives a scheduler the table, column, count, rows and values of each fault."""
    next(case for case in REFUSED if case.id == "N01").change(good_workspace)
    plain = check(good_workspace).to_dict()
    assert plain["sound"] is False
    assert plain["rows"]["stock"] == 11
    (fault,) = plain["faults"]
    assert (fault["table"], fault["column"]) == ("stock", "quantity")
    assert (fault["count"], fault["rows"], fault["row_word"]) == (1, [5], "line")
    assert fault["values"] == ["-3"]


def test_a_customer_is_never_named(good_workspace: Path) -> None:
    """No finding of a broken orders table shows a customer's id."""
    path = good_workspace / "orders.csv"
    text = path.read_text("utf-8")
    assert "person-" in text
    for broken in (
        text.replace("person-", '"person-', 1),
        text.replace("person-", "per,son-"),
        text.replace(",person-", ",\u200bperson-"),
        text.replace("2026-", "person-2026-"),
    ):
        path.write_text(broken, "utf-8")
        said = str(check(good_workspace))
        assert "example.org" not in said


def test_parquet_counts_rows_from_one(make_workspace: Callable[..., Path]) -> None:
    """In Parquet faults name data rows, in CSV lines of the file."""
    from tests.foreship.good_workspace import good_frames

    stock = good_frames()["stock"].copy()
    stock.loc[3, "quantity"] = -1
    for ending, word, number in (("parquet", "row", 4), ("csv", "line", 5)):
        folder = make_workspace(ending=ending, stock=stock)
        if ending == "csv":
            (folder / "stock.parquet").unlink()
        (fault,) = check(folder).faults
        assert (fault.row_word, fault.rows) == (word, (number,))
        assert f"{word} {number}" in str(fault)
