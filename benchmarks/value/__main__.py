"""Recursion against brute-force base-stock, single cells: one command, one CSV.

python -m benchmarks.value                # writes benchmarks/value/results.csv
"""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

from benchmarks.value.single_cell import (
    Case,
    best_base_stock,
    profit_per_week,
    recursion_orders,
    weekly_law,
)

HERE = Path(__file__).resolve().parent

MEANS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
LAWS = (("poisson", 0.0), ("negative_binomial", 1.0))
MONEY = {
    "parcel saving, cheap exit": (6.0, 1.5, 0.10, 4.0),
    "parcel saving, dear exit": (6.0, 1.5, 0.30, 16.0),
    "small parcel": (3.0, 1.0, 0.05, 2.0),
    "large and dear to hold": (12.0, 2.0, 0.50, 10.0),
    "thin margin": (2.5, 2.0, 0.02, 5.0),
    "cheap lane, dear to hold": (8.0, 0.5, 1.00, 1.0),
}
"""b, c, h a week, e"""
LEAD_WEEKS = (0, 2)
CLOSING = (0.0, 0.01)
"""weekly chance that the cell closes: none, and 41 % a year"""
COLUMNS = (
    "lead_weeks", "closing", "law", "mean", "money", "best_level", "best_profit",
    "first_order", "profit", "loss", "loss_short_windows",
)  # fmt: skip


def run() -> list[dict[str, object]]:
    """Evaluate every case exactly; `loss` is the share of the attainable that is missed."""
    rows = []
    for lead, closing, (kind, size), mean in product(LEAD_WEEKS, CLOSING, LAWS, MEANS):
        law = weekly_law("poisson" if kind == "poisson" else "nb", mean, size)
        most = round(mean * (lead + 1) * (2 if kind == "poisson" else 3)) + 10
        for name, (benefit, cost, holding, exit_cost) in MONEY.items():
            case = Case(law, benefit, cost, holding, exit_cost, closing, lead)
            level, best = best_base_stock(case, most)
            orders = recursion_orders(case, most)
            profit = profit_per_week(case, orders)
            loss = (best - profit) / best if best > 1e-9 else -profit
            short = recursion_orders(replace(case, short_windows=True), most)
            missed = best - profit_per_week(case, short)
            missed = missed / best if best > 1e-9 else missed
            values = (lead, closing, kind, mean, name, level, f"{best:.6f}", orders[0, 0],
                      f"{profit:.6f}", f"{loss:.6f}", f"{missed:.6f}")  # fmt: skip
            rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def main() -> None:
    """Write the table and say how it went."""
    start = time.process_time()
    rows = run()
    with (HERE / "results.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for lead, closing in product(LEAD_WEEKS, CLOSING):
        loss = [
            float(str(row["loss"]))
            for row in rows
            if row["lead_weeks"] == lead and row["closing"] == closing
        ]
        above = sum(each > 0.01 for each in loss)
        short = [
            float(str(row["loss_short_windows"]))
            for row in rows
            if row["lead_weeks"] == lead and row["closing"] == closing
        ]
        print(
            f"lead {lead} weeks, closing {closing:g} a week: {len(loss)} cases, "
            f"worst loss {max(loss):.4%}, {above} above 1 %; "
            f"with windows of one review {max(short):.2%}, {sum(x > 0.01 for x in short)}"
        )
    print(f"{len(rows)} cases, {time.process_time() - start:.0f} CPU-s")


if __name__ == "__main__":
    main()
