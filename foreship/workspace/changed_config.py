"""Settings given in Python, beside or in the place of those of a config."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from foreship.config import SECTIONS, Config, config_of, nearest
from foreship.errors import Fault, UsageError

__all__ = ["config_with"]

KNOWN = (*SECTIONS, "columns", "assumptions")
"""sections that may be given; tables are given as frames"""


def config_with(config: Config, values: Mapping[str, Any]) -> Config:
    """Return a config with other settings.

    Parameters
    ----------
    values
        By `section__setting` or `section.setting`, or a mapping of settings by section; None
        takes a setting away, so that its default holds.

    Raises
    ------
    UsageError
        With every setting that does not exist or is out of its range, and the nearest right name.
    """
    stated: Any = values
    if not isinstance(stated, Mapping):
        kind = type(stated).__name__
        raise UsageError(f"settings are given by name, as {{'risk.budget': 400}}, not as {kind}")
    document, faults = config.to_dict(), []
    given: dict[tuple[str, str], str] = {}
    for key, value in values.items():
        section, dot, name = str(key).replace("__", ".", 1).partition(".")
        if section not in KNOWN:
            hint = nearest(section, KNOWN)
            faults.append(Fault("settings", "unknown section", hint, column=str(key)))
        elif not dot and not isinstance(value, Mapping):
            remedy = f"write {section}={{setting: value}}, or {section}__setting=value"
            faults.append(Fault("settings", "a section is no setting", remedy, column=key))
        else:
            more = {name: value} if dot else dict(value)
            for each in more:
                if given.setdefault((section, str(each)), key) != key:
                    problem, remedy = "is given twice", "give it once"
                    twice = f"{section}.{each}"
                    faults.append(Fault("settings", problem, remedy, column=twice))
            document[section] = {**document[section], **more}
    changed, more_faults = config_of(_plain(document))
    faults += [dataclasses.replace(each, table="settings") for each in more_faults]
    if faults:
        raise UsageError("the settings given cannot be:", faults)
    return changed


def _plain(value: Any) -> Any:
    """Return mappings, tuples and numbers of numpy as a file would hold them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.item() if hasattr(value, "item") else value
