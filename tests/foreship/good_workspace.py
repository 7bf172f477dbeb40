"""A good tiny workspace: two hubs, three regions, four items, thirty weeks, every table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HUBS = ("H1", "H2")
REGIONS = ("NA", "R1", "R2")
ITEMS = ("00123", "A-1", "A_1", "NULL")
FIRST_MONDAY = pd.Timestamp("2026-01-05")
WEEKS = 30
AS_OF = FIRST_MONDAY + pd.Timedelta(weeks=WEEKS)


VEHICLE = {
    "lead_time_sd_days": 1.0,
    "vehicle_cost": 5.0,
    "vehicle_capacity": 40.0,
    "vehicle_kg": 30.0,
    "line_cost": 0.05,
    "departs": "Mon, Thu",
}


def good_frames(seed: int = 1) -> dict[str, pd.DataFrame]:
    """Return every table of the contract, small and without a fault."""
    cells = pd.DataFrame([(r, i) for r in REGIONS for i in ITEMS], columns=["region", "item"])
    mondays = pd.date_range(FIRST_MONDAY, periods=WEEKS, freq="7D")
    return {
        "orders": _orders(seed),
        "items": pd.DataFrame(
            {
                "item": ITEMS,
                "price": [20.0, 35.5, 12.0, 80.0],
                "unit_cost": [10.0, 20.0, 5.0, 50.0],
                "volume": [1.0, 2.0, 0.5, 4.0],
                "weight_kg": [0.5, 1.0, 0.2, 3.0],
                "category": ["toys", "toys", "garden", "garden"],
                "pack_size": [1, 1, 2, 1],
            }
        ),
        "regions": pd.DataFrame(
            {"region": REGIONS, "capacity": [400.0, 300.0, None], "parent": ["W", "E", "E"]}
        ),
        "hubs": pd.DataFrame({"hub": HUBS, "picking_units": [None, 500.0]}),
        "lanes": _lanes(),
        "stock": _stock(),
        "inbound": pd.DataFrame(
            {
                "location": ["H1", "R1"],
                "item": ["A-1", "00123"],
                "quantity": [40, 3],
                "arrival_date": [AS_OF + pd.Timedelta(days=7), AS_OF + pd.Timedelta(days=3)],
            }
        ),
        "receipts": pd.DataFrame(
            {"date": [mondays[9]], "location": ["R1"], "item": ["A-1"], "quantity": [2]}
        ),
        "exits": pd.DataFrame(
            {
                "exit": ["redirect", "return", "markdown"],
                "item": ["", "", "NULL"],
                "cost": [0.0, 0.5, 2.0],
            }
        ),
        "assortment": cells,
        "returns": pd.DataFrame(
            {"date": [mondays[3]], "region": ["R1"], "item": ["A-1"], "quantity": [1]}
        ),
        "availability": pd.DataFrame(
            {"week": [mondays[5]], "region": ["R2"], "item": ["A_1"], "in_stock": [0]}
        ),
        "calendar": pd.DataFrame(
            {"date": [AS_OF + pd.Timedelta(days=4), AS_OF + pd.Timedelta(days=1)]}
        ).assign(event=["fair", "closed"], region=["NA", "H2"]),
        "prices": cells.assign(week=AS_OF, price=15.0),
        "signals": cells.assign(week=mondays[-1], views=20, carts=2, wishlists=1),
        "overrides": pd.DataFrame(
            {
                "kind": ["at_most", "forbid"],
                "value": [25.0, None],
                "reason": ["narrow gate", "recall"],
                "author": ["Anna", "Ben"],
                "expires": [AS_OF + pd.Timedelta(days=30)] * 2,
                "region": ["R1", "R2"],
                "item": ["", "NULL"],
            }
        ),
        "policies": pd.DataFrame(
            {"kind": ["minimum", "maximum"], "value": [2, 50], "region": ["R2", ""]}
        ).assign(item=["00123", ""], category=["", "garden"], reason="shelf"),
        "adjustments": pd.DataFrame(
            {
                "kind": ["times"],
                "value": [1.5],
                "reason": ["fair in town"],
                "author": ["Anna"],
                "expires": [AS_OF + pd.Timedelta(days=13)],
                "week": [AS_OF],
                "region": ["NA"],
                "category": ["toys"],
            }
        ),
    }


def _orders(seed: int) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    count = 900
    days = draw.integers(0, WEEKS * 7, count)
    days[:2] = 0, WEEKS * 7 - 1
    frame = pd.DataFrame(
        {
            "date": FIRST_MONDAY + pd.to_timedelta(days, unit="D"),
            "region": draw.choice(REGIONS, count),
            "item": draw.choice(ITEMS, count, p=[0.5, 0.3, 0.15, 0.05]),
            "quantity": 1 + draw.poisson(0.3, count),
            "price": draw.choice([12.0, 20.0, 35.5], count),
            "customer": [f"person-{n}@example.org" for n in draw.integers(0, 60, count)],
        }
    )
    return frame.sort_values(["date", "region", "item"], ignore_index=True)


def _lanes() -> pd.DataFrame:
    ships = [(h, r, 1.0 + 0.5 * n, 2 + n) for h in HUBS for n, r in enumerate(REGIONS)]
    back = [(r, "H1", 1.5, 3) for r in REGIONS]
    across = [("R1", "R2", 0.8, 1), ("R2", "R1", 0.8, 1)]
    names = ["origin", "destination", "cost_per_unit", "lead_time_days"]
    lanes = pd.DataFrame([*ships, *back, *across], columns=names).assign(direct_cost=6.0)
    return lanes.join(pd.DataFrame(VEHICLE, index=[4]))  # H2 -> R1


def _stock() -> pd.DataFrame:
    rows = [(hub, item, 60) for hub in HUBS for item in ITEMS]
    rows += [("R1", "00123", 4), ("NA", "A-1", 2), ("R2", "NULL", 0)]
    return pd.DataFrame(rows, columns=["location", "item", "quantity"])


def write_workspace(
    folder: Path, frames: dict[str, pd.DataFrame], ending: str = "csv", settings: str = ""
) -> Path:
    """Write frames and the `foreship.toml` that names them; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["[tables]"]
    for name, frame in frames.items():
        path = folder / f"{name}.{ending}"
        if ending == "csv":
            frame.to_csv(path, index=False, date_format="%Y-%m-%d")
        else:
            frame.to_parquet(path, index=False)
        lines.append(f'{name} = "{path.name}"')
    (folder / "foreship.toml").write_text("\n".join(lines) + "\n" + settings, "utf-8")
    return folder
