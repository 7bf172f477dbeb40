"""Raw exports as a German ERP writes them: everything in them that a planner has to mend today."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.foreship.ingest.formats.books import book

__all__ = ["NAMES", "PRICES", "write_exports"]

REGIONS = ("Köln", "Berlin", "München")
NAMES = {"00123": "Töpfe groß", "00124": "Kanne", "00777": "Löffel"}
PRICES = {"00123": 1299.5, "00124": 9.5, "00777": 2.0}
STOCK = "Lagerort;Artikelnummer;Bestand"
LANES = ("Von", "Nach", "Kosten je Stück", "Laufzeit (Tage)", "Paketkosten")


def german(value: float) -> str:
    """Write an amount with points between thousands and a decimal comma."""
    return f"{value:,.2f}".translate({44: 46, 46: 44})


def write_exports(folder: Path, stock_header: str = STOCK) -> dict[str, int]:
    """Write two years of orders, stock and a workbook of lanes; return what they hold."""
    draw, rows, back = np.random.default_rng(1), 600, 0
    days = np.sort(np.datetime64("2025-11-03") + draw.integers(0, 210, rows))
    files: dict[str, list[str]] = {}
    sums: dict[str, int] = {}
    header = "Auftragsdatum;Auftrags-Nr.;Filiale;Artikelnummer;Bezeichnung;Menge;Einzelpreis;"
    for n, day in enumerate(days):
        year, month, date = str(day).split("-")
        lines = files.setdefault(year, ["Auftragsliste;;;;;;;", "", header])
        item = draw.choice(list(PRICES))
        count = -1 if n % 97 == 5 else int(draw.integers(1, 4))
        back += count < 0
        sums[year] = sums.get(year, 0) + count
        values = (f"{date}.{month}.{year}", f"A{n}", draw.choice(REGIONS), item, NAMES[item])
        lines.append(";".join([*values, str(count), german(PRICES[item]), ""]))
        lines += [";;;;;;;"] * (n % 100 == 99)
    (folder / "Auftraege").mkdir(parents=True)
    for year, lines in files.items():
        text = "\r\n".join([*lines, f"Summe;;;;;{sums[year]};;", ""])
        (folder / "Auftraege" / f"{year}.csv").write_bytes(text.encode("cp1252"))
    stock = [stock_header, "ZL;00123;1.200", "ZL;00124;300", "ZL;00777;50"]
    (folder / "Bestand.csv").write_bytes("\r\n".join([*stock, "Köln;00123;3"]).encode("cp1252"))
    lanes = [("ZL", region, "1,20", 2, 5.9) for region in REGIONS]
    (folder / "Transport.xlsx").write_bytes(book(LANES, *lanes, name="Strecken"))
    return {"rows": rows, "back": back}
