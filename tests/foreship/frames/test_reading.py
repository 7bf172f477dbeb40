"""A frame is read by what reads files: rows are counted from 1, infinity may mean unlimited."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest

from foreship.frames.reading import frame_path, reader_of
from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS


def test_what_is_unlimited_may_be_infinite_as_it_is_in_an_open_workspace() -> None:
    """A blank and infinity of `capacity` are the same; of a cost infinity is a fault, in row 2."""
    most = [4.0, math.inf]
    table = pa.table({"region": ["A", "B"], "capacity": most, "last_mile_cost": most})
    read = read_table(INPUTS["regions"], frame_path("regions"), reader=reader_of(table))
    assert read.frame["capacity"].to_list() == most
    (fault,) = read.faults
    assert (fault.column, fault.rows, fault.row_word) == ("last_mile_cost", (2,), "row")


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_text_of_any_flavour_is_text(kind: pa.DataType) -> None:
    """Plain or by dictionary, with the user's own name of the column."""
    texts = pa.array(["00123", None, "NA"], kind)
    for column in (texts, pa.array(["00123", None, "NA"]).dictionary_encode()):
        table = pa.table({"SKU": column, "price": [1.0] * 3, "unit_cost": [1.0] * 3})
        renames = {"item": "SKU"}
        read = read_table(
            INPUTS["items"], frame_path("items"), renames, reader=reader_of(table, renames)
        )
        assert read.frame["item"].to_list() == ["00123", "", "NA"]
        assert [(each.column, each.rows) for each in read.faults] == [("item", (2,))]


def test_an_extension_type_counts_as_what_it_stores() -> None:
    """Numbers that a database hands over as a type of its own are the text they are stored as."""
    kind = pa.opaque(pa.string(), "numeric", "PostgreSQL")
    column = pa.ExtensionArray.from_storage(kind, pa.array(["1.50", "2"]))
    table = pa.table({"item": ["a", "b"], "price": column, "unit_cost": [1, 1]})
    read = read_table(INPUTS["items"], frame_path("items"), reader=reader_of(table))
    assert read.frame["price"].to_list() == [1.5, 2.0] and not read.faults
