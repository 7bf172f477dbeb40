"""A proposed `foreship.toml`: lines for what is certain, comments to choose from for the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from foreship.errors import Fault
from foreship.forms import RETURNS, Form
from foreship.jobs.proposing.matching import Match

__all__ = ["settling_lines", "toml_text"]

NEGATIVE = "negative quantity"
SETTLES = re.compile(r'\[columns\] (\w+\.\w+) = ("[^"]*"(?:(?:, | or )"[^"]*")*)')
VALUE = re.compile(r'"[^"]*"')


def settling_lines(fault: Fault) -> list[str]:
    """Return the lines of TOML one of which answers a question."""
    if (fault.table, fault.column) == ("orders", "quantity") and fault.problem == NEGATIVE:
        return [f'orders.negative_quantities = "{RETURNS}"']
    found = SETTLES.findall(fault.remedy)
    return [f"{key} = {each}" for key, values in found for each in VALUE.findall(values)]


def toml_text(
    tables: Mapping[str, str],
    notes: Mapping[str, str],
    matches: Sequence[Match],
    forms: Mapping[str, Form],
    faults: Sequence[Fault],
) -> str:
    """Return the text of the file.

    Parameters
    ----------
    tables
        Table -> path, as it is written down.
    notes
        Table -> how it was derived.
    matches
        Which headings are which columns.
    forms
        How files turned out to be written.
    faults
        What was asked of the tables.
    """
    lines = [
        "# Proposed by `foreship init`. Lines that begin with `#?` are questions: take the `#?`"
    ]
    lines += ["# away from one line of each, then run `foreship check`.", "", "[tables]"]
    for name, path in tables.items():
        comment = f"  # derived: {notes[name]}" if name in notes else ""
        lines.append(f"{name} = {_quoted(path)}{comment}")
    lines += ["", "[columns]"]
    for match in matches:
        lines += [*_of_table(match, forms.get(match.table, Form())), *_asked(match, faults)]
    return "\n".join(lines) + "\n"


def _of_table(match: Match, form: Form) -> Iterator[str]:
    for column, heading in match.renames.items():
        if column != heading and "." not in column:
            yield f"{match.table}.{column} = {_quoted(heading)}"
    for key, value in form.declared().items():
        yield f"{match.table}.{key} = {_quoted(value)}"


def _asked(match: Match, faults: Sequence[Fault]) -> Iterator[str]:
    for column, headings in match.doubles.items():
        yield f"# {match.table}.{column} may be any of these:"
        yield from (f"#? {match.table}.{column} = {_quoted(each)}" for each in headings)
    for column in match.missing:
        spare = ", ".join(_quoted(each) for each in match.spare[:8])
        yield f"# {match.table}.{column} is needed; columns without a use: {spare}"
        for heading in match.likely.get(column, ("...",)):
            yield f"#? {match.table}.{column} = {_quoted(heading)}"
    for fault in faults:
        if fault.table == match.table and (lines := settling_lines(fault)):
            yield f"# {fault.problem.replace(chr(10), ' ')}"
            yield from (f"#? {each}" for each in dict.fromkeys(lines))


def _quoted(text: str) -> str:
    """Return a TOML string; JSON escapes as TOML does."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
