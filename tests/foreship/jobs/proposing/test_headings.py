"""Headings of five languages, however they are written."""

from __future__ import annotations

import pytest

from foreship.jobs.proposing.headings import bare, headings_of, is_heading, may_name, names_table
from foreship_foundation.tables.input_tables import INPUTS


@pytest.mark.parametrize(
    ("heading", "table", "column"),
    [
        ("Artikelnummer", "orders", "item"),
        ("Artikel-Nr.", "orders", "item"),
        ("SKU", "stock", "item"),
        ("Référence", "orders", "item"),
        ("Código artículo", "orders", "item"),
        ("Menge", "orders", "quantity"),
        ("Qty", "orders", "quantity"),
        ("Qté commandée", "orders", "quantity"),
        ("CANTIDAD", "orders", "quantity"),
        ("Bestand", "stock", "quantity"),
        ("Auftragsdatum", "orders", "date"),
        ("Order Date", "orders", "date"),
        ("Date de commande", "orders", "date"),
        ("Fecha pedido", "orders", "date"),
        ("Article no.", "orders", "item"),
        ("Material Number", "stock", "item"),
        ("MATNR", "stock", "item"),
        ("Frei verwendbar", "stock", "quantity"),
        ("Verkaufsbeleg", "orders", "order_id"),
        ("Auftrags-Nr.", "orders", "order_id"),
        ("Filialnummer", "orders", "region"),
        ("Art.-Nr.", "orders", "item"),
        ("Document Number", "orders", "order_id"),
        ("Item Rate", "orders", "price"),
        ("Filiaal", "orders", "region"),
        ("Voorraad", "stock", "quantity"),
        ("Kosten per stuk", "lanes", "cost_per_unit"),
        ("Ship-to", "orders", "region"),
        ("Filiale", "orders", "region"),
        ("Laufzeit (Tage)", "lanes", "lead_time_days"),
        ("Stück", "orders", "quantity"),
        ("pack_size", "items", "pack_size"),
    ],
)
def test_a_heading_names_its_column(heading: str, table: str, column: str) -> None:
    """Whatever its case, accents, blanks and signs."""
    assert bare(heading) in headings_of(table, column)
    assert is_heading(heading)


def test_no_heading_means_two_columns_of_one_table() -> None:
    """Words are listed once a table, so that one heading is never taken twice."""
    for name, table in INPUTS.items():
        words = [word for each in table.names for word in headings_of(name, each)]
        twice = {each for each in words if words.count(each) > 1}
        places = {"from", "to"} if name == "lanes" else set()  # places before days of opening
        assert twice <= places, f"{name}: {sorted(twice)}"


def test_files_are_known_by_their_names() -> None:
    """Words of a name, not parts of them."""
    assert names_table("Auftraege_2026-KW12", "orders")
    assert names_table("Aufträge", "orders")
    assert not names_table("border", "orders")
    assert names_table("SalesOrders", "orders")


def test_words_within_a_heading_may_name_a_column() -> None:
    """Whole words, also run together; part of a word names nothing."""
    assert may_name("stock", "quantity", "Location On Hand")
    assert may_name("lanes", "origin", "FromPlace")
    assert may_name("orders", "region", "Werk")
    assert not may_name("stock", "quantity", "Location Beforehand")
