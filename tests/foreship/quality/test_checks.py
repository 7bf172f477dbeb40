"""The list of checks: silent on clean shops of every shape, and written down once."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.quality.checks import CHECKS, DEMAND_CHECKS, described, doubts
from tests.foreship.quality.shops import SHAPES, clean, evidence


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", [1, 2])
def test_clean_shops_are_not_doubted(shape: str, seed: int, tmp_path: Path) -> None:
    """A year of a few units, slow movers, wholesale, a Christmas peak, launches: no warning."""
    assert [str(each) for each in doubts(evidence(clean(shape, seed), tmp_path))] == []


def test_a_warning_names_its_check(tmp_path: Path) -> None:
    """In JSON the name stands beside the words; nothing of it is a fault."""
    frames = clean("plain")
    frames["items"] = frames["items"].assign(launch_date="2199-12-31")
    (found,) = doubts(evidence(frames, tmp_path))
    assert found.to_dict()["check"] == "launches_are_near"
    assert found.severity == "warning"


def test_every_check_says_what_it_looks_for() -> None:
    """One sentence each, and no two alike: the page of checks is made of them."""
    names, words = zip(*described(), strict=True)
    assert len(set(names)) == len(CHECKS) + len(DEMAND_CHECKS) == len(set(words))
    assert all(each.endswith(".") and len(each) > 20 for each in words)


def test_tables_that_could_not_be_read_are_not_doubted(tmp_path: Path) -> None:
    """A fault says enough: a check looks at sound tables alone."""
    frames = clean("plain")
    frames["orders"] = frames["orders"].assign(quantity="many")
    assert list(doubts(evidence(frames, tmp_path))) == []
