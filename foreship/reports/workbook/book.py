"""Write a run as one workbook."""

from __future__ import annotations

import contextlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import xlsxwriter

from foreship.reading.views import RunView, day
from foreship.reports.workbook import figures_sheets as figures
from foreship.reports.workbook.picking_sheets import picking_sheets
from foreship.reports.workbook.plan_sheet import lines_shown, plan_sheet
from foreship.reports.workbook.sheets import Sheets, fields_of
from foreship_foundation.tables.output_files import UNITS

__all__ = ["write"]

OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "constant_memory": True,
}  # fmt: skip


def write(path: Path | str | IO[bytes], view: RunView) -> None:
    """Write a run as an Excel workbook to a path or a binary stream.

    Beside a path its sheets are first written to a folder of their own: a system's folder for
    temporary files may be small, or not there.
    """
    if isinstance(path, str | Path):
        with TemporaryDirectory(dir=Path(path).parent, prefix=".sheets-") as aside:
            _write(str(path), view, {"tmpdir": aside})
    else:
        _write(path, view, {})


def _write(target: str | IO[bytes], view: RunView, options: dict[str, str]) -> None:
    book = xlsxwriter.Workbook(target, {**OPTIONS, **options})
    try:
        _fill(book, view)
        book.close()
    finally:
        for sheet in book.worksheets():  # a full disk leaves them open
            with contextlib.suppress(OSError):
                sheet.row_data_fh.close()


def _fill(book: xlsxwriter.Workbook, view: RunView) -> None:
    made = view.as_of.to_pydatetime()
    book.set_properties({"title": f"Shipment plan {day(view.as_of)}", "created": made})
    sheets = Sheets(book)
    lines, lines_cut = lines_shown(view)
    matrix, matrix_cut = figures.matrix(view.lines)
    ledger, ledger_cut = figures.ledger(view)
    cuts = (lines_cut, matrix_cut, ledger_cut, *figures.further_cuts(view))
    figures.summary_sheet(sheets, view, [cut for cut in cuts if cut])
    plan_sheet(sheets, lines, view)
    picking_sheets(sheets, view)
    figures.matrix_sheet(sheets, matrix, matrix_cut)
    sheets.frame("Units", ledger, fields_of(UNITS))
    figures.where_known(sheets, view)
    sheets.frame("Limits", figures.limits(view), figures.LIMITS)
    figures.meta_sheet(sheets, view)
