"""A text column as its distinct texts and one code a row.

Text is judged once a distinct value, not once a row: a million rows of a few thousand ids
cost a few thousand looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foreship_foundation.arrays import Bools, Ints

__all__ = ["Bools", "Codes", "Distinct", "Values", "bools", "distinct", "is_text", "matches"]

Codes: TypeAlias = npt.NDArray[np.int32]
Values: TypeAlias = Any
"""a column: an Arrow chunked array, which has no type of ours, or its `Distinct`"""


@dataclass(frozen=True)
class Distinct:
    """Distinct texts and the code of each row.

    **Invariants:** `names` are unique and not null; `codes` index `names`, -1 for null.
    """

    names: pa.Array
    codes: Codes

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.codes)

    @property
    def type(self) -> pa.DataType:
        """The Arrow type of the values."""
        return self.names.type

    def rows(self, marked: Bools) -> Bools:
        """Return the rows whose text is marked, one bool a distinct text."""
        return np.append(np.asarray(marked, dtype=bool), False)[self.codes]

    def show(self, position: int) -> Any:
        """Return the text of a row."""
        return self.names[int(self.codes[position])].as_py()

    def taken(self, positions: Ints) -> Distinct:
        """Return the rows at some positions."""
        return Distinct(self.names, self.codes[positions])

    def renamed(self, names: pa.Array) -> Distinct:
        """Return the rows with other texts, one for each of `names`; some may now be equal."""
        return Distinct(*_merged(names, self.codes))


def distinct(raw: Values) -> Distinct:
    """Split a column into distinct values and codes, whatever its Arrow type, if it is not yet."""
    if isinstance(raw, Distinct):
        return raw
    if not pa.types.is_dictionary(raw.type):
        raw = raw.dictionary_encode()
    if raw.num_chunks == 0:
        return Distinct(pa.array([], raw.type.value_type), np.zeros(0, np.int32))
    raw = pa.chunked_array([_without_null_entry(chunk) for chunk in raw.chunks])
    raw = raw.unify_dictionaries()
    indices = pa.chunked_array([chunk.indices.cast(pa.int32()) for chunk in raw.chunks])
    codes = indices.fill_null(-1).to_numpy()
    return Distinct(*_merged(raw.chunk(0).dictionary, codes))


def _without_null_entry(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return the chunk with its nulls as missing codes, where its dictionary has an entry null."""
    if not chunk.dictionary.null_count:
        return chunk
    return chunk.dictionary_decode().dictionary_encode().cast(chunk.type)


def _merged(names: pa.Array, codes: Codes) -> tuple[pa.Array, Codes]:
    """Merge equal entries of a dictionary, which a file may well hold."""
    if pc.count_distinct(names).as_py() == len(names):
        return names, codes
    again = names.dictionary_encode()
    lookup = again.indices.cast(pa.int32()).to_numpy(zero_copy_only=False)
    return again.dictionary, np.append(lookup, np.int32(-1))[codes].astype(np.int32)


def is_text(kind: pa.DataType) -> bool:
    """Tell whether an Arrow type, dictionary or plain, holds text."""
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(value) or pa.types.is_large_string(value))


def matches(names: pa.Array, pattern: str) -> Bools:
    """Tell which texts a regular expression (RE2) finds something in."""
    return bools(pc.match_substring_regex(names, pattern))


def bools(array: pa.Array) -> Bools:
    """Return an Arrow bool array in numpy; null is False."""
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)
