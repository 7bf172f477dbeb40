"""The notebooks: run, kept with their outputs, and shown on the site as they are kept.

python docs/making/notebooks.py            runs each and keeps what it says
python docs/making/notebooks.py --check    runs each; exit 1 where it no longer says what is kept
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

__all__ = ["NOTEBOOKS", "differences", "executed", "notebook_page", "tidy"]

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

MACHINE = re.compile(re.escape(tempfile.gettempdir()) + r"/[\w-]+/?|" + re.escape(f"{ROOT}/"))
"""paths of this machine: cut short where they are said"""
RUN = re.compile(r"\b(\d{4}-\d\d-\d\d-)?[0-9a-f]{10}\b|[\d,]+ bytes")
"""what another version of the code says otherwise of the same plan"""
SHOWN = ("text/html", "text/plain")


def main() -> None:
    """Run every notebook and keep its outputs, or compare them."""
    check, faults = "--check" in sys.argv[1:], []
    for path in NOTEBOOKS:
        made = tidy(executed(path))
        if check:
            faults += differences(nbformat.read(path, as_version=4), made, path.name)
        else:
            nbformat.write(made, path)
    if faults:
        sys.exit("\n".join(faults))


def executed(path: Path) -> Any:
    """Run a notebook from its first cell; a cell that fails raises its error."""
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    quiet = ["--log-level=ERROR"]
    NotebookClient(
        notebook, resources=where, kernel_name="python3", extra_arguments=quiet
    ).execute()
    return notebook


def tidy(notebook: Any) -> Any:
    """Leave out of a notebook what its code does not say: the machine, the time, its progress."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [_tidied(each) for each in cell.outputs if _is_kept(each)]
    return notebook


def _is_kept(output: Any) -> bool:
    """Whether an output is an answer; words on stderr tell how far work is."""
    return bool(output.output_type != "stream" or output.name == "stdout")


def _tidied(output: Any) -> Any:
    output.metadata = {}
    if output.output_type == "stream":
        output.text = MACHINE.sub("", output.text)
        del output["metadata"]
        return output
    shown = {kind: text for kind, text in output.data.items() if kind in SHOWN}
    if shown.get("text/html", "").startswith("<svg"):
        shown.pop("text/plain", None)  # the picture once more
    output.data = {kind: MACHINE.sub("", text) for kind, text in shown.items()}
    return output


def differences(kept: Any, made: Any, name: str) -> list[str]:
    """Return where two runs of a notebook do not say the same, a sentence a cell."""
    said = [[RUN.sub("RUN", part) for part in _said(each)] for each in kept.cells]
    now = [[RUN.sub("RUN", part) for part in _said(each)] for each in made.cells]
    pairs = enumerate(zip(said, now, strict=True), start=1)
    return [
        f"{name}, cell {place}: kept {before}\nsays {after}"
        for place, (before, after) in pairs
        if before != after
    ]


def _said(cell: Any) -> list[str]:
    outputs = cell.outputs if cell.cell_type == "code" else []
    return [
        text
        for each in outputs
        for text in ([each.text] if each.output_type == "stream" else each.data.values())
    ]


def notebook_page(path: Path) -> str:
    """Return a notebook with the outputs that are kept in it, in Markdown."""
    notebook = nbformat.read(path, as_version=4)
    parts = [part for cell in notebook.cells for part in _cell(cell)]
    title, rest = parts[0].split("\n", 1)
    note = f"This page is `notebooks/{path.name}`, with what it says when it is run."
    return "\n\n".join([title, note, rest, *parts[1:]])


def _cell(cell: Any) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield cell.source
        return
    yield f"```python\n{cell.source}\n```"
    for output in cell.outputs:
        yield from _output(output)


def _output(output: Any) -> Iterator[str]:
    """Yield a table or a picture as HTML, anything else as text."""
    data = output.get("data", {})
    if "text/html" in data:
        body = "\n".join(line for line in data["text/html"].splitlines() if line.strip())
        yield f'<div class="output">{body}</div>'
    else:
        yield f"```\n{data.get('text/plain', output.get('text', '')).rstrip()}\n```"


if __name__ == "__main__":
    main()
