"""The distinct texts of a column."""

from __future__ import annotations

import pyarrow as pa

from foreship.ingest.distinct import distinct


def test_equal_texts_of_a_dictionary_are_one() -> None:
    """A dictionary with repeated or null entries, in several chunks, means what its rows say."""
    chunks = [
        pa.DictionaryArray.from_arrays(pa.array([0, 1, 2]), pa.array(["a", "a", None])),
        pa.DictionaryArray.from_arrays(pa.array([1, None, 0]), pa.array(["b", "c"])),
    ]
    found = distinct(pa.chunked_array(chunks))
    assert found.codes.tolist().count(-1) == 2
    shown = [found.show(at) for at in (0, 1, 3, 5)]
    assert shown == ["a", "a", "c", "b"]
    assert len(set(found.names.to_pylist())) == len(found.names)
