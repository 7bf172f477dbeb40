"""Days and moments that stand as text, written as the browser's language has them."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from foreship.reading.views import day

__all__ = ["day_of", "moment"]

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
MINUTES: Final = slice(11, 16)


def day_of(text: str) -> str:
    """Write a day; what is none stays as it is."""
    if not DAY.fullmatch(text):
        return text
    try:
        return day(pd.Timestamp(text))
    except ValueError:
        return text


def moment(text: str) -> str:
    """Write the day and minute of a moment as `2026-11-16T08:00:00Z`, in universal time."""
    return f"{day_of(text[:10])} {text[MINUTES]}".rstrip()
