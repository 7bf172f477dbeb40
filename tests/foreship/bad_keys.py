"""Keys that are not what a planner meant (K)."""

from __future__ import annotations

import unicodedata

from tests.foreship.bad_changes import Case, both, cell, columns, lines, row, typed

__all__ = ["KEYS"]

NFC = unicodedata.normalize("NFC", "Orléans")
NFD = unicodedata.normalize("NFD", "Orléans")

KEYS = (
    Case(
        "K05",
        both(cell("orders", "item", 4, ""), cell("orders", "item", 9, "")),
        "orders",
        "item",
        ("blank in 2 rows", "lines 4, 9"),
        (4, 9),
    ),
    Case("K06", cell("items", "item", 3, "A-1 "), "items", "item", ("space", "'A-1 '"), (3,)),
    Case(
        "K06 nbsp", cell("items", "item", 3, "\xa0A-1"), "items", "item", ("space", "\\xa0"), (3,)
    ),
    Case(
        "K07",
        both(row("regions", NFC, "", "E"), row("regions", NFD, "", "E")),
        "regions",
        "region",
        ("two Unicode spellings",),
        (5, 6),
    ),
    Case(
        "K08",
        row("items", "a-1", "1", "1", "1", "0", "toys", "1"),
        "items",
        "item",
        ("only by case", "'A-1', 'a-1'"),
        (3, 6),
    ),
    Case("K09", cell("items", "item", 3, "A\u200b1"), "items", "item", ("hidden", "\\u200b"), (3,)),
    Case("K09 rtl", cell("hubs", "hub", 2, "H\u200f1"), "hubs", "hub", ("hidden", "\\u200f"), (2,)),
    Case(
        "K11",
        lines("items", lambda old: [*old, old[1]]),
        "items",
        "item",
        ("the same item more than once", "'00123'"),
        (2, 6),
    ),
    Case(
        "K12",
        row("items", "A-1", "9", "4", "1", "0", "toys", "1"),
        "items",
        "item",
        ("more than once",),
        (3, 6),
    ),
    Case(
        "K13",
        cell("orders", "item", 7, "ghost"),
        "orders",
        "item",
        ("'ghost' is not in items",),
        (7,),
    ),
    Case(
        "K14",
        cell("orders", "region", 7, "XX"),
        "orders",
        "region",
        ("'XX' is not in regions",),
        (7,),
    ),
    Case(
        "K15",
        cell("stock", "location", 3, "W9"),
        "stock",
        "location",
        ("'W9' is not in regions or hubs",),
        (3,),
    ),
    Case(
        "K16",
        cell("lanes", "destination", 6, "XX"),
        "lanes",
        "destination",
        ("'XX' is not in",),
        (6,),
    ),
    Case(
        "K17",
        cell("lanes", "destination", 4, "H1"),
        "lanes",
        "origin",
        ("are the same", "'H1'"),
        (4,),
    ),
    Case(
        "K18",
        lines("lanes", lambda old: [*old, old[1].replace("1.0", "2.0")]),
        "lanes",
        "origin, destination",
        ("more than once", "'H1' 'NA'"),
        (2, 13),
    ),
    Case(
        "K22",
        cell("items", "item", 3, "../../etc"),
        "items",
        "item",
        ("'../'", "'../../etc'"),
        (3,),
    ),
    Case("K22 back", cell("items", "item", 3, "a\\b"), "items", "item", ("backslash",), (3,)),
    Case("K22 long", cell("items", "item", 3, "x" * 300), "items", "item", ("over 128",), (3,)),
    Case("K23", cell("items", "item", 3, "A\n1"), "items", "item", ("control", "'A\\n1'"), (3,)),
    Case(
        "K24",
        columns("items", lambda f: f.assign(item=["1.0", "2.0", "3.0", "4.0"])),
        "items",
        "item",
        ("'.0'", "spreadsheet"),
    ),
    Case("K24 float", typed("item", float), "orders", "item", ("holds double, not text",)),
    Case(
        "K25 hub and region",
        row("hubs", "R1", ""),
        "hubs",
        "hub",
        ("also the id of a region", "'R1'"),
        (4,),
    ),
    Case(
        "K26 stock twice",
        lines("stock", lambda old: [*old, old[1]]),
        "stock",
        "location, item",
        ("more than once", "'H1' '00123'"),
        (2, 13),
    ),
    Case(
        "K27 exit",
        cell("exits", "exit", 3, "burn"),
        "exits",
        "exit",
        ("unknown word", "redirect"),
        (3,),
    ),
    Case(
        "K28 kind",
        cell("overrides", "kind", 2, "lock"),
        "overrides",
        "kind",
        ("unknown word",),
        (2,),
    ),
    Case(
        "K29 origin",
        cell("inbound", "item", 2, "B"),
        "inbound",
        "item",
        ("'B' is not in items",),
        (2,),
    ),
    Case(
        "K30 case",
        cell("orders", "region", 7, "r1"),
        "orders",
        "region",
        ("'r1' is not in regions", "almost 'R1'"),
        (7,),
    ),
)
