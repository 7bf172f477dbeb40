"""What each piece of the solving half earns: everything, and then without one piece at a time.

`python -m benchmarks.program.ablation` solves drawn networks of three kinds and sizes, two ways,
with everything and without each of `pieces.PIECES`, and appends a row for each piece, kind, way and
size to results_ablation.csv; `--table` prints the means of what stands there. README.md says which
networks these are.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np

from benchmarks.program.instances import draw
from benchmarks.program.late_network import MONDAY, draw_late
from benchmarks.program.pieces import PIECES, Piece, without
from benchmarks.results import append, today, versions
from foreship_optimize import planning
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.gap import relative_gap
from foreship_optimize.valuation import assembly

RESULTS = Path(__file__).parent / "results_ablation.csv"
SIZES = {"prices": (300, 1000, 3000), "program": (150, 300, 600)}
"""items drawn: by prices from the first item on, or by one program"""
KINDS, SEEDS, SCENARIOS = ("plain", "families", "late"), 6, 100
WARM = 40
"""items of a network that nothing is measured of"""
BUDGET = 0.6
"""share of the drawn risk budget with families: it binds"""


class Network(NamedTuple):
    """A network that was drawn, and its settings."""

    assemble: Callable[[], Any]
    """lays the problem out; with late lanes that is part of what is measured"""
    params: OptimizeParams


class SolveResult(NamedTuple):
    """What a solve came to."""

    objective: float
    gap: float
    seconds: float
    relaxed: bool


def main() -> None:
    """Measure and append, or print what stands there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true", help="print the means of the rows")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--ways", nargs="+", choices=tuple(SIZES), default=tuple(SIZES))
    parser.add_argument("--sizes", nargs="+", type=int, help="items; by default three a way")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--only", nargs="+", help="names of pieces")
    options = parser.parse_args()
    if not options.table:
        for way in options.ways:
            for items in options.sizes or SIZES[way]:
                for kind in options.kinds:
                    _group(kind, way, items, options.seeds, options.only)
    print(table())


def _group(kind: str, way: str, items: int, seeds: int, only: list[str] | None) -> None:
    """Measure every piece that has a part in networks of a kind, way and size."""
    mine = [piece for piece in PIECES if piece.is_in(kind, way, items)
            and (not only or piece.name in only)]  # fmt: skip
    found: dict[str, list[tuple[SolveResult, SolveResult]]] = defaultdict(list)
    for piece in mine:  # what is compiled on the way takes no time later
        with without(piece), _remembered() as memory:
            solved(drawn(kind, way, WARM, seeds), memory)
    for seed in range(seeds):
        network = drawn(kind, way, items, seed)
        with _remembered() as memory:
            plain = solved(network, memory)
            for piece in mine:
                with without(piece), memory.alive(piece.whole_only):
                    found[piece.name].append((plain, solved(network, memory)))
    rows = [_row(piece, kind, way, items, found[piece.name]) for piece in mine]
    append(RESULTS, rows)
    print(f"{kind}, {way}, {items} items: {len(rows)} pieces", flush=True)


def _row(
    piece: Piece, kind: str, way: str, items: int, pairs: list[tuple[SolveResult, SolveResult]]
) -> dict[str, Any]:
    """Add up what seeds say of a piece; a plan that had to relax a limit is counted apart."""
    like = [(full, less) for full, less in pairs if full.relaxed == less.relaxed]
    lost = [100 * (less.objective - full.objective) / abs(full.objective) for full, less in like]

    def mean(values: list[float]) -> float:
        return float(np.mean(values)) if values else float("nan")

    return {
        "date": today(), "piece": piece.name, "lines": piece.lines, "kind": kind, "way": way,
        "items": items, "seeds": len(pairs), "relaxed_without": len(pairs) - len(like),
        "earned_percent": f"{mean(lost):.4f}",
        "earned_least": f"{min(lost, default=0):.4f}", "earned_most": f"{max(lost, default=0):.4f}",
        "gap": f"{mean([full.gap for full, _ in like]):.2e}",
        "gap_without": f"{mean([less.gap for _, less in like]):.2e}",
        "cpu_seconds": f"{mean([full.seconds for full, _ in pairs]):.2f}",
        "cpu_seconds_without": f"{mean([less.seconds for _, less in pairs]):.2f}",
        **versions(("highspy", "pulp", "numba", "numpy")),
    }  # fmt: skip


