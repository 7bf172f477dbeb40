"""The root of all errors says how a command ends where its kind says nothing."""

from __future__ import annotations

from foreship_foundation.errors import ForeshipError


def test_an_error_without_a_code_of_its_own_counts_as_unexpected() -> None:
    """The root's code is 1; a kind states its own."""

    class Full(ForeshipError):
        exit_code = 8

    assert (ForeshipError("x").exit_code, Full("x").exit_code) == (1, 8)
