"""What is dear to open is opened once, and the oldest goes."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from foreship.workbench.held.lru import Lru


def test_the_oldest_of_too_many_goes() -> None:
    """Asking for one again makes it the youngest."""
    gone: list[str] = []
    kept: Lru[str] = Lru(2, gone.append)
    for name in "abacb":
        assert kept.get(name, lambda name=name: name * 2) == name * 2
    assert gone == ["bb", "aa"]
    kept.close()
    assert sorted(gone) == ["aa", "bb", "bb", "cc"]


def test_two_who_ask_at_once_wait_for_one_opening() -> None:
    """The second gets what the first opened; another name does not wait."""
    kept: Lru[object] = Lru(3)
    begun, go_on, found = Event(), Event(), []

    def slowly() -> object:
        begun.set()
        assert go_on.wait(20)
        return object()

    threads = [Thread(target=lambda: found.append(kept.get("a", slowly))) for _ in range(2)]
    threads[0].start()
    assert begun.wait(20)
    threads[1].start()
    assert kept.get("b", lambda: "b") == "b" and not found
    go_on.set()
    for each in threads:
        each.join()
    assert len(found) == 2 and found[0] is found[1]


def test_what_is_opened_after_the_end_is_let_go() -> None:
    """Whoever asked before gets it all the same."""
    gone: list[str] = []
    kept: Lru[str] = Lru(2, gone.append)

    def late() -> str:
        kept.close()
        return "late"

    assert kept.get("a", late) == "late" and gone == ["late"]


def test_what_could_not_be_opened_is_tried_again() -> None:
    """A fault is not kept."""
    kept: Lru[int] = Lru(1)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 7) == 7
