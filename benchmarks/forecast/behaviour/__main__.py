"""Does the forecast follow what a planner sees? Every kind of behaviour, with its truth known.

`python -m benchmarks.forecast.behaviour [--seeds 10] [--kinds up_3,dead] [--rounds 250]` draws
markets of 40 items x 8 regions, plants what the kinds say, and prints what the forecast makes of it
beside the range wanted. See README.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pandas as pd

import foreship_forecast
from benchmarks.forecast.behaviour.cases import Panel
from benchmarks.forecast.behaviour.judging import QUICK, STOCK_OUTS, alone, judge
from benchmarks.forecast.behaviour.market import NETWORKS
from benchmarks.forecast.behaviour.panels import ONE_ITEM, PANELS, QUARTERS
from benchmarks.forecast.behaviour.table import shown, summary
from benchmarks.results import append, today, versions

RESULTS = Path(__file__).parent / "results.csv"
PACKAGES = ("lightgbm", "numpy", "pandas", "scipy")


def main() -> None:
    """Judge the kinds asked for; print and keep the figures."""
    options = _options()
    kinds = set(options.kinds.split(",")) if options.kinds else None
    if unknown := (kinds or set()) - {case.kind for panel in PANELS for case in panel.cases}:
        raise SystemExit(f"no such kind: {', '.join(sorted(unknown))}")
    shares = {"with": [STOCK_OUTS], "without": [0.0], "both": [0.0, STOCK_OUTS]}[options.stock_outs]
    params = QUICK if options.quick else foreship_forecast.ForecastParams()
    params = replace(params, rounds=options.rounds or params.rounds)
    started, tables = time.process_time(), []
    for panel in _chosen(kinds, options):
        tables.append(summary(pd.DataFrame(_rows(panel, kinds, shares, params, options))))
        print(shown(tables[-1]), flush=True)
    table = pd.concat(tables, ignore_index=True)
    met = int((table["ok"] != "NO").sum())
    print(f"{met} of {len(table)} as wanted, {time.process_time() - started:.0f} CPU-s")
    about = {
        "date": today(),
        "label": options.label,
        "seeds": options.seeds,
        "rounds": params.rounds,
        "quick": options.quick,
        "alone": options.alone,
        "weekly_lines": options.weekly_lines,
    }
    kept = [about | row | versions(PACKAGES) for row in table.round(4).to_dict(orient="records")]
    append(Path(options.results), kept)


def _rows(
    panel: Panel,
    kinds: set[str] | None,
    shares: list[float],
    params: foreship_forecast.ForecastParams,
    options: argparse.Namespace,
) -> Iterator[dict[str, object]]:
    """Yield a row a figure of a panel, stock-out share and seed."""
    networks, seeds = options.networks.split(","), range(1, options.seeds + 1)
    for network, share, seed in product(networks, shares, seeds):
        for place, each in enumerate(
            judge(panel, seed, network, share, params, options.weekly_lines)
        ):
            if options.notes and not place:
                print(f"{panel.name}, {network}, {share}, seed {seed}", *each.notes, sep="\n  ")
            if kinds is None or each.case.kind in kinds:
                yield {
                    "panel": panel.name,
                    "kind": each.case.kind,
                    "variant": each.case.variant,
                    "figure": each.wanted.figure,
                    "network": network,
                    "stock_outs": share,
                    "low": each.wanted.low,
                    "high": each.wanted.high,
                    "value": each.value,
                    "drawn": each.drawn,
                    "cpu_seconds": each.cpu_seconds,
                }


def _chosen(kinds: set[str] | None, options: argparse.Namespace) -> list[Panel]:
    """Return the panels that hold the kinds asked for; with --alone a panel a case."""
    groups = [] if options.quarter else [*ONE_ITEM]
    groups += [] if options.one_item else QUARTERS
    panels = [each for panel in groups for each in (alone(panel) if options.alone else [panel])]
    return [
        panel
        for panel in panels
        if (kinds is None or kinds & {case.kind for case in panel.cases})
        and (not options.panels or panel.name in options.panels.split(","))
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--kinds", default="", help="separated by commas; all unless named")
    parser.add_argument("--panels", default="", help="names of panels, separated by commas")
    parser.add_argument("--rounds", type=int, default=0, help="the setting's default unless stated")
    parser.add_argument("--quick", action="store_true", help="few and quick trees, as in the tests")
    parser.add_argument("--stock-outs", choices=["both", "with", "without"], default="both")
    parser.add_argument("--networks", default="drifting,still", help=f"of {', '.join(NETWORKS)}")
    parser.add_argument("--weekly-lines", action="store_true", help="a line a cell and week")
    parser.add_argument("--alone", action="store_true", help="a market for each kind and variant")
    parser.add_argument("--one-item", action="store_true", help="leave out: a quarter of the items")
    parser.add_argument("--quarter", action="store_true", help="a quarter of the items only")
    parser.add_argument("--notes", action="store_true", help="print what the forecast says")
    parser.add_argument("--label", default="", help="kept beside the figures")
    parser.add_argument("--results", default=str(RESULTS))
    return parser.parse_args()


if __name__ == "__main__":
    main()
