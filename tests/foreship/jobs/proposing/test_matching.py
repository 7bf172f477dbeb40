"""Which heading is which column, and which file is which table: certain or asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.jobs.proposing.exports import Export
from foreship.jobs.proposing.matching import assigned, matched
from foreship_foundation.tables.input_tables import INPUTS


def export(name: str, *header: str, table: str = "") -> Export:
    """Return an export with these headings."""
    return Export(Path(name), header, "", table)


def test_the_better_heading_wins_and_equal_ones_are_asked() -> None:
    """`Artikel` is an id only where nothing is called a number of it."""
    match = matched(INPUTS["orders"], export("a", "Artikel", "Artikelnummer", "Menge", "Qty"))
    assert match.renames["item"] == "Artikelnummer"
    assert match.doubles["quantity"] == ("Menge", "Qty")
    assert match.missing == ("date", "region")
    assert match.spare == ["Artikel"]
    assert matched(INPUTS["orders"], export("a", "Artikel")).renames == {"item": "Artikel"}
    assert matched(INPUTS["orders"], export("a", "item", "SKU")).renames == {"item": "item"}


def test_files_become_tables_by_their_headings_then_by_their_names() -> None:
    """Orders and returns have the same columns: only a name tells them apart."""
    lines = ("Datum", "Filiale", "SKU", "Menge")
    matches, questions = assigned(
        [
            export("Retouren.csv", *lines),
            export("export1.csv", *lines),
            export("export2.csv", "Lagerort", "SKU", "Bestand"),
            export("Artikel.csv", "SKU", "Preis"),
        ]
    )
    assert [(each.table, each.export.path.name) for each in matches] == [
        ("orders", "export1.csv"),
        ("items", "Artikel.csv"),
        ("stock", "export2.csv"),
        ("returns", "Retouren.csv"),
    ]
    assert matches[1].missing == ("unit_cost",)
    assert not questions


def test_what_cannot_be_told_is_asked() -> None:
    """Two exports of one table, and one of none; `TABLE=FILE` settles both."""
    lines = ("Datum", "Filiale", "SKU", "Menge")
    matches, questions = assigned(
        [export("a.csv", *lines), export("b.csv", *lines), export("c.csv", "x", "y")]
    )
    assert [each.export.path.name for each in matches] == ["a.csv"]
    assert "a.csv and b.csv both look like orders" in questions[0]
    assert "What does c.csv hold?" in questions[1]
    matches, questions = assigned(
        [export("a.csv", *lines), export("b.csv", *lines, table="returns")]
    )
    assert [each.table for each in matches] == ["orders", "returns"]
    assert not questions


@pytest.mark.parametrize("file", ["Lager.csv", "Filialen.csv", "export.csv"])
def test_places_items_and_units_without_a_day_are_stock(file: str) -> None:
    """Whatever the file's name says, and however weak the headings are."""
    for header in (("Ort", "Artikel", "Menge"), ("Filiale", "SKU", "Qty"), ("Lager", "Ref", "Qte")):
        matches, questions = assigned([export(file, *header)])
        assert [each.table for each in matches] == ["stock"], header
        assert list(matches[0].renames.values()) == list(header) and not questions


def test_units_that_nothing_reads_are_asked() -> None:
    """A master file with a number of units may hold stock too; what was said is not asked."""
    header = ("Artikelnummer", "Preis", "EK", "Bestand")
    matches, questions = assigned([export("Artikel.csv", *header)])
    assert [each.table for each in matches] == ["items"]
    assert len(questions) == 1 and "column 'Bestand'" in questions[0]
    assert "TABLE=Artikel.csv" in questions[0]
    assert not assigned([export("Artikel.csv", *header, table="items")])[1]
    assert not assigned([export("Artikel.csv", *header[:3])])[1]


def test_a_file_that_is_named_needs_not_all_headings() -> None:
    """Orders of places called plants are orders by their name, not stock by their columns."""
    (match,), questions = assigned(
        [export("VBAP_Auftraege.csv", "Belegdatum", "Werk", "Material", "Auftragsmenge", "Menge")]
    )
    assert not questions
    assert (match.table, match.missing) == ("orders", ("region",))
    assert match.likely == {"region": ("Werk",)}


def test_answers_about_columns_are_kept_while_the_export_has_them() -> None:
    """A heading that nobody could know is named once; one that has gone is asked again."""
    lines = export("Orders.csv", "Date", "Outlet", "SKU", "Qty", "Quantity")
    answers = {"orders": {"region": "Outlet", "quantity": "Qty", "item": "gone"}}
    (match,), _ = assigned([lines], answers)
    assert match.renames["region"] == "Outlet" and match.renames["quantity"] == "Qty"
    assert match.renames["item"] == "SKU" and not match.missing and not match.doubles
