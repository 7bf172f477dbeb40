"""A request that is not let in says so with its HTTP status, and as an error of ours."""

from __future__ import annotations

from foreship.errors import ForeshipError
from foreship.workbench.door.knock import Knock, Refused


def test_a_refusal_carries_its_status_and_words() -> None:
    """Pages are made of both."""
    error = Refused(421, "another name")
    assert isinstance(error, ForeshipError)
    assert (error.status, str(error)) == (421, "another name")


def test_a_knock_without_headers_knows_nothing_of_its_sender() -> None:
    """What was not sent is empty, not guessed."""
    assert Knock("GET", "/") == Knock("GET", "/", {}, {}, "")
