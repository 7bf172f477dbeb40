"""Arrow tables of any flavour begin the same checks."""

from __future__ import annotations

import pyarrow as pa
import pytest

from foreship.errors import InputError
from foreship.ingest.files.arrow_table import is_text_type, plain_column, raw_of

FLAVOURS = (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()))


@pytest.mark.parametrize("kind", FLAVOURS, ids=str)
def test_text_of_any_flavour_is_one_type(kind: pa.DataType) -> None:
    """Ids stay text, a blank stays a blank, columns nobody asked for are only named."""
    plain = pa.chunked_array([pa.array(["00123", None, "NA"])])
    coded = pa.types.is_dictionary(kind)
    column = (plain.dictionary_encode() if coded else plain).cast(kind)
    raw = raw_of(pa.table({"item": column, "spare": [1, 2, 3]}), "stock", frozenset({"item"}))
    assert raw.header == ("item", "spare")
    assert list(raw.columns) == ["item"]
    assert raw.columns["item"].type == pa.dictionary(pa.int32(), pa.string())
    assert raw.columns["item"].to_pylist() == ["00123", None, "NA"]
    assert raw.rows == 3
    assert is_text_type(kind) is not coded


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pa.array([[1], [2]]), "holds lists or structs"),
        (pa.array(["x" * 10_001, ""]), "a value of 10,001 bytes"),
    ],
)
def test_what_no_table_holds_is_refused(column: pa.Array, words: str) -> None:
    """More than one value a row, texts without end."""
    with pytest.raises(InputError, match=words):
        raw_of(pa.table({"item": column}), "stock", frozenset({"item"}))
    twice = pa.Table.from_arrays([column, column], ["item", "item"])
    with pytest.raises(InputError, match="appears twice"):
        raw_of(twice, "stock", frozenset({"item"}))


@pytest.mark.parametrize("text", [pa.string(), pa.large_string(), pa.string_view()])
@pytest.mark.parametrize("index", [pa.int8(), pa.uint32(), pa.int64()])
def test_categories_of_any_library_are_text(index: pa.DataType, text: pa.DataType) -> None:
    """Those of polars hold views of text by unsigned numbers; blanks stay blanks."""
    categories = pa.array(["b", "a"]).cast(text)
    chunk = pa.DictionaryArray.from_arrays(pa.array([1, None, 0], index), categories)
    found = plain_column(pa.chunked_array([chunk, chunk]), "stock", "item")
    assert found.type == pa.dictionary(pa.int32(), pa.string())
    assert found.to_pylist() == ["a", None, "b"] * 2
    assert plain_column(pa.chunked_array([], chunk.type), "stock", "item").to_pylist() == []
