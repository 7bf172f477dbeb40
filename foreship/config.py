"""`foreship.toml` -> one frozen `Config`; every fault of the file at once.

Settings are handed to the params classes by keyword, so a key nobody knows fails, with
the nearest right name. A faulty setting keeps its default while the rest is read, so
that `foreship check` can go on to the tables.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from foreship.addresses.address import Address, Misread, address_of
from foreship.addresses.secrets import SECRET_WORDS, has_secret
from foreship.errors import Fault, StorageError, UsageError
from foreship.files import read_small
from foreship.forms import FORM_KEYS, Form, wrong_form
from foreship.params import (
    ApprovalParams,
    AskedParams,
    BacktestParams,
    ClusterParams,
    FreshnessParams,
    GateParams,
    ServeParams,
    StoreParams,
)
from foreship_forecast.params import ForecastParams, PrivacyParams
from foreship_foundation.tables.input_tables import INPUTS, Table
from foreship_foundation.telling.near_names import nearest
from foreship_foundation.telling.words import plural
from foreship_optimize.params import (
    EconomicsParams,
    ExitParams,
    OptimizeParams,
    PlanParams,
    RiskParams,
)

__all__ = [
    "CONFIG_NAME",
    "SECTIONS",
    "Config",
    "config_of",
    "load_config",
    "nearest",
    "parse_config",
]

CONFIG_NAME = "foreship.toml"
LARGEST_CONFIG = 1_000_000  # bytes

SECTIONS: Mapping[str, type] = MappingProxyType(
    {
        "forecast": ForecastParams,
        "economics": EconomicsParams,
        "exits": ExitParams,
        "risk": RiskParams,
        "plan": PlanParams,
        "privacy": PrivacyParams,
        "backtest": BacktestParams,
        "freshness": FreshnessParams,
        "gates": GateParams,
        "asked": AskedParams,
        "approval": ApprovalParams,
        "cluster": ClusterParams,
        "store": StoreParams,
        "serve": ServeParams,
    }
)
"""Sections of settings, each with the class that declares them."""

NO_MEASURE = ("", "1", "count", "names")
"""units that say no more than the type does"""
FREE_SECTIONS = ("tables", "columns", "assumptions")


@dataclass(frozen=True)
class Config:
    """What `foreship.toml` says, with every default filled in.

    **Invariants:** table and column names are those of the contract.
    """

    tables: Mapping[str, Address] = field(default_factory=dict)
    """table -> where it lies; a path is relative to the workspace"""
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """table -> our column -> the user's own name for it"""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """table -> how it is written, as far as that is declared"""
    forecast: ForecastParams = field(default_factory=ForecastParams)
    economics: EconomicsParams = field(default_factory=EconomicsParams)
    exits: ExitParams = field(default_factory=ExitParams)
    risk: RiskParams = field(default_factory=RiskParams)
    plan: PlanParams = field(default_factory=PlanParams)
    privacy: PrivacyParams = field(default_factory=PrivacyParams)
    backtest: BacktestParams = field(default_factory=BacktestParams)
    freshness: FreshnessParams = field(default_factory=FreshnessParams)
    gates: GateParams = field(default_factory=GateParams)
    asked: AskedParams = field(default_factory=AskedParams)
    approval: ApprovalParams = field(default_factory=ApprovalParams)
    cluster: ClusterParams = field(default_factory=ClusterParams)
    store: StoreParams = field(default_factory=StoreParams)
    serve: ServeParams = field(default_factory=ServeParams)
    assumptions: Mapping[str, str] = field(default_factory=dict)
    """free words: what whoever built the workspace assumed; kept and printed, never used"""

    @property
    def optimize(self) -> OptimizeParams:
        """Return the settings of the optimise room in its own type."""
        return OptimizeParams(self.economics, self.exits, self.risk, self.plan)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, defaults included, in the shape of `foreship.toml`."""
        columns = {
            table: dict(self.columns.get(table, {}))
            | (self.forms[table].declared() if table in self.forms else {})
            for table in self.columns
        }
        settings = {section: _plain(asdict(getattr(self, section))) for section in SECTIONS}
        return {
            "tables": {name: address.stated() for name, address in self.tables.items()},
            "columns": columns,
            **settings,
            "assumptions": dict(self.assumptions),
        }


def load_config(path: Path) -> Config:
    """Read `path`; raise `UsageError` with every fault in it."""
    config, faults = parse_config(path)
    if faults:
        raise UsageError(f"{path} has {plural(len(faults), 'fault')}:", faults)
    return config


def parse_config(path: Path) -> tuple[Config, list[Fault]]:
    """Read `path` as far as it can be read; return what holds and every fault."""
    document, faults = _read_toml(path)
    config, more = config_of(document)
    return config, [*faults, *more]


def config_of(document: Mapping[str, Any]) -> tuple[Config, list[Fault]]:
    """Return what sections of settings say, as far as they can be read, and every fault.

    What `Config.to_dict` returns is such a document; a setting that is None is absent.
    """
    faults: list[Fault] = []
    parts: dict[str, Any] = {}
    for section, values in document.items():
        parts |= _section(section, _unsecret(section, _stated(values), faults), faults)
    config = Config(**parts)
    return replace(config, tables=_apart(config, faults)), faults


def _apart(config: Config, faults: list[Fault]) -> dict[str, Address]:
    """Return the tables that have a file, a table, or a sheet of one, of their own."""
    first: dict[tuple[Any, ...], str] = {}
    for name, address in config.tables.items():
        place = *address.parts, config.forms.get(name, Form()).sheet
        if place in first:
            problem = f"the same file as tables.{first[place]}"
            remedy = "one file, or sheet, a table"
            faults.append(_fault(problem, remedy, f"tables.{name}", str(address)))
        first.setdefault(place, name)
    return {name: config.tables[name] for name in first.values()}


def _stated(values: Any) -> Any:
    """Return the settings of a section without those that are absent."""
    if not isinstance(values, dict):
        return values
    return {key: value for key, value in values.items() if value is not None}


def _unsecret(section: str, values: Any, faults: list[Fault]) -> Any:
    """Return a section without the settings that hold a secret: they are named, never shown."""
    if not isinstance(values, dict):
        if not has_secret(values):
            return values
        faults.append(_fault(*SECRET_WORDS, section))
        return {}
    secret = [key for key, value in values.items() if has_secret(value)]
    faults += [_fault(*SECRET_WORDS, f"{section}.{key}") for key in secret]
    return {key: value for key, value in values.items() if key not in secret}


def _fault(problem: str, remedy: str = "", column: str = "", value: Any = None) -> Fault:
    shown = () if value is None else (_shown(value),)
    return Fault(CONFIG_NAME, problem, remedy, column=column, values=shown)


def _shown(value: Any) -> str:
    """Write a value as it stands in the file."""
    text = _in_toml(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _in_toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_in_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {_in_toml(each)}' for key, each in value.items())}}}"
    if isinstance(value, str):
        return f'"{value}"'
    is_number = not isinstance(value, float) or math.isfinite(value)
    return str(value) if is_number else "not a number"


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items()}


def _read_toml(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    try:
        data = read_small(path, LARGEST_CONFIG)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        fault = _fault(
            f"no {path.name} in {path.parent}", "a workspace is a folder with this file in it"
        )
        return {}, [fault]
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        return {}, [_fault(str(error), "it is a text of some lines")]
    try:
        return tomllib.loads(data.decode("utf-8-sig")), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return {}, [_fault(f"line {line}: byte 0x{data[error.start]:02X} is not UTF-8")]
    except tomllib.TOMLDecodeError as error:
        remedy = "text stands in double quotes, a number has no leading zeros"
        return {}, [_fault(f"not TOML: {error}", remedy)]
    except RecursionError:
        return {}, [_fault("nested too deeply")]


def _section(section: str, values: Any, faults: list[Fault]) -> dict[str, Any]:
    if section not in SECTIONS and section not in FREE_SECTIONS:
        known = [*SECTIONS, *FREE_SECTIONS]
        word = "section" if isinstance(values, dict) else "setting outside any section"
        faults.append(_fault(f"unknown {word} '{section}'", nearest(section, known)))
        return {}
    if not isinstance(values, dict):
        remedy = f"write [{section}] on a line of its own"
        faults.append(_fault(f"'{section}' is a section", remedy, value=values))
        return {}
    if section == "tables":
        return {"tables": _tables(values, faults)}
    if section == "columns":
        return _columns(values, faults)
    if section == "assumptions":
        return {"assumptions": _assumptions(values, faults)}
    return {section: _settings(section, values, faults)}


def _tables(values: dict[str, Any], faults: list[Fault]) -> dict[str, Address]:
    addresses: dict[str, Address] = {}
    for name, stated in values.items():
        key = f"tables.{name}"
        if name not in INPUTS:
            faults.append(_fault("unknown table", nearest(name, INPUTS), key))
            continue
        try:
            addresses[name] = address_of(stated)
        except Misread as error:
            shown = stated if error.shown else None
            faults.append(_fault(error.problem, error.remedy, key, shown))
    return addresses


def _columns(values: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    columns: dict[str, dict[str, str]] = {}
    forms: dict[str, Form] = {}
    for name, given in values.items():
        if name not in INPUTS or not isinstance(given, dict):
            remedy = 'write orders.item = "SKU", no quotes left of ='
            hint = remedy if name in INPUTS or "." in name else nearest(name, INPUTS)
            faults.append(_fault("unknown table", hint, f"columns.{name}"))
            continue
        renames = {key: value for key, value in given.items() if key not in FORM_KEYS}
        written = {key: value for key, value in given.items() if key in FORM_KEYS}
        if written:
            forms[name] = _form(name, written, faults)
        columns[name] = _renames(INPUTS[name], renames, faults)
    return {"columns": columns, "forms": forms}


def _form(table: str, written: dict[str, Any], faults: list[Fault]) -> Form:
    wrong = wrong_form(table, written)
    for key, problem, remedy, value in wrong:
        faults.append(_fault(problem, remedy, f"columns.{table}.{key}", value))
    faulty = {key for key, *_ in wrong}
    return Form(**{key: value for key, value in written.items() if key not in faulty})


def _renames(table: Table, renames: dict[str, Any], faults: list[Fault]) -> dict[str, str]:
    good: dict[str, str] = {}
    for ours, theirs in renames.items():
        key = f"columns.{table.name}.{ours}"
        if ours not in table.names:
            faults.append(_fault("unknown column", nearest(ours, [*table.names, *FORM_KEYS]), key))
        elif not isinstance(theirs, str) or not theirs:
            faults.append(_fault("not a column name", 'write it as "SKU"', key, theirs))
        elif theirs in good.values():
            faults.append(_fault("two columns read from the same one", "", key, theirs))
        else:
            good[ours] = theirs
    return good


def _assumptions(values: dict[str, Any], faults: list[Fault]) -> dict[str, str]:
    for key, words in values.items():
        if not isinstance(words, str):
            faults.append(_fault("not text", 'write it in "quotes"', f"assumptions.{key}", words))
    return {key: words for key, words in values.items() if isinstance(words, str)}


def _settings(section: str, values: dict[str, Any], faults: list[Fault]) -> Any:
    kind = SECTIONS[section]
    hints = get_type_hints(kind)
    units = {each.name: each.metadata.get("unit", "") for each in fields(kind)}
    good: dict[str, Any] = {}
    for key, value in values.items():
        where = f"{section}.{key}"
        if key not in hints:
            faults.append(_fault("unknown setting", nearest(key, hints), where))
            continue
        typed, wanted = _typed(value, hints[key])
        if wanted:
            aside = f" ({units[key]})" if units[key] not in NO_MEASURE else ""
            remedy = f"must be {wanted}{aside}"
            faults.append(_fault("wrong type", remedy, where, value))
            continue
        try:
            kind(**{key: typed})
        except ValueError as error:
            faults.append(_fault(str(error).removeprefix(f"{key} = "), "", where))
            continue
        good[key] = typed
    return kind(**good)


def _typed(value: Any, hint: Any) -> tuple[Any, str]:
    """Return `value` as the type hinted at, or the words for what it should have been."""
    hints = get_args(hint) or (hint,)
    if int in hints:
        good = isinstance(value, int) and not isinstance(value, bool)
        return value, "" if good else "a whole number"
    if float in hints:
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        finite = good and math.isfinite(value)
        return (float(value), "") if finite else (value, f"a {'finite ' * good}number")
    if str in hints and hint is not str:
        good = isinstance(value, list) and all(isinstance(each, str) for each in value)
        name = value if isinstance(value, str) else "return"
        return (tuple(value), "") if good else (value, f"a list of names, as {json.dumps([name])}")
    return value, "" if isinstance(value, str) else "text"
