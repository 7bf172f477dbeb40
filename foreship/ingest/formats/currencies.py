"""Signs of money beside numbers, `$1,234.50`, `12,50 €`: left out where a column has one alone."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa

from foreship.ingest.distinct import Distinct
from foreship.ingest.findings import Findings
from foreship_foundation.telling.words import plural

__all__ = ["without_currency"]

BLANKS: Final = r"[ \xa0\u202f]*"
SIGNS: Final = r"[$€£¥]|[A-Z]{3}|[A-Z]{1,3}\$|kr\.?|zł|Kč|Ft"
NUMBER: Final = r"[0-9.,'\u2019 \xa0\u202f]*[0-9][0-9.,]*"
MONEY: Final = re.compile(
    rf"(?P<minus>[+-]?){BLANKS}(?P<before>{SIGNS}){BLANKS}(?P<number>[+-]?{NUMBER}-?)"
    rf"|(?P<figure>[+-]?{NUMBER}-?){BLANKS}(?P<behind>{SIGNS})(?P<sign>-?)"
)


def without_currency(found: Findings, text: Distinct) -> Distinct:
    """Return a column of money without its sign, and say so; as it is where there are several.

    Parameters
    ----------
    found
        Where the note goes; columns that are no money keep their texts.
    text
        The column.
    """
    if found.column.unit != "money":
        return text
    matched = [MONEY.fullmatch(each.strip()) for each in text.names.to_pylist()]
    signs = {each["before"] or each["behind"] for each in matched if each}
    if len(signs) != 1:
        return text
    names = [
        name if each is None else _bare(each)
        for name, each in zip(text.names.to_pylist(), matched, strict=True)
    ]
    (sign,) = signs
    rows = int(text.rows(np.array([each is not None for each in matched], dtype=bool)).sum())
    found.note(f"{sign!r} beside the number left out in {plural(rows, 'row')}")
    return text.renamed(pa.array(names, pa.string()))


def _bare(money: re.Match[str]) -> str:
    if money["before"]:
        return f"{money['minus']}{money['number']}"
    return f"{money['figure']}{money['sign']}"
