"""Find every fault of a workspace at once: in the config, in each table, and between them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from foreship.config import CONFIG_NAME, Config, parse_config
from foreship.errors import Fault, InputError, UsageError
from foreship.forms import RETURNS
from foreship.ingest.doors.opening import Doors
from foreship.ingest.files.sources import Reader
from foreship.ingest.rules.left_out import leave_out_unknown_items
from foreship.ingest.rules.returned import split_returns
from foreship.ingest.rules.rules import RULES, locks_have_expired
from foreship.ingest.tables import TableRead, read_table
from foreship.quality.checks import ANY, described, doubts
from foreship.quality.evidence import Evidence
from foreship.workspace.thin_lines import thin_line_words
from foreship_foundation.freed import give_back
from foreship_foundation.tables.input_tables import INPUTS, Column
from foreship_foundation.telling.near_names import nearest_of
from foreship_foundation.telling.words import fitted, listed, plural

__all__ = ["CheckReport", "Given", "Inspection", "check", "inspect", "inspect_given"]

WIDTH = 80
ENDINGS = (".parquet", ".csv", ".xlsx", "")


@dataclass(frozen=True)
class CheckReport:
    """What `foreship check` found.

    **Invariants:** `faults` stop a run, `warnings` are worth a look, `notes` say what was
    understood without asking.
    """

    path: Path
    rows: Mapping[str, int]
    """table -> rows read"""
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()

    @property
    def exit_code(self) -> int:
        """Exit code of the contract: 0, 2 for a faulty config, 3 for faulty tables."""
        if any(each.table == CONFIG_NAME for each in self.faults):
            return UsageError.exit_code
        return InputError.exit_code if self.faults else 0

    def raise_if_faulty(self) -> None:
        """Raise UsageError or InputError with every fault, if there is one."""
        count = len(self.faults)
        message = f"{self.path} has {plural(count, 'fault')}:"
        if self.exit_code == UsageError.exit_code:
            raise UsageError(message, self.faults)
        if self.faults:
            raise InputError(message, self.faults)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        return {
            "workspace": str(self.path),
            "sound": not self.faults,
            "rows": dict(self.rows),
            "faults": [each.to_dict() for each in self.faults],
            "warnings": [each.to_dict() for each in self.warnings],
            "notes": [each.to_dict() for each in self.notes],
        }

    def __str__(self) -> str:
        lines = [f"{name:<14}{plural(rows, 'row'):>19}" for name, rows in self.rows.items()]
        for word, found in (
            ("fault", self.faults),
            ("warning", self.warnings),
            ("note", self.notes),
        ):
            lines += [fitted(f"{word}: {each}", WIDTH, hanging="  ") for each in found]
        return "\n".join([*lines, self._verdict()])

    def _verdict(self) -> str:
        if not self.faults:
            return f"No fault, {plural(len(self.warnings), 'warning')}."
        return f"{plural(len(self.faults), 'fault')}, {plural(len(self.warnings), 'warning')}."


@dataclass(frozen=True)
class Inspection:
    """A workspace as read: config, tables as far as they can be typed, every finding."""

    path: Path
    config: Config
    tables: dict[str, TableRead] = field(default_factory=dict)
    findings: tuple[Fault, ...] = ()

    def report(self) -> CheckReport:
        """Sort the findings by severity."""
        by = {
            severity: tuple(each for each in self.findings if each.severity == severity)
            for severity in ("fault", "warning", "note")
        }
        rows = {name: read.rows for name, read in self.tables.items()}
        return CheckReport(self.path, rows, by["fault"], by["warning"], by["note"])


def check(path: str | Path) -> CheckReport:
    """Look for every fault of every table and of the config; change nothing.

    Raises
    ------
    StorageError
        If the system refuses to read a file.
    """
    found = inspect(path)
    expired = tuple(locks_have_expired(found.tables))
    thin = [Fault("plan", each, severity="note") for each in thin_line_words(Path(path))]
    return dataclasses.replace(found, findings=(*found.findings, *expired, *thin)).report()


def inspect(
    path: str | Path,
    *,
    history: bool = True,
    as_of: np.datetime64 | None = None,
    config: Config | None = None,
) -> Inspection:
    """Read a whole workspace and gather all faults.

    Parameters
    ----------
    path
        The workspace's folder.
    history
        Whether orders are needed; a plan on one's own demand does without.
    as_of
        The Monday of the plan, where it is known: later orders are not doubted.
    config
        Believed in the place of what the folder's own config says.
    """
    folder = Path(path)
    read, findings = parse_config(folder / CONFIG_NAME)
    config = read if config is None else config
    if not (folder / CONFIG_NAME).exists():
        return Inspection(folder, config, {}, tuple(findings))
    findings += _unnamed(folder, config, _required(history), findings)
    found = Inspection(folder, config, _read(folder, config), tuple(findings))
    return _judged(found, as_of, history=history)


def inspect_given(
    given: Mapping[str, Given],
    config: Config,
    *,
    history: bool = True,
    as_of: np.datetime64 | None = None,
) -> Inspection:
    """Read tables that were handed over and gather all faults, as of a workspace of files.

    Parameters
    ----------
    given
        By table name; no file is read.
    config, history, as_of
        As in `inspect`.
    """
    absent = [name for name in INPUTS if name in _required(history) and name not in given]
    remedy = "give a frame of it"
    findings = tuple(Fault(each, "a required table that is not given", remedy) for each in absent)
    tables = {
        name: read_table(
            INPUTS[name].and_also(*given[name].extra),
            given[name].path,
            config.columns.get(name) if given[name].own else None,
            config.forms.get(name) if given[name].own else None,
            given[name].reader,
        )
        for name in INPUTS
        if name in given
    }
    found = Inspection(Path("what is given"), config, tables, findings)
    return _judged(found, as_of, history=history)


def _required(history: bool) -> set[str]:
    """Return the tables that must be there."""
    return {name for name, table in INPUTS.items() if table.required} - (
        set() if history else {"orders"}
    )


def _judged(found: Inspection, as_of: np.datetime64 | None, *, history: bool) -> Inspection:
    """Return a workspace as read with what each table, and all together, have at fault."""
    give_back()  # what files were decoded into lies freed beside what is looked at now
    tables, config = found.tables, found.config
    findings = [*found.findings, *_with_returns(tables, config)]
    leave_out_unknown_items(tables, config.forms)
    for table in tables.values():
        findings += [_softened(each, history) for each in table.faults]
    for rule in RULES:
        findings += list(rule(tables))
    findings += _unknown_checks(config)
    findings += doubts(Evidence(tables, as_of, config.forecast, config.optimize))
    return dataclasses.replace(found, findings=tuple(findings))


@dataclass(frozen=True)
class Given:
    """A table that stands in the place of a file."""

    path: Path
    """what is said where a file's path would be"""
    reader: Reader
    own: bool = True
    """whether it may have names and forms of the user's own"""
    extra: tuple[Column, ...] = ()
    """columns beside those of a file"""