def drawn(kind: str, way: str, items: int, seed: int) -> Network:
    """Draw a network and say how it is to be solved."""
    plan = PlanParams(time_limit_seconds=1e6, decomposition_items=0 if way == "prices" else 10**9)
    if kind == "late":
        tables, demand = draw_late(items, seed)
        params = OptimizeParams(risk=RiskParams(level=0.9, horizon_weeks=2), plan=plan)
        return Network(lambda: assembly.assemble(tables, demand, MONDAY, params), params)
    families = kind == "families"
    instance = draw(items, seed, scenarios=SCENARIOS if families else 0, families=families)
    budget = None if instance.budget is None else BUDGET * instance.budget
    plan = replace(plan, minimum_line_quantity=2 if families else 1)
    params = OptimizeParams(risk=RiskParams(budget=budget), plan=plan)
    return Network(lambda: instance.problem, params)


def solved(network: Network, memory: _Memory) -> SolveResult:
    """Solve, the CPU seconds of what is remembered included."""
    memory.seconds, started = 0.0, time.process_time()
    problem = network.assemble()
    answer = planning.solve_or_relax(problem, network.params, Clock(1e6), strict=False)
    seconds = time.process_time() - started + memory.seconds
    gap = relative_gap(answer.incumbent.objective, answer.incumbent.bound)
    return SolveResult(answer.incumbent.objective, gap, seconds, bool(answer.relaxation.relaxed))


class _Memory:
    """Continuous answers of one network and the CPU seconds each took."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[Any, float]] = {}
        self._alive = True
        self.seconds = 0.0

    @contextmanager
    def alive(self, alive: bool) -> Iterator[None]:
        """Forget for a while where the continuous answer is another."""
        self._alive = alive
        try:
            yield
        finally:
            self._alive = True

    def of(self, solve: Callable[..., Any]) -> Callable[..., Any]:
        """Return a solver that remembers; the line minimum is what a relaxed task differs by."""

        def answer(instance: Any, clock: Any) -> Any:
            key = (solve.__name__, instance.params.plan.minimum_line_quantity)
            if not self._alive:
                return solve(instance, clock)
            if key in self._known:
                self.seconds += self._known[key][1]
                return self._known[key][0]
            started = time.process_time()
            found = solve(instance, clock)
            self._known[key] = (found, time.process_time() - started)
            return found

        return answer


@contextmanager
def _remembered() -> Iterator[_Memory]:
    """Remember the continuous answers of a network while its pieces are taken out."""
    memory = _Memory()
    names = ("solve_by_prices", "solve_continuous")
    with (
        mock.patch.object(planning, names[0], memory.of(getattr(planning, names[0]))),
        mock.patch.object(planning, names[1], memory.of(getattr(planning, names[1]))),
    ):
        yield memory


def table() -> str:
    """Say of every piece what it earns, over all rows that stand in the results."""
    with RESULTS.open(newline="") as stream:
        last = {(row["piece"], row["kind"], row["way"], row["items"]): row
                for row in csv.DictReader(stream)}  # fmt: skip
    by_piece: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in last.values():
        by_piece[row["piece"]].append(row)
    lines = [
        "| piece | lines | networks | objective earned: mean, worst, best | gap, without "
        "| CPU s, without |",
        "|---|---|---|---|---|---|",
    ]
    for name, rows in by_piece.items():

        def mean(column: str, rows: list[dict[str, str]] = rows) -> float:
            return float(np.nanmean([float(row[column]) for row in rows]))

        worst = min(float(row["earned_least"]) for row in rows)
        best = max(float(row["earned_most"]) for row in rows)
        relaxed = sum(int(row["relaxed_without"]) for row in rows)
        networks = f"{sum(int(row['seeds']) for row in rows)}"
        networks += f", {relaxed} relaxed without" if relaxed else ""
        lines.append(
            f"| {name} | {rows[-1]['lines']} | {networks} | {mean('earned_percent'):.3f} %, "
            f"{worst:.3f}, {best:.3f} | {mean('gap'):.1e}, {mean('gap_without'):.1e} "
            f"| {mean('cpu_seconds'):.2f}, {mean('cpu_seconds_without'):.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
