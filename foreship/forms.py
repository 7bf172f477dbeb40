"""How a table is written, as far as `[columns]` declares it; the rest is recognised or asked."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

__all__ = ["DELIMITERS", "FORM_KEYS", "LEAVE_OUT", "LYING", "RETURNS", "Form", "wrong_form"]

DELIMITERS: Mapping[str, str] = MappingProxyType(
    {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
)
"""what may stand between the values of a CSV file -> in words"""
RETURNS = "returns"
"""negative quantities of orders are customer returns"""
LEAVE_OUT = "leave_out"
"""rows of items that `items` does not have are not read"""
LYING = ("stock", "inbound")
"""tables of units that lie or come, in which exports name more items than are sold"""


@dataclass(frozen=True)
class Form:
    """How one table is written; '' where nothing is declared."""

    delimiter: str = ""
    """what stands between the values of a CSV file"""
    decimal: str = ""
    """the mark before decimals, `.` or `,`"""
    thousands: str = ""
    """the mark between groups of three digits"""
    encoding: str = ""
    """the character set of a CSV file, as Python names it"""
    sheet: str = ""
    """the sheet of a workbook; '' for its first visible one"""
    date_format: str = ""
    """strptime format of dates that are text"""
    negative_quantities: str = ""
    """`returns`: orders of a negative quantity are returns of that day"""
    unknown_items: str = ""
    """`leave_out`: rows of stock or inbound whose item is not among the items are left out"""

    def declared(self) -> dict[str, str]:
        """Return what is declared, in the shape of `foreship.toml`."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


def _is_date_format(text: str) -> bool:
    parts = ("%d",), ("%m", "%b", "%B"), ("%Y", "%y")
    codes = re.findall("%.?", text)
    if not all(any(code in codes for code in part) for part in parts):
        return False
    try:
        datetime.strptime(datetime(2026, 5, 4, tzinfo=UTC).strftime(text), text)
    except ValueError:
        return False
    return True


def _is_encoding(text: str) -> bool:
    try:
        found = codecs.lookup(text)
        return isinstance("a".encode(found.name), bytes) and found.decode(b"")[0] == ""
    except (LookupError, TypeError, ValueError):  # also of a codec that is no character set
        return False


ADMITTED: Mapping[str, tuple[Callable[[str], bool], str, str]] = MappingProxyType(
    {
        "delimiter": (
            DELIMITERS.__contains__,
            "not a delimiter",
            r'it is one of ",", ";", "\t" and "|"',
        ),
        "decimal": ((".", ",").__contains__, "not a decimal mark", 'it is "." or ","'),
        "thousands": (
            (".", ",", " ", "'", "\u2019", "\xa0", "\u202f").__contains__,
            "not a thousands mark",
            'it is ".", ",", a blank or an apostrophe',
        ),
        "encoding": (_is_encoding, "not a character set", 'write it as "utf-8" or "cp1252"'),
        "sheet": (lambda text: bool(text.strip()), "not the name of a sheet", 'as "Sheet1"'),
        "date_format": (
            _is_date_format,
            "not a date format",
            'a format has a day, a month and a year, as "%d/%m/%Y"',
        ),
        "negative_quantities": (
            (RETURNS,).__contains__,
            "not a use of negative quantities",
            'the one there is: "returns"',
        ),
        "unknown_items": (
            (LEAVE_OUT,).__contains__,
            "not a use of unknown items",
            'the one there is: "leave_out"',
        ),
    }
)
FORM_KEYS = tuple(ADMITTED)


def wrong_form(table: str, given: Mapping[str, Any]) -> list[tuple[str, str, str, Any]]:
    """Return key, what is wrong, what would be right and the value of each faulty declaration."""
    wrong = []
    for key, value in given.items():
        admits, problem, remedy = ADMITTED[key]
        if not isinstance(value, str) or not admits(value):
            wrong.append((key, problem, remedy, value))
        elif key == "negative_quantities" and table != "orders":
            wrong.append((key, "only orders have returns", "take the line out", value))
        elif key == "unknown_items" and table not in LYING:
            wrong.append((key, "only of stock and inbound", "add the items to items", value))
    marks = [given.get(key) for key in ("decimal", "thousands")]
    if marks[0] is not None and marks[0] == marks[1]:
        wrong.append(("thousands", "the mark of the decimals, too", "it is another one", marks[1]))
    return wrong
