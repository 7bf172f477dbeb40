"""What is sent is counted while it comes, whatever its head says of its length."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")

from starlette.requests import Request

from foreship.workbench.door.knock import Refused
from foreship.workbench.door.uploads import LARGEST_FIELD, Sent, read_sent

BOUNDARY = "edge"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
PLAIN = "application/x-www-form-urlencoded"


def part(name: str, value: bytes, file: str | None = None) -> bytes:
    """Return one part of a form."""
    named = f'; filename="{file}"' if file is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + value + b"\r\n"


def sent(folder: Path, kind: str, chunks: Iterator[bytes], most: int = 10_000) -> Sent:
    """Read a form that comes in chunks."""

    async def receive() -> Any:
        body = next(chunks, None)
        return {"type": "http.request", "body": body or b"", "more_body": body is not None}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    return asyncio.run(read_sent(Request(scope, receive), folder, most))


def whole(*parts: bytes) -> Iterator[bytes]:
    """Return a form of several parts, ended."""
    return iter([*parts, f"--{BOUNDARY}--\r\n".encode()])


def test_fields_and_a_file_come_apart(tmp_path: Path) -> None:
    """The file under a name of ours, for its user alone; of two fields of a name the last."""
    found = sent(
        tmp_path, MULTIPART,
        whole(part("a", b"1"), part("a", b"2"), part("f", b"x,y\n", "C:\\up\\..\\ed its.csv")),
    )  # fmt: skip
    assert found.fields == {"a": "2"}
    assert found.file_name == "ed its.csv"
    assert found.file is not None
    assert found.file.parent == tmp_path
    assert found.file.read_bytes() == b"x,y\n"
    assert stat.S_IMODE(found.file.stat().st_mode) == 0o600


def test_a_plain_form_has_fields_alone(tmp_path: Path) -> None:
    """As a form without a file is sent."""
    assert sent(tmp_path, PLAIN, iter([b"a=1&b=%C3%A4+"])) == Sent({"a": "1", "b": "ä "})


def test_no_file_chosen_is_no_file(tmp_path: Path) -> None:
    """Browsers send an empty part for it."""
    assert sent(tmp_path, MULTIPART, whole(part("f", b"", ""))).file is None
    assert list(tmp_path.iterdir()) == []


def test_an_endless_upload_ends(tmp_path: Path) -> None:
    """It is not read further than allowed, and nothing of it stays."""
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        yield part("f", b"", "a.csv")[:-2]
        while True:
            read += 1000
            yield b"x" * 1000

    with pytest.raises(Refused, match=r"larger than 0\.01 MB") as found:
        sent(tmp_path, MULTIPART, endless(), 10_000)
    assert found.value.status == 413
    assert read < 12_000
    assert list(tmp_path.iterdir()) == []


def test_a_form_without_a_file_is_short(tmp_path: Path) -> None:
    """However much a file may have."""
    with pytest.raises(Refused, match="larger than 1 MB"):
        sent(tmp_path, PLAIN, iter([b"a=" + b"x" * LARGEST_FIELD]), 10**9)


@pytest.mark.parametrize(
    "chunks",
    [
        [part("a", b"1") for _ in range(1001)],
        [part("f", b"1", "a.csv"), part("g", b"2", "b.csv")],
        [part("a", b"x" * (LARGEST_FIELD + 1))],
    ],
)
def test_too_many_or_too_large_parts_are_no_form(tmp_path: Path, chunks: list[bytes]) -> None:
    """More than 1,000 fields, two files, a field of more than a megabyte."""
    with pytest.raises(Refused, match="cannot be read") as found:
        sent(tmp_path, MULTIPART, whole(*chunks), 10**8)
    assert found.value.status == 400


def test_a_form_in_parts_says_where_they_end(tmp_path: Path) -> None:
    """Without that it cannot be read."""
    with pytest.raises(Refused, match="cannot be read"):
        sent(tmp_path, "multipart/form-data", iter([b"a=1"]))


@pytest.mark.parametrize("kind", ["text/plain", "application/json", ""])
def test_what_is_no_form_has_no_fields(tmp_path: Path, kind: str) -> None:
    """Other kinds are not looked into."""
    assert sent(tmp_path, kind, iter([b"a=1"])) == Sent()


def test_a_browser_that_leaves_in_the_middle_is_no_bug(tmp_path: Path) -> None:
    """What had come is gone, and nothing of ours failed."""

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", PLAIN.encode())]}
    with pytest.raises(Refused, match="left before"):
        asyncio.run(read_sent(Request(scope, receive), tmp_path, 1000))
    assert list(tmp_path.iterdir()) == []
