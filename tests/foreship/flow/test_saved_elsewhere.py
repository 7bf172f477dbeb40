"""A plan's workbook saved by LibreOffice is read back as it was, and as it was edited."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from foreship.approval.edited_book import read_edits
from foreship.reports import workbook
from tests.foreship.edited_books import edited
from tests.foreship.run_views import make_view

OFFICE = shutil.which("soffice")
SECONDS = 240


def saved_by_office(path: Path, folder: Path, form: str) -> Path:
    """Let LibreOffice open a workbook and save it in another form."""
    command = [
        str(OFFICE),
        "--headless",
        "--norestore",
        "--convert-to",
        form,
        "--outdir",
        str(folder),
    ]
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [*command, "--outdir", str(folder), str(path)],
        env={**os.environ, "HOME": str(home)},
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )
    return folder / f"{path.stem}.{form}"


@pytest.mark.nightly
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_changes_nothing_that_counts(tmp_path: Path) -> None:
    """Unedited: no edit; fifty edits: all of them; by way of its own format and back."""
    view = make_view(items=20)
    book = tmp_path / "plan.xlsx"
    workbook.write(book, view)
    own = saved_by_office(book, tmp_path / "ods", "ods")
    back = saved_by_office(own, tmp_path / "back", "xlsx")
    assert read_edits(back, view.lines, view.run_id) == ([], [], [])
    cells: dict = {(line, "new quantity"): 700 + line for line in range(50)}
    cells |= {(line, "decision"): "change" for line in range(50)}
    changed = edited(book, tmp_path / "edited.xlsx", cells)
    again = saved_by_office(changed, tmp_path / "again", "xlsx")
    edits, faults, notes = read_edits(again, view.lines, view.run_id)
    assert (faults, notes) == ([], [])
    assert [(each.line, each.quantity) for each in edits] == [(n, 700 + n) for n in range(50)]
