"""Let a week pass in the tutorial's shop: write what its ERP would export on the next Monday.

    python docs/tutorials/next_monday.py shop

Customers order what they ordered in the same week of last year. The released plan leaves, but of
its largest line one unit never arrives and the rest two days late.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pandas as pd

WEEK, DAY = pd.Timedelta(weeks=1), pd.Timedelta(days=1)
KEYS = ["location", "item"]


def main(folder: str) -> None:
    """Write `orders`, `stock`, `inbound` and `receipts` of the next Monday; print the receipts."""
    shop = Path(folder)
    released = max((shop / "released").iterdir())
    monday = pd.Timestamp(released.name[:10])
    lines = pd.read_csv(
        released / "plan.csv",
        dtype={"item": str},
        parse_dates=["ship_date", "arrival_date"],
        keep_default_na=False,
    )
    trucks = _trucks(lines)
    orders = pd.read_parquet(shop / "orders.parquet")
    bought = _bought(orders, monday)
    coming = pd.read_parquet(shop / "inbound.parquet")
    coming = pd.concat([coming, trucks.drop(columns="line")], ignore_index=True)
    shelf = _week(shop, monday, lines, coming, bought)
    pd.concat([orders, bought], ignore_index=True).to_parquet(shop / "orders.parquet", index=False)
    stock = pd.DataFrame([(*key, n) for key, n in sorted(shelf.items()) if n > 0])
    stock.columns = [*KEYS, "quantity"]
    stock.to_parquet(shop / "stock.parquet", index=False)
    later = coming[coming["arrival_date"] > monday + WEEK]
    later.to_parquet(shop / "inbound.parquet", index=False)
    came = trucks[trucks["arrival_date"] < monday + WEEK].rename(columns={"arrival_date": "date"})
    receipts = came.assign(run=released.name)[["date", *KEYS, "quantity", "run"]]
    receipts.to_csv(shop / "receipts.csv", index=False)
    _name_receipts(shop / "foreship.toml")
    told = f"{len(bought)} order lines, {stock['quantity'].sum()} units in stock, receipts:\n"
    sys.stdout.write(told + receipts.to_csv(index=False, lineterminator="\n"))


def _trucks(lines: pd.DataFrame) -> pd.DataFrame:
    """Return what arrives where and when: the largest line late, and short by a unit."""
    moved = lines[lines["destination"] != ""].reset_index(drop=True)
    worst = moved["quantity"].idxmax()
    moved.loc[worst, "arrival_date"] += 2 * DAY
    moved.loc[worst, "quantity"] -= 1
    moved = moved.rename(columns={"destination": "location"})
    return moved[["line", *KEYS, "quantity", "arrival_date"]]


def _bought(orders: pd.DataFrame, monday: pd.Timestamp) -> pd.DataFrame:
    """Return the orders of last year's week as those of this one."""
    year = 52 * WEEK
    then = orders[orders["date"].between(monday - year, monday - year + WEEK, inclusive="left")]
    return then.assign(date=then["date"] + year, order_id="N" + then["order_id"])


def _week(
    shop: Path,
    monday: pd.Timestamp,
    lines: pd.DataFrame,
    coming: pd.DataFrame,
    bought: pd.DataFrame,
) -> Counter[tuple[str, str]]:
    """Return what lies where on the next Monday: regions serve first, then any hub."""
    shelf: Counter[tuple[str, str]] = Counter()
    stock = pd.read_parquet(shop / "stock.parquet")
    for place, item, units in stock[[*KEYS, "quantity"]].itertuples(index=False):
        shelf[place, item] += units
    for place, item, units in lines[["origin", "item", "quantity"]].itertuples(index=False):
        shelf[place, item] -= units
    hubs = sorted(pd.read_parquet(shop / "hubs.parquet")["hub"])
    landed = coming[coming["arrival_date"] <= monday + WEEK]
    for number in range(8):
        day = monday + number * DAY
        arrives = landed["arrival_date"].clip(lower=monday)
        due = landed[arrives == day]
        for place, item, units in due[[*KEYS, "quantity"]].itertuples(index=False):
            shelf[place, item] += units
        today = bought[bought["date"] == day]
        for region, item, units in today[["region", "item", "quantity"]].itertuples(index=False):
            wanted = units
            for place in (region, *hubs):
                taken = min(wanted, shelf[place, item])
                shelf[place, item] -= taken
                wanted -= taken
    return shelf


def _name_receipts(config: Path) -> None:
    """Name the new table in the config."""
    text = config.read_text("utf-8")
    named = text.replace("[tables]\n", '[tables]\nreceipts = "receipts.csv"\n', 1)
    config.write_text(named, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
