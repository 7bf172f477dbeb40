"""Items without any history: what the forecast says of them, beside what their pools say.

`python -m benchmarks.forecast.cold_start [--weeks-back 0]` leaves a tenth of complete-journey's
items out of orders, buyers and past prices, keeps them in `items` with their category and, as
launched on `as_of`, in the assortment of every store, predicts the eight weeks from `as_of` in one
go and writes results_cold_start.csv. Every tenth is left out in turn unless fewer are asked for.

The other items are listed in every store too, since the set says nothing of assortments: a pool's
rate and what comes of a new item then speak of the same cells.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

import foreship_forecast
from benchmarks.forecast.record import keep
from benchmarks.forecast.scores import judge, summary
from benchmarks.forecast.sets import WEEKS, Set, load
from foreship_forecast.features.matrix import Features
from foreship_forecast.history.panel import Panel, panel_of
from foreship_forecast.history.pools import Pools
from foreship_foundation.arrays import Floats

__all__ = ["left_out", "survivals"]

SEED = 1
TENTHS = 10
LARGEST = 60
"""units a week up to which p_k are scored"""


def main() -> None:
    """Leave out each tenth asked for; print and keep the figures of all rows together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks-back", type=int, default=0)
    parser.add_argument("--tenths", type=int, default=2)
    options = parser.parse_args()
    found = load("complete-journey")
    as_of = found.end - pd.Timedelta(weeks=options.weeks_back + WEEKS)
    started, judged = time.process_time(), {}
    for tenth in range(options.tenths):
        for method, rows in _judged(found, as_of, tenth).items():
            judged.setdefault(method, []).append(rows)
    about = {
        "set": found.name, "as_of": as_of.date().isoformat(), "horizon_weeks": WEEKS,
        "items_left_out": f"{options.tenths} x a tenth", "seed": SEED,
        "cpu_seconds": round(time.process_time() - started, 1),
    }  # fmt: skip
    lines = [
        about | {"method": method} | summary(pd.concat(parts)) for method, parts in judged.items()
    ]
    shown = pd.DataFrame(lines).drop(columns=list(about))
    print(shown.to_string(index=False), keep("cold_start", lines), sep="\n")


def _judged(found: Set, as_of: pd.Timestamp, tenth: int) -> dict[str, pd.DataFrame]:
    """Return what each method's answers for one tenth of the items are worth."""
    items = np.sort(found.tables["items"]["item"].to_numpy(dtype=object))
    drawn = np.random.default_rng(SEED).permutation(items)[tenth::TENTHS]
    tables = left_out(found.tables, as_of, drawn)
    snapshot = foreship_forecast.Snapshot(tables, as_of)
    model = foreship_forecast.fit(snapshot, foreship_forecast.ForecastParams(horizon_weeks=WEEKS))
    said = model.predict(snapshot)
    cells = np.isin(said.item, drawn)
    units = _came(found.tables["orders"], said, cells)
    print(f"tenth {tenth}: {model.notes[-3:]}", flush=True)
    return {
        method: judge(survival, units)
        for method, survival in survivals(snapshot, said, cells).items()
    }


def left_out(
    tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp, items: npt.NDArray[np.object_]
) -> dict[str, pd.DataFrame]:
    """Return the tables as if these items came in on `as_of`, every item listed in every region."""

    def without(name: str, column: str) -> pd.DataFrame:
        frame = tables[name]
        return frame[~frame["item"].isin(items) | (frame[column] >= as_of)]

    listed = tables["regions"][["region"]].merge(tables["items"][["item"]], how="cross")
    first = np.where(listed["item"].isin(items), as_of, tables["orders"]["date"].min())
    kept = {"orders": "date", "buyers": "week", "prices": "week"}
    changed = {name: without(name, column) for name, column in kept.items() if name in tables}
    return {**tables, **changed, "assortment": listed.assign(**{"from": first, "to": pd.NaT})}


def survivals(
    snapshot: foreship_forecast.Snapshot,
    said: foreship_forecast.DemandDistribution,
    cells: npt.NDArray[np.bool_],
) -> dict[str, Floats]:
    """Return p_1 .. p_LARGEST of the model and of plain pools for some cells, (rows, LARGEST).

    Pools sell in a share of weeks, sizes geometric around their own mean.
    """
    panel = panel_of(snapshot, foreship_forecast.ForecastParams().history_weeks)
    pools = Features.of(snapshot, panel, WEEKS).pools
    category = _category_of(panel, said.item[cells])
    region = pd.Index(panel.codes.regions).get_indexer(said.region[cells])
    found = {"foreship": said.survival(LARGEST)[cells].reshape(-1, LARGEST)}
    for method, rate in _rates(pools, category, region).items():
        found[method] = _geometric(*rate).repeat(len(said.weeks), axis=0)
    return found


def _category_of(panel: Panel, items: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    codes = panel.codes
    of_item = np.zeros(len(codes.items), dtype=np.int64)
    of_item[codes.item] = codes.category
    return of_item[pd.Index(codes.items).get_indexer(items)]


def _rates(
    pools: Pools, category: npt.NDArray[np.int64], region: npt.NDArray[np.int64]
) -> dict[str, tuple[Floats, Floats]]:
    """Return each plain method's chance of a sale and units a week."""
    both = pools.sales, pools.units
    ratio = tuple(each.region_ratio[region, -1] for each in both)
    constant = tuple(np.full(len(category), each.network[0, -1]) for each in both)
    pooled = tuple(each.category[category, -1] for each in both)
    return {
        "constant rate of the network": constant,
        "rate of the category": pooled,
        "rate of the category x ratio of the region": (pooled[0] * ratio[0], pooled[1] * ratio[1]),
    }


def _geometric(chance: Floats, units: Floats) -> Floats:
    """Return p_k of a chance of a sale and sizes geometric around units / chance."""
    extra = np.maximum(units / chance - 1.0, 0.0)[:, None]
    return chance[:, None] * (extra / (1.0 + extra)) ** np.arange(LARGEST)


def _came(
    orders: pd.DataFrame, said: foreship_forecast.DemandDistribution, cells: npt.NDArray[np.bool_]
) -> Floats:
    """Return the units ordered in each row's week."""
    week = orders["date"] - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
    sold = orders.assign(week=week).groupby(["region", "item", "week"])["quantity"].sum()
    weeks = len(said.weeks)
    names = (said.region[cells].repeat(weeks), said.item[cells].repeat(weeks))
    rows = pd.MultiIndex.from_arrays(
        [*names, np.tile(said.weeks.astype("datetime64[s]"), int(cells.sum()))]
    )
    return sold.reindex(rows).fillna(0.0).to_numpy(np.float64)


if __name__ == "__main__":
    main()
