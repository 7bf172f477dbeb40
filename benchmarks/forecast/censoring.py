"""How far a forecast is off that masks weeks sold out, and one that takes them as bounds.

`python -m benchmarks.forecast.censoring` draws markets whose law of demand is known, sells out of
about 15 % of their weeks in two ways, and writes results_censoring.csv.

`shelves`: a week is out because demand emptied the shelf, so what was sold is the least of what
was wanted. `outages`: a week is out for reasons of its own, and half of its customers find
nothing. Weeks out are told to the forecast; `masked` is what it says without the orders in them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

import foreship_forecast
from benchmarks.forecast.record import keep
from foreship_foundation.arrays import Ints

__all__ = ["AS_OF", "KINDS", "PARAMS", "Market", "bias", "outages", "shelves"]

AS_OF = pd.Timestamp("2026-11-16")
REGIONS, ITEMS, WEEKS = 12, 20, 80
SHARE_OUT = 0.15
LEVELS = ((4.0, 2.0),)
"""mean units a week of the cells, and the dispersion of each week's demand"""
SEEDS = range(1, 4)
PARAMS = foreship_forecast.ForecastParams(horizon_weeks=2, rounds=60, min_leaf_rows=50, scenarios=2)
TREATMENTS = ("all demand known", "masked", "bounds")


@dataclass(frozen=True)
class Market:
    """A known law, what was wanted and sold of it, and which weeks were out of stock."""

    mean: npt.NDArray[np.float64]
    """units a week, shape (REGIONS, ITEMS)"""
    r: float
    """dispersion of the negative binomial of each week"""
    wanted: Ints
    """shape (REGIONS, ITEMS, WEEKS)"""
    sold: Ints
    out: npt.NDArray[np.bool_]

    def tables(self, treatment: str) -> dict[str, pd.DataFrame]:
        """Return the room's tables: whole demand, or what was sold with the weeks out told."""
        if treatment == "all demand known":
            return _tables(self.wanted, np.zeros_like(self.out))
        kept = np.where(self.out, 0, self.sold) if treatment == "masked" else self.sold
        return _tables(kept, self.out)


def shelves(seed: int, mean: float, r: float) -> Market:
    """Return a market whose weekly shelves, Poisson around a multiple of each mean, run empty."""
    level, wanted = _demand(seed, mean, r)
    tried = (
        np.random.default_rng([seed, 1]).poisson(times * level[..., None], wanted.shape)
        for times in np.linspace(0.5, 6.0, 111)
    )
    shelf = min(tried, key=lambda each: abs((wanted >= each).mean() - SHARE_OUT))
    return Market(level, r, wanted, np.minimum(wanted, shelf), wanted >= shelf)


def outages(seed: int, mean: float, r: float) -> Market:
    """Return a market that loses half of its customers in weeks that have nothing to do with it."""
    level, wanted = _demand(seed, mean, r)
    rng = np.random.default_rng([seed, 1])
    out = rng.random(wanted.shape) < SHARE_OUT
    return Market(level, r, wanted, np.where(out, rng.binomial(wanted, 0.5), wanted), out)


KINDS = {"shelves": shelves, "outages": outages}


def bias(
    market: Market, treatment: str, params: foreship_forecast.ForecastParams = PARAMS
) -> tuple[float, float]:
    """Return the mean error of p_1 a fortnight ahead, and of all units as a share of them."""
    snapshot = foreship_forecast.Snapshot(market.tables(treatment), AS_OF)
    said = foreship_forecast.fit(snapshot, params).predict(snapshot)
    true = 1.0 - (market.r / (market.r + market.mean)) ** market.r
    chance = said.purchase_probability().mean() - true.mean()
    return float(chance), float(said.mean().mean() / market.mean.mean() - 1.0)


def _demand(seed: int, mean: float, r: float) -> tuple[npt.NDArray[np.float64], Ints]:
    rng = np.random.default_rng(seed)
    level = mean * rng.gamma(3.0, 1 / 3, (REGIONS, ITEMS))
    wanted = rng.negative_binomial(r, r / (r + level[..., None]), (REGIONS, ITEMS, WEEKS))
    return level, wanted


def _tables(units: Ints, out: npt.NDArray[np.bool_]) -> dict[str, pd.DataFrame]:
    orders = _named(units > 0)
    day = pd.to_timedelta(np.arange(len(orders)) % 7, unit="D")
    listed = _named(np.ones((REGIONS, ITEMS, 1), dtype=bool)).rename(columns={"week": "from"})
    return {
        "orders": orders.assign(date=orders.pop("week") + day, quantity=units[units > 0]),
        "availability": _named(out).assign(in_stock=0),
        "assortment": listed.assign(to=pd.NaT),
    }


def _named(chosen: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return the Mondays, regions and items of the chosen cells and weeks."""
    region, item, week = np.nonzero(chosen)
    regions, items = (
        np.array([f"{letter}{each:02d}" for each in range(count)], dtype=object)
        for letter, count in (("R", REGIONS), ("I", ITEMS))
    )
    monday = AS_OF - pd.to_timedelta(7 * (WEEKS - week), unit="D")
    return pd.DataFrame({"week": monday, "region": regions[region], "item": items[item]})


def main() -> None:
    """Draw each market, judge each treatment; print and keep the figures."""
    rows = list(_rows())
    shown = pd.DataFrame(rows).to_string(index=False, float_format=lambda value: f"{value:.4f}")
    print(shown, keep("censoring", rows), sep="\n")


def _rows() -> Iterator[dict[str, object]]:
    for kind, draw in KINDS.items():
        for mean, r in LEVELS:
            markets = [draw(seed, mean, r) for seed in SEEDS]
            out = np.mean([each.out.mean() for each in markets])
            bounds = np.mean([(each.out & (each.sold > 0)).mean() for each in markets])
            about = {"kind": kind, "mean": mean, "r": r, "seeds": len(markets)}
            about |= {"share_out": float(out), "share_with_orders": float(bounds)}
            for treatment in TREATMENTS:
                started = time.process_time()
                found = np.array([bias(each, treatment) for each in markets])
                error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
                yield about | {
                    "treatment": treatment,
                    "bias_p_1": float(found[:, 0].mean()),
                    "error_p_1": float(error[0]),
                    "bias_mean": float(found[:, 1].mean()),
                    "error_mean": float(error[1]),
                    "cpu_seconds": round(time.process_time() - started, 1),
                }


if __name__ == "__main__":
    main()
