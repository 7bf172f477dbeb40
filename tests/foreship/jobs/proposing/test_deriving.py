"""Items from orders: the usual words, the middle numbers, and nothing invented."""

from __future__ import annotations

from pathlib import Path

from foreship.ingest.tables import read_table
from foreship.jobs.proposing.deriving import derived_tables, with_more
from foreship.jobs.proposing.exports import exports_of
from foreship.jobs.proposing.matching import matched
from foreship_foundation.tables.input_tables import INPUTS


def test_items_are_what_most_lines_say(tmp_path: Path) -> None:
    """A median of prices, the commonest name, a stated cost; a pack size that occurs."""
    path = tmp_path / "orders.csv"
    lines = [
        "Date,Store,SKU,Qty,Price,Description,Unit cost,VE,Store name",
        "2026-01-05,R1,a,1,10.00,Lamp,4.00,6,Lyon",
        "2026-01-06,R1,a,1,12.00,Lamp,5.00,12,Lyon",
        "2026-01-07,R2,a,1,20.00,Lampe,6.00,6,",
        "2026-01-07,R2,b,1,,,1.00,1,",
    ]
    path.write_text("\n".join(lines), "utf-8")
    table, match = with_more(matched(INPUTS["orders"], exports_of(str(path))[0]))
    reads = {"orders": read_table(table, path, match.renames)}
    items, regions = derived_tables(reads, frozenset({"orders"}), 0.5)
    a, b = items.frame.to_dict("records")
    assert (a["price"], a["name"], a["unit_cost"], a["pack_size"]) == (12.0, "Lamp", 5.0, 6)
    assert (b["price"] != b["price"], b["name"], b["unit_cost"]) == (True, "", 1.0)
    assert a["assumed"] == "price"
    assert regions.frame[["region", "name"]].values.tolist() == [["R1", "Lyon"], ["R2", ""]]
    assert derived_tables(reads, frozenset({"orders", "items", "regions"}), 0.5) == []
