"""Solved prices are kept beside the draft."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.workbench.drafts.prices import KeptPrices, keep_prices, kept_prices, price_key

ROW = {"line": 3, "decision": "change", "new": 7, "price": 1.5}


def test_a_price_is_kept_by_what_it_hangs_on(tmp_path: Path) -> None:
    """Line, decision and units; what has no price of its own is left out."""
    keep_prices(tmp_path, [ROW, {"line": 4, "decision": "drop", "new": 0, "price": None}])
    assert kept_prices(tmp_path).each == {price_key(3, "change", 7): 1.5}


def test_the_price_of_all_is_of_the_newest_version_alone(tmp_path: Path) -> None:
    """An older answer that comes late does not take its place."""
    keep_prices(tmp_path, [], 9.0, 5)
    keep_prices(tmp_path, [ROW], 4.0, 2)
    found = kept_prices(tmp_path)
    assert (found.of_all, found.version) == (9.0, 5) and len(found.each) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"each": 1, "of_all": 0, "version": 0}'])
def test_what_cannot_be_read_is_no_price(tmp_path: Path, text: str) -> None:
    """It is solved for anew."""
    (tmp_path / "prices.json").write_text(text)
    assert kept_prices(tmp_path) == KeptPrices()
