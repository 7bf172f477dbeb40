"""Values that are not what a planner meant: numbers (N), time (T), whole workspaces (W)."""

from __future__ import annotations

from tests.foreship.bad_changes import Case, both, cell, columns, config, replaced, row, typed

__all__ = ["NUMBERS", "TIMES", "WHOLES"]

NUMBERS = (
    Case(
        "N01",
        cell("stock", "quantity", 5, "-3"),
        "stock",
        "quantity",
        ("negative quantity", "-3)", "0 or more"),
        (5,),
    ),
    Case(
        "N02",
        cell("lanes", "cost_per_unit", 2, "-1.20"),
        "lanes",
        "cost_per_unit",
        ("negative",),
        (2,),
    ),
    Case("N03", cell("items", "unit_cost", 3, ""), "items", "unit_cost", ("blank in 1 row",), (3,)),
    Case(
        "N04",
        cell("items", "price", 4, "1e400"),
        "items",
        "price",
        ("not a finite", "'1e400'"),
        (4,),
    ),
    Case(
        "N04 nan",
        cell("items", "price", 4, "NaN"),
        "items",
        "price",
        ("not a finite", "'NaN'"),
        (4,),
    ),
    Case(
        "N04 inf",
        cell("items", "unit_cost", 4, "inf"),
        "items",
        "unit_cost",
        ("not a finite",),
        (4,),
    ),
    Case(
        "N04 parquet",
        typed("price", lambda n: float("nan") if n == 4 else 1.0),
        "orders",
        "price",
        ("not a finite", "nan"),
        (5,),
    ),
    Case(
        "N05",
        cell("stock", "quantity", 3, "9007199254740993"),
        "stock",
        "quantity",
        ("quantity too large", "9007199254740993"),
        (3,),
    ),
    Case(
        "N06",
        cell("orders", "quantity", 6, "3.5"),
        "orders",
        "quantity",
        ("fractional", "3.5)", "whole"),
        (6,),
    ),
    Case(
        "N07",
        cell("orders", "quantity", 6, "5 pcs"),
        "orders",
        "quantity",
        ("not a number", "'5 pcs'"),
        (6,),
    ),
    Case("N08", cell("items", "price", 3, "0"), "items", "price", ("too small", "above 0"), (3,)),
    Case(
        "N10",
        columns("items", lambda f: f.assign(currency=["EUR", "USD", "EUR", "EUR"])),
        "items",
        "currency",
        ("EUR, USD", "one currency"),
    ),
    Case(
        "N18",
        cell("items", "pack_size", 2, "0"),
        "items",
        "pack_size",
        ("too small", "1 to 100000"),
        (2,),
    ),
    Case(
        "N20",
        both(
            cell("lanes", "cost_per_unit", 2, "0.01"), cell("lanes", "cost_per_unit", 9, "250000")
        ),
        "lanes",
        "cost_per_unit",
        ("6 decades",),
        (2, 9),
    ),
    Case(
        "N23", cell("orders", "quantity", 3, "\uff13"), "orders", "quantity", ("not ASCII",), (3,)
    ),
    Case(
        "N24",
        cell("orders", "quantity", 3, "-"),
        "orders",
        "quantity",
        ("not a number", "'-'"),
        (3,),
    ),
    Case("N24 na", cell("stock", "quantity", 3, "n/a"), "stock", "quantity", ("'n/a'",), (3,)),
    Case(
        "N25 zero", cell("orders", "quantity", 3, "0"), "orders", "quantity", ("too small",), (3,)
    ),
    Case(
        "N26 share",
        columns("items", lambda f: f.assign(lost_sale_share=["", "1.5", "", ""])),
        "items",
        "lost_sale_share",
        ("too large", "0 to 1"),
        (3,),
    ),
    Case(
        "N27 flag",
        cell("availability", "in_stock", 2, "2"),
        "availability",
        "in_stock",
        ("neither 0 nor 1",),
        (2,),
    ),
    Case(
        "N28 lock",
        cell("overrides", "value", 2, ""),
        "overrides",
        "value",
        ("blank", "need a number"),
        (2,),
    ),
    Case(
        "N32 policy",
        cell("policies", "value", 2, "-2"),
        "policies",
        "value",
        ("negative", "-2", "0 or more"),
        (2,),
    ),
    Case(
        "N33 adjustment",
        cell("adjustments", "value", 2, "half as much"),
        "adjustments",
        "value",
        ("not a number", "'half as much'"),
        (2,),
    ),
    Case(
        "N30 vehicle",
        columns("lanes", lambda f: f.assign(vehicle_capacity="0", vehicle_cost="90")),
        "lanes",
        "vehicle_capacity",
        ("too small", "above 0"),
        (2, 3, 4),
    ),
    Case(
        "N31 docks",
        columns("hubs", lambda f: f.assign(picking_units=["400", "-1"])),
        "hubs",
        "picking_units",
        ("negative", "0 or more"),
        (3,),
    ),
    Case(
        "N29 bool",
        typed("quantity", lambda n: n % 2 == 0),
        "orders",
        "quantity",
        ("holds bool, not numbers",),
    ),
)

