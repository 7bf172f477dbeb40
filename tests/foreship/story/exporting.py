"""What a German ERP saves of a retailer on a Monday: semicolons, decimal commas, years in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from tests.foreship.ingest.formats.books import book

__all__ = ["GIVEN", "export"]

ORDERS = {
    "date": "Auftragsdatum",
    "order_id": "Auftrags-Nr.",
    "region": "Filiale",
    "item": "Artikelnummer",
    "category": "Warengruppe",
    "quantity": "Menge",
    "price": "Einzelpreis",
    "unit_cost": "Einkaufspreis",
    "volume": "Volumen",
    "weight_kg": "Gewicht",
    "pack_size": "VE",
}
STOCK = {"location": "Lagerort", "item": "Artikelnummer", "quantity": "Bestand"}
COMING = {**STOCK, "quantity": "Menge", "arrival_date": "Ankunftsdatum"}
RECEIVED = {"date": "Datum", **STOCK, "quantity": "Menge", "run": "run"}
PRICES = {
    "week": "Woche",
    "region": "Filiale",
    "item": "Artikelnummer",
    "price": "Preis",
    "promotion": "promotion",
}
CALENDAR = {"date": "Datum", "event": "Ereignis", "region": "Filiale"}
LANES = {
    "origin": "Von",
    "destination": "Nach",
    "cost_per_unit": "Kosten je Stück",
    "cost_per_kg": "cost_per_kg",
    "lead_time_days": "Laufzeit (Tage)",
    "direct_cost": "Paketkosten",
    "direct_further": "direct_further",
}
GIVEN = (
    "Auftraege",
    "Bestand.csv",
    "inbound=Zulauf.csv",
    "receipts=Wareneingang.csv",
    "prices=Preise.csv",
    "calendar=Kalender.csv",
    "Transport.xlsx",
)
"""what `init` is given of the folder"""


def export(folder: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write the tables of a Monday over those of the Monday before.

    Orders and returns are one list, returns with a minus; each of its lines says what the item is.
    """
    (folder / "Auftraege").mkdir(parents=True, exist_ok=True)
    back = frames["returns"].assign(quantity=-frames["returns"]["quantity"], order_id="")
    both = pd.concat([frames["orders"], back], ignore_index=True)
    both = both.merge(frames["items"], on="item", how="left")
    for year, lines in both.sort_values("date", kind="stable").groupby(both["date"].dt.year):
        total = ["Summe", *[""] * (len(ORDERS) - 1)]
        total[list(ORDERS).index("quantity")] = str(lines["quantity"].sum())
        _save(folder / "Auftraege" / f"{year}.csv", ORDERS, lines, "cp1252", total)
    _save(folder / "Bestand.csv", STOCK, frames["stock"], "utf-8-sig")
    _save(folder / "Zulauf.csv", COMING, frames["inbound"], "cp1252")
    _save(folder / "Wareneingang.csv", RECEIVED, frames["receipts"], "cp1252")
    _save(folder / "Preise.csv", PRICES, frames["prices"], "cp1252")
    _save(folder / "Kalender.csv", CALENDAR, frames["calendar"], "cp1252")
    lanes = frames["lanes"][list(LANES)].astype(object)
    lanes = lanes.where(lanes.notna(), None).to_numpy().tolist()
    (folder / "Transport.xlsx").write_bytes(book(list(LANES.values()), *lanes, name="Strecken"))


def _save(
    path: Path, heads: Mapping[str, str], rows: pd.DataFrame, encoding: str,
    total: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write a table as a German spreadsheet does, with a row of totals where there is one."""
    texts = [[_german(value) for value in rows[name]] for name in heads]
    lines = [";".join(heads.values()), *(";".join(row) for row in zip(*texts, strict=True))]
    lines += [";".join(total)] * bool(total)
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))


def _german(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.2f}".replace(".", ",")
    return str(value)
