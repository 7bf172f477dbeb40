"""How a setting is declared: default, unit, meaning, closed range and source in one line.

The params classes of the rooms and of the corridor are frozen dataclasses of such settings;
`foreship schema` and the docs print them from here.
"""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any

from foreship_foundation.bounds import number_in_words

__all__ = ["refuse_out_of_range", "setting"]


def setting(
    default: Any,
    unit: str,
    meaning: str,
    *,
    low: float | None = None,
    high: float | None = None,
    source: str = "chosen by us",
) -> Any:
    """Declare a setting: default, unit, meaning, closed range and where the default comes from."""
    metadata = {"unit": unit, "meaning": meaning, "low": low, "high": high, "source": source}
    return field(default=default, metadata=metadata)


def refuse_out_of_range(params: Any) -> None:
    """Raise ValueError naming every setting outside its stated range."""
    faults = []
    for each in fields(params):
        value = getattr(params, each.name)
        low, high = each.metadata.get("low"), each.metadata.get("high")
        if value is None or isinstance(value, (str, tuple)):
            continue
        if (low is not None and not value >= low) or (high is not None and not value <= high):
            span, unit = _range_in_words(low, high), each.metadata["unit"]
            faults.append(f"{each.name} = {value}; must be {span} ({unit})")
    if faults:
        raise ValueError("; ".join(faults))


def _range_in_words(low: float | None, high: float | None) -> str:
    most = "" if high is None else number_in_words(high)
    if low is None:
        return f"at most {most}"
    least = number_in_words(low)
    return f"between {least} and {most}" if most else f"at least {least}"
