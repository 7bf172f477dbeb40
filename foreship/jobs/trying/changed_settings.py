"""Settings and tables that a plan is tried with in the place of the workspace's own."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from foreship.config import SECTIONS, Config, config_of, nearest
from foreship.errors import Fault, UsageError
from foreship.files import sha256
from foreship.jobs.trying.changed_tables import read_changes
from foreship_foundation.tables.input_tables import INPUTS

__all__ = ["Tried", "changed_config", "pairs_of", "text_of", "value_of"]

ABSENT: Final = "absent"
"""word for a setting that is not stated"""


@dataclass(frozen=True)
class Tried:
    """What is tried: settings by `section.key`, tables by name, changes of tables."""

    settings: Mapping[str, str] = field(default_factory=dict)
    """as TOML writes a value; a bare word is text, `absent` takes the setting away"""
    tables: Mapping[str, Path] = field(default_factory=dict)
    """file of each table"""
    changes: tuple[str, ...] = ()
    """of tables, each a sentence as `Change` reads it"""

    @property
    def words(self) -> str:
        """What is tried in short."""
        said = [f"{key}={value}" for key, value in sorted(self.settings.items())]
        said += [f"{name}={path.name}" for name, path in sorted(self.tables.items())]
        return ", ".join([*said, *self.changes]) or "nothing changed"

    def facts(self) -> dict[str, Any]:
        """Return what the manifest says of it."""
        tables = {
            name: {"path": str(path), "sha256": sha256(path)} for name, path in self.tables.items()
        }
        changes = {"changes": list(self.changes)} if self.changes else {}
        return {"set": dict(self.settings), "tables": tables, **changes}


def changed_config(config: Config, folder: Path, tried: Tried) -> Config:
    """Return the settings of a workspace with those that are tried.

    Raises
    ------
    UsageError
        With every setting and table that cannot be, as `foreship.toml` would be told, and beside
        them every change that cannot be read; these alone are told with what else is wrong about
        changes, once tables are open.
    """
    document, faults = config.to_dict(), []
    for key, text in tried.settings.items():
        section, dot, name = key.partition(".")
        if not dot or section not in SECTIONS:
            remedy = nearest(section, SECTIONS) if dot else "write it as section.setting=value"
            faults.append(Fault("--set", "unknown section", remedy, column=key))
            continue
        document[section] = {**document[section], name: value_of(text)}
    for name, path in tried.tables.items():
        if name not in INPUTS:
            faults.append(Fault("--table", "unknown table", nearest(name, INPUTS), column=name))
        elif not path.is_file():
            faults.append(Fault("--table", f"there is no file at {path}", column=name))
        else:
            document["tables"][name] = os.path.relpath(path, folder)
    changed, more = config_of(document)
    if faults := [*faults, *more]:
        faults += read_changes(tried.changes)[1]
        raise UsageError("what is to be tried cannot be:", faults)
    return changed


def value_of(text: str) -> Any:
    """Return a value as TOML reads it; a bare word is text, `absent` is None."""
    if text.strip() == ABSENT:
        return None
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def text_of(value: Any) -> str:
    """Return a value of Python as it is written where settings are tried."""
    if value is None:
        return ABSENT
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(text_of, value))}]"
    return json.dumps(value)


def pairs_of(option: str, words: list[str]) -> dict[str, str]:
    """Return options of the form NAME=VALUE by name.

    Raises
    ------
    UsageError
        If one has no `=`, or a name is given twice.
    """
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{option} {word!r}: write it as NAME=VALUE")
        if name.strip() in found:
            raise UsageError(f"{option} {name.strip()} is given twice")
        found[name.strip()] = value.strip()
    return found
