"""Plan for a network that cannot serve all its orders: what is short, and its price.

`python -m benchmarks.program.shortage` reads one day of a real outbound network (Brunel
University, figshare 7558679: 9,215 orders, 19 plants that together send at most 5,791 orders a
day), asks for every order by a lock (and for none twice), and prints what the plan says. The data
are not part of the repository.

An order is a unit: its item is a product for a customer, its region the port of destination. A
plant may send what it makes, and a plant of a customer's own only to its customers. Of the freight
table a lane takes the lowest charge and rate of its plant's ports, and the plant's cost a unit once
an order; transit days are left out, for an order of the day can wait for its parcel. What an order
earns is not in the data: `MARGIN` is assumed, the same for all.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

import foreship
from benchmarks.results import append, today, versions

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "brunel_logistics"
RESULTS = Path(__file__).parent / "results_shortage.csv"
AS_OF = "2013-05-27"
"""the Monday after the day of the orders"""
MARGIN = 20.0
"""money that an order earns before freight; assumed"""
CONFIG = """
[economics]
lost_sale_share = 1.0

[risk]
level = 0.0

[plan]
review_weeks = 1
"""


def main() -> None:
    """Plan the day and print shortage, reasons and prices."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    if not DATA.is_dir():
        sys.exit(f"{DATA} is not there: this benchmark needs data that are not in the repository")
    started = time.process_time()
    summary, lines, notes = planned()
    sent = int(lines["quantity"].sum())
    told = [each["words"] for each in summary["relaxed"]]
    print(f"status {summary['status']}, {sent} orders sent, gap {summary['gap']:.2g}")
    print("\n".join([*told, *notes]))
    lanes = [each for each in summary["shadow_prices"] if each["family"] == "lane"]
    print("\n".join(each["words"] for each in lanes))
    row = {
        "date": today(), "orders": int(asked()["units"].sum()), "sent": sent,
        "status": summary["status"], "objective": round(summary["objective"], 2),
        "bound": round(summary["bound"], 2), "gap": f"{summary['gap']:.2e}",
        "dearest_lane": lanes[0]["limit"], "its_price": round(lanes[0]["price"], 2),
        "cpu_seconds": round(time.process_time() - started, 1), **versions(),
    }  # fmt: skip
    append(RESULTS, [row])


def planned() -> tuple[dict[str, Any], pd.DataFrame, list[str]]:
    """Plan the day as a user would, from a workspace of tables; return summary, lines, notes."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "plants"
        write_workspace(folder)
        asked().to_parquet(Path(scratch) / "demand.parquet")
        workspace = foreship.open(folder)
        run = foreship.plan(workspace, as_of=AS_OF, demand=Path(scratch) / "demand.parquet")
        return run.summary, run.plan, run.notes


def orders() -> pd.DataFrame:
    """Return a row an order: item (product and customer), region, weight."""
    table = pd.read_csv(DATA / "OrderList.csv")
    item = table["Product ID"].astype(str) + " for " + table["Customer"]
    return pd.DataFrame(
        {
            "item": item,
            "product": table["Product ID"],
            "customer": table["Customer"],
            "region": table["Destination Port"],
            "weight": table["Weight"],
        }
    )


def asked() -> pd.DataFrame:
    """Return the demand: how often each item is ordered, one certain path of one week."""
    units = orders().groupby(["region", "item"]).size().rename("units").reset_index()
    return units.assign(week=pd.Timestamp(AS_OF), scenario=0)


def write_workspace(folder: Path) -> None:
    """Write the network's tables and the lock that asks for everything."""
    folder.mkdir()
    table, plants = orders(), pd.read_csv(DATA / "WhCapacities.csv")
    plants.columns = ["hub", "capacity"]
    items = table.groupby("item")["weight"].mean().rename("weight_kg").reset_index()
    tables = {
        "orders": pd.DataFrame(
            {
                "date": [pd.Timestamp(AS_OF) - pd.Timedelta(days=1)],
                "region": ["PORT09"],
                "item": items["item"].head(1),
                "quantity": [1],
            }
        ),
        "items": items.assign(price=2 * MARGIN, unit_cost=MARGIN),
        "regions": pd.DataFrame({"region": ["PORT09"]}),
        "hubs": plants[["hub"]],
        "lanes": _lanes(plants),
        "stock": _stock(table, set(plants["hub"])),
        "overrides": _locks(table),
    }
    names = []
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
        names.append(f'{name} = "{name}.parquet"')
    (folder / "foreship.toml").write_text("\n".join(["[tables]", *names]) + "\n" + CONFIG)


def _locks(table: pd.DataFrame) -> pd.DataFrame:
    """Return locks: every order of the day is sent, and no item more often than it is ordered."""
    ordered = table.groupby("item").size()
    count = len(ordered) + 1
    return pd.DataFrame(
        {
            "kind": ["at_least"] + ["at_most"] * len(ordered),
            "value": [float(len(table)), *ordered.astype(float)],
            "item": ["", *ordered.index],
            "region": ["PORT09"] * count,
            "reason": ["orders of the day"] * count,
            "author": ["planner"] * count,
            "expires": [pd.Timestamp("2014-01-01")] * count,
        }
    )


def _lanes(plants: pd.DataFrame) -> pd.DataFrame:
    """Return a lane a plant, its capacity in orders a day."""
    rates = pd.read_csv(DATA / "FreightRates.csv")
    ports = pd.read_csv(DATA / "PlantPorts.csv").rename(columns={"Plant Code": "hub"})
    costs = pd.read_csv(DATA / "WhCosts.csv")
    costs.columns = ["hub", "handling"]
    cheapest = rates.groupby("orig_port_cd")[["minimum cost", "rate"]].min()
    by_plant = ports.merge(cheapest, left_on="Port", right_index=True).drop(columns="Port")
    lanes = by_plant.groupby("hub").min().reset_index().merge(plants, on="hub")
    lanes = lanes.merge(costs, on="hub")
    return pd.DataFrame(
        {
            "origin": lanes["hub"],
            "destination": "PORT09",
            "cost_per_unit": lanes["minimum cost"] + lanes["handling"],
            "cost_per_kg": lanes["rate"],
            "lead_time_days": 0,
            "capacity": lanes["capacity"].astype(float),
        }
    )


def _stock(table: pd.DataFrame, plants: set[str]) -> pd.DataFrame:
    """Return what each plant may send: its products, to its customers if it has its own."""
    makes = pd.read_csv(DATA / "ProductsPerPlant.csv")
    own = pd.read_csv(DATA / "VmiCustomers.csv")
    counted = table.groupby(["item", "product", "customer"]).size().rename("quantity").reset_index()
    able = counted.merge(makes, left_on="product", right_on="Product ID")
    able = able[able["Plant Code"].isin(plants)]
    closed = able["Plant Code"].isin(own["Plant Code"])
    pairs = set(zip(own["Plant Code"], own["Customers"], strict=True))
    allowed = [pair in pairs for pair in zip(able["Plant Code"], able["customer"], strict=True)]
    able = able[~closed | pd.Series(allowed, index=able.index)]
    return pd.DataFrame(
        {"location": able["Plant Code"], "item": able["item"], "quantity": able["quantity"]}
    )


if __name__ == "__main__":
    main()