TIMES = (
    Case(
        "T01",
        columns("orders", lambda f: f.assign(date="03/04/2026")),
        "orders",
        "date",
        ("cannot be told apart", "'03/04/2026'", "date_format"),
        (2, 3, 4),
    ),
    Case(
        "T02",
        both(
            columns("orders", lambda f: f.assign(date=["04/05/2026"] * 898 + ["2026-05-04"] * 2)),
            config('[columns]\norders.date_format = "%d/%m/%Y"'),
        ),
        "orders",
        "date",
        ("not a date in 2 rows", "%d/%m/%Y"),
        (900, 901),
    ),
    Case("T03", cell("orders", "date", 7, "2026-02-30"), "orders", "date", ("no such day",), (7,)),
    Case(
        "T03 format",
        both(
            columns("orders", lambda f: f.assign(date=["04/05/2026"] * 899 + ["31/02/2026"])),
            config('[columns]\norders.date_format = "%d/%m/%Y"'),
        ),
        "orders",
        "date",
        ("no such day", "'31/02/2026'"),
        (901,),
    ),
    Case(
        "T12",
        typed("date", lambda n: 1_700_000_000 + n),
        "orders",
        "date",
        ("holds int64, not dates",),
    ),
    Case("T13", cell("orders", "date", 4, "0026-05-04"), "orders", "date", ("before 1900",), (4,)),
    Case(
        "T15",
        cell("lanes", "lead_time_days", 3, "-1"),
        "lanes",
        "lead_time_days",
        ("negative",),
        (3,),
    ),
    Case(
        "T15 half",
        cell("lanes", "lead_time_days", 3, "1.5"),
        "lanes",
        "lead_time_days",
        ("fractional", "days come whole"),
        (3,),
    ),
    Case(
        "T16 weekdays",
        columns("lanes", lambda f: f.assign(departs=(["Mon, Fri", "mon;Funday Tuesday"] * 6)[:11])),
        "lanes",
        "departs",
        ("no weekday", "'Funday'", "of Mon, Tue, Wed, Thu, Fri, Sat, Sun"),
        (3, 5, 7),
    ),
    Case(
        "T16 hub",
        row("calendar", "2026-08-05", "fair", "H1"),
        "calendar",
        "event",
        ("a hub under an event that does not close it", "closed or closure"),
        (4,),
    ),
    Case(
        "T17 week",
        cell("prices", "week", 5, "2026-08-04"),
        "prices",
        "week",
        ("not a Monday",),
        (5,),
    ),
    Case(
        "T21 adjusted week",
        cell("adjustments", "week", 2, "2026-08-04"),
        "adjustments",
        "week",
        ("not a Monday",),
        (2,),
    ),
    Case(
        "T18 span",
        columns("assortment", lambda f: f.assign(**{"from": "2026-03-01", "to": "2026-02-01"})),
        "assortment",
        "to",
        ("ends before it starts",),
        (2, 3, 4),
    ),
    Case(
        "T19 blank", cell("overrides", "expires", 3, ""), "overrides", "expires", ("blank",), (3,)
    ),
    Case(
        "T20 words", cell("orders", "date", 4, "yesterday"), "orders", "date", ("not a date",), (4,)
    ),
)

WHOLES = (
    Case(
        "W01 none",
        columns("lanes", lambda f: f[~f["origin"].isin(["H1", "H2"])]),
        "lanes",
        "destination",
        ("no region has a lane from a hub",),
    ),
    Case(
        "W02 unnamed",
        replaced('stock = "stock.csv"', ""),
        "stock",
        words=("does not name", 'stock = "stock.csv"'),
    ),
)
