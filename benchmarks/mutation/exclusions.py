"""Mutants that are not planted, each with its reason: no test could or should find them.

By place: what the mutant would change says or checks nothing about a result. By line: a single
mutant that was looked at and computes the same.
"""

from __future__ import annotations

from typing import Any

__all__ = ["EQUIVALENT", "reason_of_line", "reason_of_place"]

PLACES = {
    "fstring": "wording of an error or a label",
    "decorator": "`frozen=True` guards against slips, it computes nothing",
    "annotation": "types are never evaluated",
    "strict": "`zip(strict=True)` raises only on a bug",
    "keyword-only": "a bare `*` between parameters multiplies nothing",
    "copy": "`copy=False` saves memory, the numbers are the same",
    "all": "the list of public names",
}
EQUIVALENT: dict[tuple[str, str], str] = {}
"""(line as written, operator) -> why it computes the same"""
QUIET_ARGUMENTS = {"strict": "strict", "copy": "copy"}


def reason_of_place(node: Any, operator: Any) -> str | None:
    """Return why nothing is planted at a node of the source; None where something is."""
    if node.type == "operator" and node.parent.type in ("param", "parameters", "arglist"):
        return PLACES["keyword-only"]
    child, above = node, node.parent
    while above is not None:
        kind = _kind(child, above)
        if kind is not None:
            return PLACES[kind]
        child, above = above, above.parent
    return None


def _kind(child: Any, above: Any) -> str | None:
    if above.type in ("fstring", "decorator"):
        return str(above.type)
    if above.type == "annassign":
        return "annotation" if child is above.children[1] else None
    if above.type == "param" and child.type == "tfpdef":
        return "annotation"
    if above.type == "funcdef" and child is above.annotation:
        return "annotation"
    if above.type == "argument":
        return QUIET_ARGUMENTS.get(above.children[0].get_code().strip())
    if above.type == "expr_stmt" and above.children[0].get_code().strip() == "__all__":
        return "all"
    return None


def reason_of_line(line: str, operator: str) -> str | None:
    """Return why one mutant of one line computes the same; None where it does not."""
    return EQUIVALENT.get((line, operator))
