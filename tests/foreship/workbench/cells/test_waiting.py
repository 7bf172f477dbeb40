"""A page whose cells are being read says so, and asks again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from foreship.workbench.cells.waiting import still_reading
from foreship.workbench.held.opening import Reading


def held(*, ready: bool) -> Any:
    """Return what a run held open says of its large frames."""
    return SimpleNamespace(wait=lambda seconds: ready, reading=Reading(3, 9))


def test_it_says_how_far_it_is_and_asks_its_own_address_again() -> None:
    """Without scripts its link does."""
    told = str(still_reading(held(ready=False), "/run/latest/cell?item=%3Cb%3E&region=R"))
    assert "Reading the ledger: 3 of 9 files." in told
    address = "/run/latest/cell?item=%3Cb%3E&amp;region=R"
    assert told.count(address) == 2
    assert f'hx-get="{address}" hx-target="#reading"' in told


def test_nothing_is_waited_for_once_they_are_read() -> None:
    """Then the page is told."""
    assert still_reading(held(ready=True), "/x") is None