def _read(folder: Path, config: Config) -> dict[str, TableRead]:
    """Read every table that the config names, wherever it lies."""
    with Doors(folder, config.store) as doors:
        return {
            name: read_table(
                INPUTS[name],
                folder / config.tables[name].place,
                config.columns.get(name),
                config.forms.get(name),
                doors.reader(config.tables[name]),
            )
            for name in INPUTS
            if name in config.tables
        }


def _unknown_checks(config: Config) -> list[Fault]:
    """Name checks of data quality that `gates.inputs` asks for and nobody makes."""
    known = [ANY, *(name for name, _ in described())]
    unknown = [name for name in config.gates.inputs if name not in known]
    said = [(name, nearest_of(name, known)) for name in unknown]
    return [
        Fault(
            CONFIG_NAME,
            f"no check is called {name!r}",
            f"is it {near!r}?" if near else f"known: {listed(known)}",
            column="gates.inputs",
        )
        for name, near in said
    ]


def _with_returns(tables: dict[str, TableRead], config: Config) -> list[Fault]:
    """Take returns out of the orders, where the config says that they stand there."""
    form = config.forms.get("orders")
    if "orders" not in tables or form is None or form.negative_quantities != RETURNS:
        return []
    if "returns" in tables:
        problem = "negative quantities of orders are returns, and there is a table of returns, too"
        return [Fault("returns", problem, "take one of both lines out")]
    found = split_returns(tables["orders"])
    if found is not None:
        tables["returns"] = found
    return []


def _softened(fault: Fault, history: bool) -> Fault:
    """Turn an empty history into a note where a plan runs on one's own demand."""
    if history or fault.table != "orders" or "no rows" not in fault.problem:
        return fault
    return Fault(fault.table, fault.problem, "no history is needed here", severity="note")


def _unnamed(folder: Path, config: Config, required: set[str], said: list[Fault]) -> list[Fault]:
    """Name required tables that `[tables]` does not, and files it seems to have forgotten."""
    faulty = {each.column.removeprefix("tables.") for each in said}
    findings = []
    for name in INPUTS:
        if name in config.tables or name in faulty:
            continue
        lying = [f"{name}{end}" for end in ENDINGS if (folder / f"{name}{end}").exists()]
        line = f'{name} = "{lying[0] if lying else name + ".parquet"}"'
        if name in required:
            remedy = f"write {line} under [tables] in {CONFIG_NAME}"
            findings.append(Fault(name, "a required table that [tables] does not name", remedy))
        elif lying:
            remedy = f"to use it write {line} under [tables]"
            problem = f"{lying[0]} lies in the folder, but [tables] does not name it"
            findings.append(Fault(name, problem, remedy, severity="warning"))
    return findings
