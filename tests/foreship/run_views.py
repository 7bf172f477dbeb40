"""A finished run made up for the readers' tests: 3 hubs, 12 regions, 60 items."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import poisson

from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import PLAN, UNITS

__all__ = ["AS_OF", "empty_view", "large_view", "make_view", "renamed"]

AS_OF = pd.Timestamp("2026-11-16")
HUBS = {"Le Havre": (49.49, 0.11), "Metz": (49.12, 6.18), "Avignon": (43.95, 4.81)}
REGIONS = {
    "Paris": (48.86, 2.35),
    "Lyon": (45.76, 4.84),
    "Marseille": (43.30, 5.37),
    "Lille": (50.63, 3.06),
    "Nantes": (47.22, -1.55),
    "Bordeaux": (44.84, -0.58),
    "Toulouse": (43.60, 1.44),
    "Strasbourg": (48.57, 7.75),
    "Rennes": (48.11, -1.68),
    "Nice": (43.70, 7.27),
    "Dijon": (47.32, 5.04),
    "Clermont-Ferrand": (45.78, 3.09),
}
BENEFIT, HOLDING, RESALE = 6.0, 0.4, 0.85


def make_view(
    items: int = 60, *, seed: int = 7, coordinates: bool = True, regions: int | None = None
) -> RunView:
    """Make up a run whose lines, ledger, summary and tables agree with each other."""
    names = list(REGIONS) if regions is None else [f"R{n:03d}" for n in range(regions)]
    tables = _tables(names, items, coordinates)
    rng = np.random.default_rng(seed)
    lines, units = _cells(names, tables, rng)
    return RunView(
        as_of=AS_OF,
        run_id="4f1c09ab27",
        lines=lines,
        units=units,
        summary=_summary(lines),
        forecast=_forecast(names, tables, rng),
        tables=tables,
        notes=[
            "12 order lines dated on or after 2026-11-16 were left out",
            "storage of Lyon: what lies and comes there already exceeds its capacity by 4",
        ],
        assumptions={
            "economics": {"holding_rate_per_year": 0.25, "lost_sale_share": 0.04},
            "risk": {"level": 0.95, "budget": 900.0},
            "plan": {"review_weeks": 1},
        },
        versions={"foreship": "0.1.0", "python": "3.11.9", "highspy": "1.15.1"},
        inputs={"orders": {"rows": 120_345, "sha256": "ab" * 32}},
    )


def _tables(names: list[str], items: int, coordinates: bool) -> dict[str, pd.DataFrame]:
    place = {name: REGIONS.get(name, (40.0 + n % 9, -5.0 + n / 9)) for n, name in enumerate(names)}
    lat, lon = ([at[side] if coordinates else np.nan for at in place.values()] for side in (0, 1))
    ids = [f"{n:05d}" for n in range(100, 100 + items)]
    capacity = [np.inf if n % 4 == 3 else 95.0 + 15 * (n % 5) for n in range(len(names))]
    here = [("stock", names[n % len(names)], ids[n % items], 1 + n % 3) for n in range(items * 2)]
    stock = pd.DataFrame(here, columns=["_", "location", "item", "quantity"]).drop(columns="_")
    stock = stock.groupby(["location", "item"], as_index=False)["quantity"].sum()
    inbound = pd.DataFrame(
        {
            "location": names[:3],
            "item": [ids[n % items] for n in range(3)],
            "quantity": [4, 2, 6],
            "arrival_date": [AS_OF + pd.Timedelta(days=2)] * 3,
        }
    )
    regions = pd.DataFrame({"region": names, "capacity": capacity, "lat": lat, "lon": lon})
    hubs = pd.DataFrame([(name, *at) for name, at in HUBS.items()], columns=["hub", "lat", "lon"])
    goods = pd.DataFrame({"item": ids, "price": 30.0, "unit_cost": 18.0, "volume": 0.5})
    return {"regions": regions, "hubs": hubs, "items": goods, "stock": stock, "inbound": inbound}


def _cells(
    names: list[str], tables: dict[str, pd.DataFrame], rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    stock = tables["stock"].set_index(["location", "item"])["quantity"]
    lines: list[dict[str, Any]] = []
    units: list[dict[str, Any]] = []
    for place, region in enumerate(names):
        for number, item in enumerate(tables["items"]["item"]):
            mean = float(rng.gamma(0.7, 2.0))
            hub = list(HUBS)[(place + number) % 3]
            cell = _Cell(region, item, int(stock.get((region, item), 0)), mean, hub)
            cell.write(lines, units, cost=0.8 + 0.15 * place % 3, days=2 + place % 4)
    lines += _odd_moves(names, stock)
    frame = pd.DataFrame(lines, columns=list(PLAN.names))
    keys = ["action", "origin", "destination", "item"]
    frame = frame.sort_values(keys, ignore_index=True)
    return frame, pd.DataFrame(units, columns=list(UNITS.names))


class _Cell:
    def __init__(self, region: str, item: str, on_hand: int, mean: float, hub: str) -> None:
        self.region, self.item, self.on_hand, self.hub = region, item, on_hand, hub
        self.mean, self.chance = mean, poisson.sf(np.arange(60), mean)

    def unit(self, rank: int, cost: float, planned: int, binding: str) -> dict[str, Any]:
        p = float(self.chance[rank - 1])
        gain, loss = BENEFIT - cost, cost + HOLDING - RESALE * cost
        expected = p * gain - (1 - p) * loss
        values = (self.region, self.item, rank, planned, p, gain, loss, expected, "return", binding)
        return dict(zip(UNITS.names, values, strict=True))

    def write(
        self, lines: list[dict[str, Any]], units: list[dict[str, Any]], cost: float, days: int
    ) -> None:
        units += [self.unit(rank + 1, 0.0, 0, "on hand") for rank in range(self.on_hand)]
        sent: list[dict[str, Any]] = []
        while (each := self.unit(self.on_hand + len(sent) + 1, cost, 1, ""))["expected_gain"] > 0:
            sent.append(each)
        stopped = "not worth it" if self.mean > 0.3 else "no usable lane"
        units += [*sent, self.unit(self.on_hand + len(sent) + 1, cost, 0, stopped)]
        if sent:
            last = sent[-1]
            lines.append(
                {
                    "action": "ship",
                    "origin": self.hub,
                    "destination": self.region,
                    "item": self.item,
                    "quantity": len(sent),
                    "ship_date": AS_OF,
                    "arrival_date": AS_OF + pd.Timedelta(days=days),
                    "cost": cost * len(sent),
                    "expected_gain": sum(each["expected_gain"] for each in sent),
                    "purchase_probability": last["p"],
                    "break_even": last["loss"] / (last["gain"] + last["loss"]),
                    "exit": "return",
                }
            )


def _odd_moves(names: list[str], stock: pd.Series) -> list[dict[str, Any]]:
    """One line of each rarer action."""
    shared = {
        "quantity": 1,
        "ship_date": AS_OF,
        "arrival_date": AS_OF + pd.Timedelta(days=1),
        "expected_gain": 0.6,
        "purchase_probability": 0.11,
        "break_even": 0.21,
    }
    return [
        {
            **shared,
            "action": action,
            "origin": names[place],
            "destination": to,
            "item": stock[names[place]].index[0],
            "cost": cost,
            "exit": action,
        }
        for place, action, to, cost in (
            (0, "redirect", names[1], 1.1),
            (1, "return", "Metz", 1.3),
            (2, "markdown", "", 9.0),
            (3, "give_away", "", 18.0),
        )
    ]


def _summary(lines: pd.DataFrame) -> dict[str, Any]:
    cost = lines.groupby("action")["cost"].sum()
    terms = {"freight": "ship", "redirects": "redirect", "returns": "return"}
    terms |= {"markdowns": "markdown", "give_aways": "give_away"}
    totals = {term: float(cost.get(action, 0.0)) for term, action in terms.items()}
    totals |= {"lateness": 3.217, "value_given_up": 4.0}
    objective = -float(lines["expected_gain"].sum())
    totals["value_of_arrivals"] = objective - sum(totals.values())
    return {
        "schema_version": 1,
        "status": "ship",
        "termination": "optimal",
        "objective": objective,
        "bound": objective - 0.35,
        "gap": 0.35 / max(1.0, abs(objective)),
        "continuous_gap": 0.0,
        "totals": totals,
        "cvar": 611.5,
        "risk_level": 0.95,
        "risk_budget": 900.0,
        "shadow_prices": [
            {
                "limit": "storage of Lyon",
                "family": "storage",
                "price": 12.4,
                "unit": "volume",
                "words": "one more volume unit of storage of Lyon is worth 12.40",
            },
            {
                "limit": "at_least 4 of 00104 to Nice (Anna: promotion)",
                "family": "lock minimum",
                "price": -0.75,
                "unit": "units",
                "words": "each unit required by at_least 4 of 00104 to Nice (Anna: promotion) "
                "costs 0.75",
            },
        ],
        "relaxed": [],
        "counts": {"lines": len(lines), "units": int(lines["quantity"].sum())},
    }


def _forecast(
    names: list[str], tables: dict[str, pd.DataFrame], rng: np.random.Generator
) -> pd.DataFrame:
    cells = [(region, item) for region in sorted(names) for item in tables["items"]["item"]]
    mean = rng.gamma(0.7, 2.0, len(cells))
    frame = pd.DataFrame(cells, columns=["region", "item"])
    frame = frame.assign(mean=mean, purchase_probability=poisson.sf(0, mean))
    for percent in (5, 10, 25, 50, 75, 90, 95, 99):
        frame[f"q{percent:02d}"] = poisson.ppf(percent / 100, mean)
    weeks = [frame.assign(week=AS_OF + pd.Timedelta(weeks=week)) for week in range(2)]
    return pd.concat(weeks).sort_values(["region", "item", "week"], ignore_index=True)


def empty_view() -> RunView:
    """Make up a run in which nothing is worth moving."""
    view = make_view(items=5)
    summary = dict(view.summary)
    summary |= {"objective": 0.0, "bound": 0.0, "gap": 0.0, "cvar": 0.0, "shadow_prices": []}
    summary |= {"totals": dict.fromkeys(view.summary["totals"], 0.0)}
    return replace(view, lines=view.lines.head(0), units=view.units.head(0), summary=summary)


def large_view() -> RunView:
    """Make up a plan of more than 5,000 lines."""
    return make_view(items=80, regions=100)


def renamed(view: RunView, item: str, region: str) -> RunView:
    """Give the first item and the first region hostile names, wherever they stand."""
    old_item = view.tables["items"]["item"].iloc[0]
    old_region = view.tables["regions"]["region"].iloc[0]
    swap = {old_item: item, old_region: region}

    def anew(frame: pd.DataFrame) -> pd.DataFrame:
        text = [name for name in frame.columns if frame[name].dtype.kind not in "iufMb"]
        return frame.assign(**{name: frame[name].replace(swap) for name in text})

    tables = {name: anew(frame) for name, frame in view.tables.items()}
    forecast = None if view.forecast is None else anew(view.forecast)
    return replace(
        view, lines=anew(view.lines), units=anew(view.units), forecast=forecast, tables=tables
    )
