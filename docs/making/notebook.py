"""The notebook as a page: run when the site is built, so what it shows is what the code says."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

__all__ = ["notebook_page"]

TEMPORARY = re.compile(re.escape(tempfile.gettempdir()) + r"/\w+/")


def notebook_page(path: Path) -> str:
    """Return a notebook with its outputs in Markdown; a cell that fails fails the build."""
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    quiet = ["--log-level=ERROR"]
    NotebookClient(
        notebook, resources=where, kernel_name="python3", extra_arguments=quiet
    ).execute()
    parts = [part for cell in notebook.cells for part in _cell(cell)]
    title, rest = parts[0].split("\n", 1)
    note = f"This page is `notebooks/{path.name}`, run when the site was built."
    return "\n\n".join([title, note, rest, *parts[1:]])


def _cell(cell: Any) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield cell.source
        return
    yield f"```python\n{cell.source}\n```"
    for output in cell.outputs:
        yield from _output(output)


def _output(output: Any) -> Iterator[str]:
    """Yield a table as HTML, anything else as text; paths of temporary folders are cut short."""
    data = output.get("data", {})
    if "text/html" in data:
        body = "\n".join(line for line in data["text/html"].splitlines() if line.strip())
        yield f'<div class="output">{TEMPORARY.sub("", body)}</div>'
    elif output.output_type != "stream" or output.name == "stdout":
        text = data.get("text/plain", output.get("text", ""))
        yield f"```\n{TEMPORARY.sub('', text).rstrip()}\n```"
