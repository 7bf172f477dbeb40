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
    "walrus": "`not` before `name := value` does not parse",
}
AT_A_TIME = "how much is worked on at a time: memory and speed, never a number"
NO_PRICE = "without a budget no outcome has a price"
EQUIVALENT: dict[tuple[str, str], str] = {
    ("constant -= float(outcomes.sum()) * (risk.budget or 0.0)", "NumberReplacer"): NO_PRICE,
    (
        "mine = np.flatnonzero(~units.on_hand) if outcomes.any() else np.zeros(0, dtype=np.int64)",
        "NumberReplacer",
    ): NO_PRICE,
    (
        "apart = touched(problem, into) & touched(problem, outof)",
        "ReplaceBinaryOperator_BitAnd_BitOr",
    ): "only spares the work where there are none: `lots_of` finds them itself",
    (
        "(np.full(len(mine), -1), np.where(units.on_hand[some.first], some.sums(kept), np.inf))",
        "NumberReplacer",
    ): "units on hand come before arrivals of the same day in any case",
    (
        "ordinal = np.arange(len(days.cell)) - np.searchsorted(days.cell, days.cell)",
        "ReplaceBinaryOperator_Sub_Add",
    ): "more rounds, each day still in one of them",
    (
        "for place in range(int(ordinal.max(initial=-1)) + 1):",
        "ReplaceUnaryOperator_USub_Not",
    ): "there is a day, or the function has returned",
    (
        "rows = np.flatnonzero(days.of_row == of_unit[problem.late.unit])",
        "ReplaceComparisonOperator_Eq_LtE",
    ): "rows are sorted by day, so that the wanted one is written last",
    ("BLOCK_ROWS = 65_536", "NumberReplacer"): AT_A_TIME,
    ("WIDEST_STRETCH = 4_000_000", "NumberReplacer"): AT_A_TIME,
    ("AT_ONCE = 10_000", "NumberReplacer"): AT_A_TIME,
    ("TOGETHER = 256", "NumberReplacer"): AT_A_TIME,
    ("PRODUCT_ROWS: Final = 48", "NumberReplacer"): AT_A_TIME,
    (
        "saved = np.where(served, direct, 0.0) - last_mile",
        "NumberReplacer",
    ): "where no hub serves, the share lost is 1 and what is saved counts for nothing",
    (
        "network.lanes.destination[lanes] == hub,",
        "ReplaceComparisonOperator_Eq_GtE",
    ): "the first lane of a region is kept, its nearest hub's; the least over all hubs is the same",
    (
        'and (lock["kind"] == "forbid" or (lock["kind"] != "at_least" and lock["value"] == 0))',
        "ReplaceComparisonOperator_Eq_GtE",
    ): "of the four kinds of lock no other comes behind `forbid` in the alphabet",
    (
        "at = (origin - origin.min(), horizon - horizon.min())",
        "ReplaceBinaryOperator_Sub_Add",
    ): "lags without a pair have no weight",
    (
        "tail = betainc(np.maximum(counts, 1.0), r, mean / (mean + r))",
        "NumberReplacer",
    ): "counts below one are answered for by the next line",
    (
        "stock = np.zeros(len(problem.items) * max(1, len(problem.hubs)), dtype=np.int64)",
        "NumberReplacer",
    ): "room that nothing fills",
}
"""(line as written, operator) -> why it computes the same"""
QUIET_ARGUMENTS = {"strict": "strict", "copy": "copy"}


def reason_of_place(node: Any, operator: Any) -> str | None:
    """Return why nothing is planted at a node of the source; None where something is."""
    if node.type == "operator" and node.parent.type in ("param", "parameters", "arglist"):
        return PLACES["keyword-only"]
    if type(operator).__name__ == "AddNot" and node.children[1].type == "namedexpr_test":
        return PLACES["walrus"]
    child, above = node, node.parent
    while above is not None:
        kind = _kind(child, above)
        if kind is not None:
            return PLACES[kind]
        child, above = above, above.parent
    return None


def _kind(child: Any, above: Any) -> str | None:
    name = above.children[0].get_code().strip()
    annotation = (
        (above.type == "annassign" and child is above.children[1])
        or (above.type == "param" and child.type == "tfpdef")
        or (above.type == "funcdef" and child is above.annotation)
    )
    if annotation:
        return "annotation"
    if above.type == "argument":
        return QUIET_ARGUMENTS.get(name)
    if above.type == "expr_stmt":
        return "all" if name == "__all__" else None
    return str(above.type) if above.type in ("fstring", "decorator") else None


def reason_of_line(line: str, operator: str) -> str | None:
    """Return why one mutant of one line computes the same; None where it does not."""
    return EQUIVALENT.get((line, operator))
