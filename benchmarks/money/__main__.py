"""Money, gap_closed and the share of the attainable, by policy, over replayed weeks.

`python -m benchmarks.money [synthetic|complete-journey|online_retail|us_regional ...] [--weeks 8]
[--seeds 1 2 3]` makes each set in a temporary folder (or takes `--workspace DIR`), replays it, and
appends a row a policy and seed to results.csv. With `--no-order-tariff` each unit of a set is a
parcel; `--policies by_unit` replays the plan that counts money so whatever orders say. With
`--ablation` it compares forecasts and objectives instead, with `--lost-share` the forecast with the
true law of a simulated set.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import foreship
from benchmarks.money import retail, states
from benchmarks.money.ablation import ablation
from benchmarks.money.by_unit import plan_by_unit
from benchmarks.money.by_vehicle import plan_then_fill, plan_then_round
from benchmarks.money.lost_share import attainable, lost_share
from benchmarks.results import append, today, versions
from foreship.pipeline.known import Policy
from foreship.replay.backtest import Backtest
from foreship.workspace.opening import Workspace
from foreship_foundation.orders.tariffs import by_order

RESULTS = Path(__file__).parent / "results.csv"
OWN: dict[str, Policy] = {
    "by_unit": plan_by_unit,
    "plan_then_fill": plan_then_fill,
    "plan_then_round": plan_then_round,
}
"""policies of this benchmark, by the names that `--policies` knows"""
SHARES = (
    "gap_closed",
    "gap_low",
    "gap_high",
    "local_share",
    "unit_fill",
    "line_fill",
    "order_fill",
)
PLACES = dict.fromkeys(SHARES, 4)


def main() -> None:
    """Replay every sample and seed; print and keep what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="*", default=["synthetic", "complete-journey"])
    parser.add_argument("--size", default="small")
    parser.add_argument("--items", type=int, default=retail.ITEMS, help="of online_retail")
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--policies", nargs="+", default=None)
    parser.add_argument("--cost-factors", type=float, nargs="*", default=[])
    parser.add_argument("--lead-time-days", type=int, help="of every lane from a hub to a region")
    parser.add_argument(
        "--order-tariff",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether parcels carry orders, where the lines of a set name theirs",
    )
    parser.add_argument("--workspace", type=Path, default=None)
    parser.add_argument(
        "--weekly", type=Path, help="also keep the weekly frame of a single replay here, as CSV"
    )
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--lost-share", action="store_true")
    options = parser.parse_args()
    replays = len(options.seeds) * (1 if options.workspace else len(options.sources))
    if options.weekly is not None and replays > 1:
        parser.error("--weekly keeps the frame of one replay: name one set and one seed")
    for about, folder, seed in _workspaces(options):
        started = time.process_time()
        if options.ablation or options.lost_share:
            told = ablation if options.ablation else lost_share
            print(f"{about['sample']}, seed {seed}\n{told(folder, options.weeks, seed, about)}\n")
            continue
        workspace = foreship.open(folder)
        about["tariff"] = "order" if by_order(workspace.tables) else "unit"
        result = _replay(workspace, options, seed)
        about |= {"seed": seed, "cpu_seconds": round(time.process_time() - started, 1)}
        append(RESULTS, _rows(about, result, seed))
        if options.weekly is not None:
            result.weekly.to_csv(options.weekly, index=False)
        print(f"{about['sample']}, seed {seed}, {about['cpu_seconds']} CPU-s\n{result}\n")
        print("\n".join(result.notes), end="\n\n")


def _workspaces(options: argparse.Namespace) -> Iterator[tuple[dict[str, Any], Path, int]]:
    """Yield what is replayed, where it lies, and the seed; simulated ones are made anew a seed."""
    if options.workspace is not None:
        for seed in options.seeds:
            yield {"sample": options.workspace.name, "size": ""}, options.workspace, seed
        return
    for source in options.sources:
        for seed in options.seeds:
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch) / "workspace"
                if source == "online_retail":
                    retail.build(
                        folder, options.weeks, options.items, order_tariff=options.order_tariff
                    )
                elif source == "us_regional":
                    states.build(folder, options.weeks)
                else:
                    foreship.sample(folder, source=source, size=options.size, seed=seed)
                sizes = {"synthetic": options.size, "online_retail": f"{options.items} items"}
                size = sizes.get(source, "")
                if not options.order_tariff:
                    every_unit_a_parcel(folder)
                if options.lead_time_days is not None:
                    set_lead_times(folder, options.lead_time_days)
                    size = f"{size}, {options.lead_time_days} days".removeprefix(", ")
                yield {"sample": source, "size": size}, folder, seed


def set_lead_times(folder: Path, days: int) -> None:
    """Let every lane from a hub to a region take so many days."""
    lanes, hubs = (pd.read_parquet(folder / f"{name}.parquet") for name in ("lanes", "hubs"))
    ships = lanes["origin"].isin(hubs["hub"]) & ~lanes["destination"].isin(hubs["hub"])
    lanes.loc[ships, "lead_time_days"] = days
    lanes.to_parquet(folder / "lanes.parquet", index=False)


def every_unit_a_parcel(folder: Path) -> None:
    """Take out what a further unit of an order costs: each is then a parcel of its own."""
    for name, column in (("lanes", "direct_further"), ("regions", "last_mile_further")):
        table = pd.read_parquet(folder / f"{name}.parquet")
        table.drop(columns=column, errors="ignore").to_parquet(
            folder / f"{name}.parquet", index=False
        )


def policies_named(names: Sequence[str]) -> list[str | Policy]:
    """Return what a replay takes: names of its policies, and those of this benchmark themselves."""
    return [OWN.get(name, name) for name in names]


def _replay(workspace: Workspace, options: argparse.Namespace, seed: int) -> Backtest:
    from foreship.replay.backtest import backtest

    return backtest(
        workspace,
        weeks=options.weeks,
        policies=None if options.policies is None else policies_named(options.policies),
        seed=seed,
        cost_factors=options.cost_factors,
        tell=print,
    )


def promises_kept(promises: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return for each policy that promised which part of its gain came, with the 95 % interval.

    Parameters
    ----------
    promises
        `Backtest.promises`.
    """
    columns = {"came_share": "kept", "came_low": "kept_low", "came_high": "kept_high"}
    table = promises.set_index("policy")[list(columns)].rename(columns=columns).astype(float)
    return {
        str(policy): {f"promise_{name}": round(share, 4) for name, share in shares.items()}
        for policy, shares in table.to_dict("index").items()
    }


def _rows(about: dict[str, Any], result: Backtest, seed: int) -> list[dict[str, Any]]:
    facts = {
        "date": today(),
        **about,
        "first_week": result.weekly["week"].min().date().isoformat(),
    }
    shares, kept = attainable(result.weekly), promises_kept(result.promises)
    rows = []
    for record in result.to_dict()["money"]:
        rounded = {
            name: round(value, PLACES.get(name, 2)) if isinstance(value, float) else value
            for name, value in record.items()
        }
        name = record["policy"]
        rows.append(
            {**facts, **rounded, **versions(), **shares.get(name, {}), **kept.get(name, {})}
        )
    return rows


if __name__ == "__main__":
    main()
