"""One item, one shop: foreship and the capped base stock under changing demand and late supply.

`python -m benchmarks.inventory [--variants 1] [--draws 1] [--shares .5 .8 .95] [--leads none ...]`
plays every shape of demand at every share and lead, and appends a row a game to results.csv.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.inventory.base_stock import capped_base_stock
from benchmarks.inventory.demand_shapes import JUDGED_WEEKS, Shape, demand_of, every_shape
from benchmarks.inventory.game import LEADS, Game, Known, leads_of, played
from benchmarks.inventory.staged import Staged
from benchmarks.results import append, today, versions

RESULTS = Path(__file__).parent / "results.csv"
SHARES = (0.5, 0.8, 0.95)
"""profit / (profit + holding)"""
Policy = Callable[[Game, Known], int]


def main() -> None:
    """Play the games; print and keep what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variants", type=int, default=1, help="of each shape, 1 to 4")
    parser.add_argument(
        "--shapes", nargs="+", default=None, help="names of shapes; all if left out"
    )
    parser.add_argument("--draws", type=int, default=1, help="of each variant")
    parser.add_argument("--shares", type=float, nargs="+", default=SHARES)
    parser.add_argument("--leads", nargs="+", choices=LEADS, default=LEADS)
    parser.add_argument("--without", nargs="+", default=[], help="policies that are not played")
    options = parser.parse_args()
    rows = []
    for about, game in _games(options):
        for name in ("base stock", "foreship"):
            if name not in options.without:
                rows.append({**about, **_row(name, game)})
                print(rows[-1], flush=True)
                append(RESULTS, [{"date": today(), **rows[-1], **versions()}])
    table = pd.DataFrame(rows).pivot_table("score", ["lead", "share"], "policy", margins=True)
    print(table.round(3).to_string())


def _games(options: argparse.Namespace) -> Iterator[tuple[dict[str, Any], Game]]:
    for kind in options.leads:
        lead, promised, spread = leads_of(kind, JUDGED_WEEKS, seed=0)
        for share in options.shares:
            for shape in every_shape(options.variants):
                if options.shapes and shape.name not in options.shapes:
                    continue
                for seed in range(options.draws):
                    history, demand = demand_of(shape, seed)
                    about = _about(shape, seed, kind, share)
                    profit = share / (1.0 - share)
                    yield about, Game(history, demand, profit, 1.0, lead, promised, spread)


def _about(shape: Shape, seed: int, kind: str, share: float) -> dict[str, Any]:
    return {
        "shape": shape.name, "variant": shape.variant, "seed": seed, "lead": kind, "share": share,
    }  # fmt: skip


def _row(name: str, game: Game) -> dict[str, Any]:
    """Play one game with one policy."""
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        policy: Policy = capped_base_stock if name == "base stock" else Staged(Path(folder))
        score = played(game, policy)
    return {
        "policy": name,
        "score": round(score, 4),
        "cpu_seconds": round(time.process_time() - started, 1),
    }


if __name__ == "__main__":
    main()
