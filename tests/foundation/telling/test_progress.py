"""Work says how far it is to whoever listens, and is the same when nobody does."""

from __future__ import annotations

from foreship_foundation.telling.progress import heard_by, pieces, report


def test_pieces_are_told_after_each_is_done() -> None:
    """None of them at the start, all of them at the end; what is yielded is the work itself."""
    heard: list[tuple[str, float, float]] = []
    with heard_by(lambda *told: heard.append(told)):
        assert list(pieces("ab", "letters", 2)) == ["a", "b"]
    assert heard == [("letters", 0, 2), ("letters", 1, 2), ("letters", 2, 2)]


def test_nobody_listens_by_default_and_none_after_the_work() -> None:
    """A listener hears the work done inside alone, an inner one in the place of an outer."""
    outer: list[str] = []
    inner: list[str] = []
    report("before", 1, 1)
    with heard_by(lambda stage, done, of: outer.append(stage)):
        with heard_by(lambda stage, done, of: inner.append(stage)):
            report("inside", 1, 1)
        report("outside", 1, 1)
    report("after", 1, 1)
    assert (outer, inner) == (["outside"], ["inside"])
