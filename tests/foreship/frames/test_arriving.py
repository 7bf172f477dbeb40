"""Frames of any kind become the same columns; what is none is refused by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from foreship.errors import InputError, UsageError
from foreship.frames.arriving import arrow_of, pandas_of
from foreship.ingest.files.arrow_table import raw_of

FRAME = pd.DataFrame(
    {
        "item": ["00123", "NA", None],
        "quantity": [1, 2, 3],
        "day": pd.to_datetime(["2026-11-16"] * 3),
    }
)


def of_polars(frame: pd.DataFrame) -> Any:
    return pytest.importorskip("polars").from_pandas(frame)


def of_duckdb(frame: pd.DataFrame) -> Any:
    return pytest.importorskip("duckdb").from_df(frame)


KINDS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda frame: frame,
    "filtered pandas": lambda frame: pd.concat([frame, frame]).iloc[3:],
    "polars": of_polars,
    "lazy polars": lambda frame: of_polars(frame).lazy(),
    "duckdb": of_duckdb,
    "Arrow": pa.Table.from_pandas,
    "batches": lambda frame: pa.Table.from_pandas(frame).to_reader(2),
    "lists": lambda frame: pa.Table.from_pandas(frame).to_pydict(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_frame_is_the_same_columns(kind: str) -> None:
    """Names, values and blanks agree, whatever library holds them; ids stay text."""
    found = arrow_of(KINDS[kind](FRAME), "stock")
    assert found.column_names == ["item", "quantity", "day"]
    assert found.column("item").to_pylist() == ["00123", "NA", None]
    assert found.column("quantity").to_pylist() == [1, 2, 3]
    days = found.column("day").cast(pa.timestamp("us")).to_pylist()
    assert {str(each.date()) for each in days} == {"2026-11-16"}


@pytest.mark.parametrize("given", [3, "orders.csv", [1, 2], object()])
def test_what_is_no_frame_is_refused_by_its_name(given: Any) -> None:
    """The table is named, what was given, and what would be a frame."""
    with pytest.raises(UsageError, match=f"orders: a {type(given).__name__} is no frame"):
        arrow_of(given, "orders")


@pytest.mark.parametrize(
    "frame",
    [
        FRAME.set_index("item"),
        FRAME.set_index(["item", "day"]),
        pd.DataFrame({"quantity": [1]}, index=["00123"]),
    ],
)
def test_data_in_the_index_are_not_left_behind(frame: pd.DataFrame) -> None:
    """An index that may be a column is refused with the remedy."""
    with pytest.raises(UsageError, match=r"frame\.reset_index\(\)"):
        arrow_of(frame, "stock")


def test_a_column_of_several_kinds_is_named_and_no_value_of_it_is_shown() -> None:
    """All such columns at once; one that nobody reads may hold what it likes."""
    frame = pd.DataFrame({"item": ["secret", 3], "region": [1.5, "y"], "spare": [{}, "z"]})
    with pytest.raises(InputError) as refused:
        arrow_of(frame, "stock", {"item", "region"})
    said = str(refused.value)
    assert "column 'item' holds values of several kinds (int and str); make them one kind" in said
    assert "'region'" in said and "spare" not in said and "secret" not in said


def test_two_columns_of_one_name_are_refused() -> None:
    """As in a file."""
    frame = pd.DataFrame([[1, 2]], columns=["item", "item"])
    with pytest.raises(InputError, match="column 'item' appears twice"):
        arrow_of(frame, "stock")


def test_a_frame_comes_back_in_pandas() -> None:
    """One of pandas is that frame itself, with what it carries beside its columns."""
    assert pandas_of(FRAME, "demand") is FRAME
    table = pandas_of(pa.Table.from_pandas(FRAME), "demand")
    assert table["item"].to_list()[:2] == ["00123", "NA"]


def test_categories_of_polars_are_ids() -> None:
    """Categorical and Enum columns become the texts they stand for, as a file would hold them."""
    polars = pytest.importorskip("polars")
    named = polars.DataFrame({"location": ["H1", "R1"], "item": ["b", "a"], "quantity": [1, 2]})
    for kind in (polars.Categorical, polars.Enum(["a", "b"])):
        given = named.with_columns(polars.col("item").cast(kind))
        read = raw_of(arrow_of(given, "stock"), "stock", frozenset({"item"}))
        assert read.columns["item"].to_pylist() == ["b", "a"]


def test_a_single_column_is_no_frame() -> None:
    """A Series is named as such, whose ever it is."""
    for given in (FRAME["item"], of_polars(FRAME)["item"]):
        with pytest.raises(UsageError, match=r"a .*Series is no frame"):
            arrow_of(given, "stock")


def test_one_batch_is_a_frame() -> None:
    """As a table of it would be."""
    whole = pa.table({"item": ["a"]})
    assert arrow_of(whole.to_batches()[0], "stock").equals(whole)


def test_sparse_columns_hold_every_value() -> None:
    """What pandas keeps as gaps is there again."""
    frame = pd.DataFrame({"quantity": pd.arrays.SparseArray([0, 0, 3])})
    assert arrow_of(frame, "stock").column("quantity").to_pylist() == [0, 0, 3]


def test_a_column_that_no_table_holds_is_named_by_its_kind() -> None:
    """A number for a column, and complex numbers, which are of one kind."""
    with pytest.raises(UsageError, match="column 'quantity' is one int; give a list"):
        arrow_of({"item": ["a"], "quantity": 1}, "stock")
    with pytest.raises(InputError, match="column 'quantity' holds complex; give text"):
        arrow_of(pd.DataFrame({"quantity": [1j]}), "stock")
