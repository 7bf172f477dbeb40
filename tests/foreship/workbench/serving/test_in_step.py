"""What others write into a store is brought while the server runs."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from foreship.errors import StorageError
from foreship.workbench.serving import in_step as room
from foreship.workbench.serving.in_step import in_step


def looked(monkeypatch: pytest.MonkeyPatch, answers: list[bool]) -> Callable[[], None]:
    """Let a store answer or not, look by look; return what waits until all of these are done."""
    left, over = iter(answers), threading.Event()

    def look(out: str) -> None:
        answer = next(left, None)
        if answer is None:
            over.set()
        elif not answer:
            raise StorageError(f"{out} does not answer")

    monkeypatch.setattr(room, "folder_of", look)
    return lambda: over.wait(60) or pytest.fail("it was not looked at so often")  # type: ignore[func-returns-value]


def test_a_store_is_looked_at_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is silent that is said, however long it is, and so is its answer; then no more."""
    told: list[str] = []
    wait = looked(monkeypatch, [True, False, False, True, True, False])
    with in_step("s3://shop/plans", told.append, every=0.0) as ended:
        wait()
    assert ended.is_set()
    assert told[:3] == [
        "runs of others are not seen while this is so: s3://shop/plans does not answer",
        "s3://shop/plans answers again",
        "runs of others are not seen while this is so: s3://shop/plans does not answer",
    ]


@pytest.mark.parametrize("out", [None, "plans/here"])
def test_a_folder_needs_no_looking_after(monkeypatch: pytest.MonkeyPatch, out: str | None) -> None:
    """It is seen as it is."""
    monkeypatch.setattr(room, "folder_of", lambda out: pytest.fail("it was looked at"))
    before = threading.active_count()
    with in_step(out, pytest.fail, every=0.0):
        assert threading.active_count() == before
