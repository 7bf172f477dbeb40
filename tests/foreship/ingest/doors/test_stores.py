"""Objects of a real store that speaks S3, read as files are read."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from foreship.addresses.address import address_of
from foreship.errors import StorageError, StoreUnreachable
from foreship.forms import Form
from foreship.ingest.doors import stores
from foreship.ingest.doors.stores import read_object
from foreship.ingest.files.sources import Source
from foreship.ingest.raw import Sought
from foreship.ingest.tables import TableRead, read_table
from foreship.params import StoreParams
from foreship.places.filesystems import filesystem_of
from foreship_foundation.tables.input_tables import INPUTS
from tests.servers.store import BUCKET, SECRET, Store, store_server

SETTINGS = StoreParams(attempts=2, seconds=5.0)
STOCK = pd.DataFrame({"location": ["H1", "NA"], "item": ["00123", "b"], "quantity": [5, 7]})


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """Start a store that holds a stock table in several forms."""
    with store_server() as started:
        put("stock.csv.gz", gzip.compress(STOCK.to_csv(index=False).encode()))
        for year in (2024, 2025, 2026):
            held = io.BytesIO()
            STOCK.assign(quantity=year, item=[str(year), "b"], location=f"R{year}").to_parquet(held)
            put(f"stock/year={year}/part.parquet", held.getvalue())
        put("stock/_SUCCESS", b"")
        yield started


def put(name: str, data: bytes) -> None:
    """Write an object."""
    system, path = filesystem_of(f"s3://{BUCKET}/{name}", SETTINGS)
    with system.open_output_stream(path, compression=None) as stream:
        stream.write(data)


def read(stated: Any) -> TableRead:
    """Read a stock table at an address."""
    address = address_of(stated)

    def reader(table: str, sought: Sought, form: Form) -> Source:
        return read_object(address, SETTINGS, table, sought, form)

    return read_table(INPUTS["stock"], Path(), reader=reader)


def test_an_object_is_read_as_the_file_it_is(store: Store) -> None:
    """A packed CSV, its ids as text."""
    found = read(f"s3://{BUCKET}/stock.csv.gz")
    assert found.is_sound, found.faults
    assert found.frame["item"].tolist() == ["00123", "b"]


def test_a_folder_is_read_by_partitions_that_are_asked_for(store: Store) -> None:
    """The others are never fetched; marks of writers are no data."""
    store.asked.clear()
    place = f"s3://{BUCKET}/stock/"
    found = read({"from": place, "where": [["year", ">=", 2025]]})
    assert found.is_sound, found.faults
    assert found.frame["quantity"].tolist() == [2025, 2025, 2026, 2026]
    fetched = {unquote(path).split("/")[3] for path in store.fetched()}
    assert fetched == {"year=2025", "year=2026"}
    assert len(read(place).frame) == 6


def test_what_is_not_there_is_a_fault_with_its_neighbour(store: Store) -> None:
    """As a missing file is."""
    (fault,) = read(f"s3://{BUCKET}/stok.csv.gz").faults
    assert "no object at s3://shop/stok.csv.gz; did you mean 'stock.csv.gz'?" in str(fault)


def test_an_object_written_meanwhile_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read may be half of each."""
    place = f"s3://{BUCKET}/moving.csv"
    put("moving.csv", STOCK.to_csv(index=False).encode())
    system, path = filesystem_of(place, SETTINGS)

    class Moving:
        def get_file_info(self, of: Any) -> Any:
            return system.get_file_info(of)

        def open_input_stream(self, of: str, **how: Any) -> Any:
            put("moving.csv", b"location,item,quantity\n")
            return system.open_input_stream(of, **how)

    monkeypatch.setattr(stores, "filesystem_of", lambda *_: (Moving(), path))
    (fault,) = read(place).faults
    assert "changed while it was read" in str(fault)


def test_a_store_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 8 after a few tries, in one sentence without keys."""
    for name, value in Store("http://127.0.0.1:1").environment().items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreUnreachable, match="it does not answer") as refused:
        read(f"s3://{BUCKET}/stock.csv")
    assert refused.value.exit_code == StorageError.exit_code == 8
    assert SECRET not in str(refused.value)
