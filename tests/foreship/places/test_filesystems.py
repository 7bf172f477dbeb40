"""From an address to the store it names, for each store that is spoken with."""

from __future__ import annotations

import pytest

from foreship.errors import StorageError, StoreUnreachable
from foreship.params import StoreParams
from foreship.places.filesystems import filesystem_of, store_errors

KEY = "Zm9vYmFyYmF6cXV4"


@pytest.mark.parametrize(
    ("place", "kind", "path"),
    [
        ("s3://bucket/a/b.parquet", "s3", "bucket/a/b.parquet"),
        ("s3://bucket/a #1/ü%20b.csv", "s3", "bucket/a #1/ü%20b.csv"),
        ("gs://bucket/a", "gcs", "bucket/a"),
        ("gcs://bucket/a/", "gcs", "bucket/a"),
        ("abfss://box@account.dfs.core.windows.net/a", "abfs", "box/a"),
        ("az://account/box/a", "abfs", "box/a"),
    ],
)
def test_an_address_names_a_store_and_a_path(
    place: str, kind: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked of the store yet; keys stand in the environment."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "127.0.0.1:1")
    monkeypatch.setenv("AZURE_STORAGE_KEY", KEY)
    system, found = filesystem_of(place, StoreParams())
    assert (system.type_name, found) == (kind, path)


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ("AWS Error NETWORK_CONNECTION during GetObject: curlCode: 7", StoreUnreachable, "answer"),
        ("AWS Error ACCESS_DENIED during HeadObject", StorageError, "refuses our key"),
        (f"odd words with AccountKey={KEY}", StorageError, "odd words with AccountKey="),
    ],
)
def test_what_a_store_says_becomes_one_sentence(
    words: str, kind: type[StorageError], said: str
) -> None:
    """Exit 8; no key in it."""
    with pytest.raises(kind, match=said) as refused, store_errors("s3://bucket/a"):
        raise OSError(words)
    assert KEY not in str(refused.value)
    assert str(refused.value).startswith("cannot read s3://bucket/a: ")
