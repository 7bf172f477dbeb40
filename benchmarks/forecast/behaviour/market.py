"""A market whose rates are known: what customers want each week, what they get, and its tables.

Nothing here is taken from the code that is judged: the truth is the rate that demand is drawn
from, and the tables are written by hand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = [
    "AS_OF",
    "HORIZON",
    "ITEMS",
    "NETWORKS",
    "REGIONS",
    "Bools",
    "Floats",
    "Market",
    "network",
]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

AS_OF = pd.Timestamp("2026-06-01")
ITEMS, REGIONS, HORIZON = 40, 8, 8
MULTIPLE = np.array([0.7, 0.8, 0.9, 1.0, 1.0, 1.1, 1.2, 1.3])
"""what each region sells of an item's level"""
SLOWEST, FASTEST = 0.3, 8.0
"""units a week and region of items that do not change"""
CLUMPED = 4.0
"""dispersion of every second item's negative binomial; the others are Poisson"""
CATEGORIES = 4
FADE, STEP = 0.95, 0.15
"""an item's drift on the log scale: what is left of it a week later, and what comes anew"""
SWING = 0.5
"""how far a seasonal rate swings around its level"""
PROMOTED_PRICE = 0.8


@dataclass
class Market:
    """Rates and circumstances, changed in place by what is planted (`shapes`).

    Week `weeks` is the first one that is not known; `HORIZON` weeks follow from there.
    """

    weeks: int
    rate: Floats
    """units wanted a week, shape (ITEMS, REGIONS, weeks + HORIZON)"""
    dispersion: Floats
    """shape (ITEMS,); inf: the number of orders is Poisson"""
    steady: Bools
    """items that sell their rate exactly, every week, shape (ITEMS,)"""
    sizes: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """item -> units of its orders, equally likely; every order of other items holds one unit"""
    regular: Bools = field(init=False)
    """items whose orders are binomial, each of twice the mean with a chance of a half"""
    out: Bools = field(init=False)
    """sold out, shape (ITEMS, REGIONS, weeks)"""
    kept: Floats = field(init=False)
    """share of a week's orders that is served, like `out`"""
    promoted: Bools = field(init=False)
    """shape (ITEMS, weeks + HORIZON)"""
    full_price: set[int] = field(default_factory=set)
    """items whose promotions cost what they always cost"""
    whole_list: bool = True
    """the price list has all weeks; else only those with a promotion"""
    weekly_lines: bool = False
    """a line holds all units of a cell and week; else each order has its own"""
    launched: dict[int, int] = field(default_factory=dict)
    """item -> the week of its launch, where `items` tells it"""
    extra: list[tuple[int, int, int, int]] = field(default_factory=list)
    """orders besides: item, region, week, units"""

    def __post_init__(self) -> None:
        self.out = np.zeros((ITEMS, REGIONS, self.weeks), dtype=bool)
        self.kept = np.ones(self.out.shape)
        self.regular = np.zeros(ITEMS, dtype=bool)
        self.promoted = np.zeros((ITEMS, self.weeks + HORIZON), dtype=bool)

    def level(self, item: int, units: float, like_regions: bool = True) -> None:
        """Let an item sell `units` a week in an average region, or in every region alike."""
        self.rate[item] = units * (MULTIPLE if like_regions else np.ones(REGIONS))[:, None]

    def sell_out(self, share: float, rng: np.random.Generator) -> None:
        """Sell out of random weeks; half of them lose all orders, the others a part."""
        empty = rng.random(self.out.shape) < share
        served = np.where(rng.random(empty.shape) < 0.5, 0.0, rng.random(empty.shape))
        self.kept = np.where(empty & ~self.out, served, self.kept)
        self.out |= empty

    def tables(self, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
        """Draw what was ordered and return the tables a planner would hand in."""
        found = {"orders": self._orders(rng), "items": self._items(), "regions": _regions()}
        if self.out.any():
            found["availability"] = _named(self.out).assign(in_stock=0)
        if self.promoted.any():
            found["prices"] = self._prices()
        return found

    def drawn(self, orders: pd.DataFrame, cells: Bools, last: int) -> float:
        """Return what the judged cells sold in the last weeks over their rates; nan if these are 0.

        Weeks sold out count as far as they were served.
        """
        item, region = (orders[name].str[1:].astype(int).to_numpy() for name in ("item", "region"))
        late = (orders["date"] >= AS_OF - pd.Timedelta(days=7 * last)).to_numpy()
        sold = orders["quantity"].to_numpy()[late & cells[item, region]].sum()
        known = slice(self.weeks - last, self.weeks)
        served = (self.rate[..., known] * self.kept[..., known])[cells].sum()
        return float(sold / served) if served > 0.0 else float("nan")

    def _orders(self, rng: np.random.Generator) -> pd.DataFrame:
        count = rng.binomial(self._wanted(rng), self.kept)
        lines = _named(count > 0, count[count > 0])
        size = np.ones(len(lines), dtype=np.int64)
        for item, sizes in self.sizes.items():
            of_item = (lines["item"] == _item(item)).to_numpy()
            size[of_item] = rng.choice(sizes, of_item.sum())
        day = pd.to_timedelta(rng.integers(0, 7, len(lines)), unit="D")
        date = lines["week"] if self.weekly_lines else lines["week"] + day
        orders = lines.assign(date=date, quantity=size)
        if self.weekly_lines:
            orders = orders.groupby(["date", "region", "item"], as_index=False)["quantity"].sum()
        extra = [
            (_monday(self.weeks, week) + pd.Timedelta(days=2), _region(region), _item(item), units)
            for item, region, week, units in self.extra
        ]
        names = ["date", "region", "item", "quantity"]
        besides = [pd.DataFrame(extra, columns=names)] if extra else []
        return pd.concat([orders[names], *besides], ignore_index=True)

    def _wanted(self, rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """Draw the number of orders, shape (ITEMS, REGIONS, weeks)."""
        held = np.array([np.mean(self.sizes.get(item, (1,))) for item in range(ITEMS)])
        mean = self.rate[..., : self.weeks] / held[:, None, None]
        r = np.where(np.isinf(self.dispersion), 1.0, self.dispersion)[:, None, None]
        clumps = rng.gamma(r, 1.0 / r, mean.shape)
        smooth = np.isinf(self.dispersion)[:, None, None]
        count = rng.poisson(np.where(smooth, mean, mean * clumps))
        halves = rng.binomial(np.rint(2.0 * mean).astype(np.int64), 0.5)
        count = np.where(self.regular[:, None, None], halves, count)
        return np.where(self.steady[:, None, None], np.rint(mean).astype(np.int64), count)

    def _items(self) -> pd.DataFrame:
        launch = [
            _monday(self.weeks, self.launched[item]) if item in self.launched else pd.NaT
            for item in range(ITEMS)
        ]
        return pd.DataFrame(
            {
                "item": [_item(each) for each in range(ITEMS)],
                "category": [f"K{each % CATEGORIES}" for each in range(ITEMS)],
                "price": 10.0,
                "launch_date": pd.to_datetime(pd.Series(launch)),
            }
        )

    def _prices(self) -> pd.DataFrame:
        """Return the price list, with what is planned for the weeks to come."""
        flag = np.repeat(self.promoted[:, None], REGIONS, axis=1)
        cheaper = flag.copy()
        cheaper[list(self.full_price)] = False
        listed = np.ones_like(flag) if self.whole_list else flag
        price = np.where(cheaper, PROMOTED_PRICE, 1.0) * 10.0
        rows = _named(listed, ahead=HORIZON)
        return rows.assign(price=price[listed], promotion=flag[listed] * 1)


def network(kind: str, weeks: int, rng: np.random.Generator, times: float = 1.0) -> Market:
    """Return a market in which nothing is planted: item levels spread evenly on the log scale.

    Rates stay as they are (`still`), wander around their levels item by item (`drifting`), or
    follow the season of their category (`seasonal`).
    """
    spread = rng.permutation((np.arange(ITEMS) + 0.5) / ITEMS)
    level = times * SLOWEST * (FASTEST / SLOWEST) ** spread
    rate = level[:, None, None] * MULTIPLE[:, None] * np.ones(weeks + HORIZON)
    dispersion = np.where(np.arange(ITEMS) % 2, CLUMPED, np.inf)
    rate *= NETWORKS[kind](weeks + HORIZON, rng)[:, None]
    return Market(weeks, rate, dispersion, steady=np.zeros(ITEMS, dtype=bool))


def _still(weeks: int, rng: np.random.Generator) -> Floats:
    return np.ones((ITEMS, weeks))


def _drifting(weeks: int, rng: np.random.Generator) -> Floats:
    spread = STEP / math.sqrt(1.0 - FADE**2)
    log = [rng.normal(0.0, spread, ITEMS)]
    for _ in range(1, weeks):
        log.append(FADE * log[-1] + rng.normal(0.0, STEP, ITEMS))
    return np.exp(np.array(log).T - spread**2 / 2.0)


def _seasonal(weeks: int, rng: np.random.Generator) -> Floats:
    phase = (np.arange(ITEMS) % CATEGORIES / CATEGORIES + rng.random())[:, None]
    return 1.0 + SWING * np.sin(2.0 * np.pi * (np.arange(weeks) / 52.0 + phase))


NETWORKS = {"still": _still, "drifting": _drifting, "seasonal": _seasonal}


def _named(chosen: Bools, repeats: npt.NDArray[np.int64] | int = 1, ahead: int = 0) -> pd.DataFrame:
    """Return the Mondays, regions and items of the chosen cells and weeks."""
    item, region, week = (each.repeat(repeats) for each in np.nonzero(chosen))
    items = np.array([_item(each) for each in range(ITEMS)], dtype=object)
    regions = np.array([_region(each) for each in range(REGIONS)], dtype=object)
    back = pd.to_timedelta(7 * (chosen.shape[2] - ahead - week), unit="D")
    return pd.DataFrame({"week": AS_OF - back, "region": regions[region], "item": items[item]})


def _monday(weeks: int, week: int) -> pd.Timestamp:
    return AS_OF - pd.Timedelta(days=7 * (weeks - week))


def _regions() -> pd.DataFrame:
    return pd.DataFrame({"region": [_region(each) for each in range(REGIONS)]})


def _item(position: int) -> str:
    return f"I{position:02d}"


def _region(position: int) -> str:
    return f"R{position}"
