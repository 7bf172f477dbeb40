"""Small workbooks as other programs write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

__all__ = ["HEADER", "book", "repacked", "row"]

HEADER = ("location", "item", "quantity", "date")


def row(*more: Any, quantity: Any = 5) -> tuple[Any, ...]:
    """Return a row of stock; what stands first replaces location, item and so on."""
    whole: list[Any] = ["H1", "a", quantity, "2026-01-05"]
    whole[: len(more)] = more
    return tuple(whole)


def book(*rows: Sequence[Any], name: str = "Stock", options: Any = None, more: Any = None) -> bytes:
    """Return a workbook of one sheet; a value may be a call that writes its cell itself."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, options or {}) as workbook:
        sheet = workbook.add_worksheet(name)
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for r, values in enumerate(rows):
            for c, value in enumerate(values):
                if callable(value):
                    value(sheet, r, c)
                elif hasattr(value, "year"):
                    sheet.write_datetime(r, c, value, day)
                elif isinstance(value, str):
                    sheet.write_string(r, c, value)
                elif value is not None:
                    sheet.write(r, c, value)
        if more is not None:
            more(workbook)
    return data.getvalue()


def repacked(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook one of whose parts is changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            old = before.read(name)
            after.writestr(name, change(old) if name == part else old)
    return out.getvalue()
