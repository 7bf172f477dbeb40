"""Objects of a store: listed, read whole, written where nothing lies."""

from __future__ import annotations

import sys

import pytest

from foreship.errors import StoreUnreachable
from foreship.places.objects import Objects
from tests.foreship.places.published import PATIENCE
from tests.servers.store import BUCKET, SECRET, Store


def test_an_object_is_written_once(store: Store) -> None:
    """Whoever comes later is given what lies there."""
    objects = Objects(f"s3://{BUCKET}/objects", PATIENCE)
    assert objects.read("a/b.txt") is None
    assert objects.create("a/b.txt", b"first") == b"first"
    store.asked.clear()
    assert objects.create("a/b.txt", b"second") == b"first"
    assert next(method for method, _ in store.asked) == "PUT"  # the store refuses, nobody looks
    objects.create("a/c.txt.gz", b"plain")
    assert objects.names("a") == ["a/b.txt", "a/c.txt.gz"]
    assert objects.read("a/c.txt.gz") == b"plain"


@pytest.mark.parametrize("library", [True, False])
def test_a_store_that_is_not_there_is_said_so(
    library: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading and writing, with the library and without; no key is shown."""
    for name, value in Store("http://127.0.0.1:1").environment().items():
        monkeypatch.setenv(name, value)
    if not library:
        monkeypatch.setitem(sys.modules, "obstore", None)
    objects = Objects(f"s3://{BUCKET}/objects", PATIENCE)
    for asked in (lambda: objects.read("a"), objects.names):
        with pytest.raises(StoreUnreachable, match="does not answer") as refused:
            asked()
        assert SECRET not in str(refused.value)
    monkeypatch.setattr(Objects, "read", lambda self, name: None)
    with pytest.raises(StoreUnreachable, match=r"cannot write to .* does not answer") as refused:
        objects.create("a", b"x")
    assert SECRET not in str(refused.value)


def test_names_are_taken_as_they_are_written(store: Store) -> None:
    """Blanks, `#`, `%` and letters of any language, in the place and below it, by both ways."""
    for library in (True, False):
        objects = Objects(f"s3://{BUCKET}/Pläne #1 %20/{library}", PATIENCE)
        name = "runs/ä b#c%25.txt"
        if not library:
            objects._put(name, b"x")
        assert objects.create(name, b"x") == b"x"
        assert objects.names() == [name]
        assert objects.read(name) == b"x"
