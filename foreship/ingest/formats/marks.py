"""Marks in numbers: which is the decimal one, which parts thousands. Certain, declared or asked.

A number such as 12,50 proves its column: a comma before two digits parts no thousands. 1.234 and
1,234 prove nothing; they are read as the column does, or the file, where that is proven.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from foreship.forms import Form
from foreship.ingest.distinct import bools, matches
from foreship_foundation.arrays import Bools

__all__ = ["PLAIN", "Evidence", "Marks", "canonical", "evidence_of", "readings", "settled"]

SPACES = " \xa0\u202f'\u2019"
GROUPS = r"[ \x{a0}\x{202f}'\x{2019}]"
"""marks that can part nothing but thousands"""


def _proofs(decimal: str, other: str) -> tuple[str, ...]:
    """Return the patterns of numbers that only one decimal mark explains."""
    return (
        rf"^[+-]?([0-9]*{decimal}([0-9]{{1,2}}|[0-9]{{4,}})|(0[0-9]*|[0-9]{{4,}}){decimal}[0-9]{{3}})-?$",
        rf"^[+-]?{decimal}[0-9]{{3}}-?$",
        rf"^[+-]?[0-9]{{1,3}}({other}[0-9]{{3}})+{decimal}[0-9]*-?$",
        rf"^[+-]?[1-9][0-9]{{0,2}}({other}[0-9]{{3}}){{2,}}-?$",
        rf"^[+-]?[0-9]{{1,3}}({GROUPS}[0-9]{{3}})+{decimal}[0-9]+-?$",
        rf"^[+-]?[0-9]+{decimal}[0-9]+[eE][+-]?[0-9]+$",
    )


WITH_POINT, WITH_COMMA = _proofs(r"\.", ","), _proofs(",", r"\.")
EITHER_POINT = r"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}-?$"
EITHER_COMMA = r"^[+-]?[1-9][0-9]{0,2},[0-9]{3}-?$"


@dataclass(frozen=True)
class Marks:
    """How numbers are written.

    **Invariants:** `decimal` is `.` or `,`; no mark of `thousands` is the decimal one.
    """

    decimal: str = "."
    thousands: str = ""
    """all marks that may part thousands, one of them in a number"""
    proven: bool = field(default=False, compare=False)
    """whether some number shows the decimal mark"""


@dataclass(frozen=True)
class Evidence:
    """What the numbers of one column say of how they are written."""

    point: bool
    """some are explained by a decimal point alone"""
    comma: bool
    either_point: Bools
    """texts such as 1.234, which both explain"""
    either_comma: Bools
    """texts such as 1,234"""

    @property
    def open(self) -> Bools:
        """Texts that both marks explain, to different numbers."""
        return self.either_point | self.either_comma


PLAIN = Marks()
POINT = Marks(".", "," + SPACES, proven=True)
COMMA = Marks(",", "." + SPACES, proven=True)
WHOLE = Marks(".", SPACES)
"""of numbers without decimals"""


def evidence_of(names: pa.Array) -> Evidence:
    """Look at the distinct texts of a column of numbers, without blanks around them."""
    point, comma = (
        any(matches(names, each).any() for each in forms) for forms in (WITH_POINT, WITH_COMMA)
    )
    return Evidence(point, comma, matches(names, EITHER_POINT), matches(names, EITHER_COMMA))


def settled(found: Mapping[str, Evidence], form: Form, own: bool) -> dict[str, Marks | None]:
    """Return how the numbers of each column are written, None where that must be asked.

    Parameters
    ----------
    found
        Column -> what its numbers say.
    form
        What is declared of the table.
    own
        Whether the file is in our own notation, where a point is a decimal one.
    """
    declared = _declared(form)
    if declared is not None:
        return dict.fromkeys(found, declared)
    proven = {each.point for each in found.values() if each.point != each.comma}
    file = proven.pop() if len(proven) == 1 and not own else None
    return {name: _of_column(each, file, own) for name, each in found.items()}


def _declared(form: Form) -> Marks | None:
    decimal, thousands = form.decimal, form.thousands
    if not decimal and thousands in (".", ","):
        decimal = "," if thousands == "." else "."
    if not decimal:
        return None
    other = "." if decimal == "," else ","
    return Marks(decimal, (thousands or other) + (SPACES if thousands not in (".", ",") else ""))


def _of_column(column: Evidence, file: bool | None, own: bool) -> Marks | None:
    if column.point and column.comma:
        return PLAIN  # some are at fault, and are named
    if column.point or column.comma:
        return POINT if column.point else COMMA
    if not column.open.any():
        return WHOLE
    if file is not None:
        return POINT if file else COMMA
    return PLAIN if own and not column.either_comma.any() else None


def canonical(names: pa.Array, marks: Marks) -> tuple[pa.Array, Bools]:
    """Return the texts in our notation, and which of them are no numbers in that one.

    What is no number stays as it is. A sign at the end, as SAP writes it, goes to the front.
    """
    point = r"\." if marks.decimal == "." else ","
    tail = rf"({point}[0-9]*)?([eE][+-]?[0-9]{{1,9}})?"
    forms = [rf"[0-9]+{tail}", rf"{point}[0-9]+([eE][+-]?[0-9]{{1,9}})?"]
    forms += [rf"[0-9]{{1,3}}({_escaped(mark)}[0-9]{{3}})+{tail}" for mark in marks.thousands]
    good = matches(names, rf"^([+-]?({'|'.join(forms)})|({'|'.join(forms)})-)$")
    texts = names.filter(pa.array(good))
    for mark in marks.thousands:
        texts = pc.replace_substring(texts, mark, "")
    if marks.decimal == ",":
        texts = pc.replace_substring(texts, ",", ".")
    texts = pc.replace_substring_regex(texts, r"^(.*)-$", r"-\1")
    return pc.replace_with_mask(names, pa.array(good), texts), ~good & ~bools(pc.equal(names, ""))


def _escaped(mark: str) -> str:
    return rf"\x{{{ord(mark):x}}}"


def readings(text: str) -> tuple[str, str]:
    """Return what 1.234 may mean, by a decimal point and by a decimal comma."""
    one = canonical(pa.array([text]), POINT)[0][0].as_py()
    other = canonical(pa.array([text]), COMMA)[0][0].as_py()
    return f"{float(one):g}", f"{float(other):g}"
