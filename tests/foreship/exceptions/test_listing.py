"""One list, most money first: what it holds, and that every seeded fault stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from foreship.exceptions import listing
from foreship.exceptions.listing import KINDS, MOST, listed
from foreship.exceptions.raised import Raised
from foreship.exceptions.seen import Seen
from foreship_foundation.tables.output_files import EXCEPTIONS
from tests.foreship.exceptions.hand_made import line, seen
from tests.foreship.exceptions.seeded_faults import FAULTS, drawn_faults, listing_of, shop, stands

FIRST = 20
RUNS = 200
CLEAN = 10


def raising(*found: Raised) -> dict[str, object]:
    """One kind that finds these."""

    def kind(_: Seen) -> Iterator[Raised]:
        yield from found

    return {"any": kind}


def test_most_money_stands_first_and_small_sums_are_counted() -> None:
    """Of a plan that earns 100 what comes to less than 1 is counted; a doubt is always listed."""
    found = (
        Raised("dead_stock", 5.0, "b", "R", "B"),
        Raised("dead_stock", 5.0, "a", "R", "A"),
        Raised("stock_out", 0.9, "small"),
        Raised("suspicious_input", 0.0, "doubt"),
        Raised("stock_out", 9.0, "large"),
    )
    with mock.patch.object(listing, "KINDS", raising(*found)):
        told = listed(seen())
    assert told.frame["words"].tolist() == ["large", "a", "b", "doubt"]
    assert told.frame["rank"].tolist() == [1, 2, 3, 4]
    assert (told.minor, told.further) == (1, 0)


def test_a_plan_that_costs_hides_nothing_behind_its_cost() -> None:
    """A lock that costs 9,000 leaves lines that earn 50: 5 is listed, .4 is not."""
    found = (Raised("stock_out", 5.0, "large"), Raised("stock_out", 0.4, "small"))
    costs = seen(lines=(line(50.0), line(-9000.0)), summary={"objective": 8950.0})
    with mock.patch.object(listing, "KINDS", raising(*found)):
        assert listed(costs).frame["words"].tolist() == ["large"]


def test_a_list_has_an_end_and_says_how_many_are_beyond() -> None:
    """Of 205 exceptions 200 are listed and five counted."""
    found = (Raised("dead_stock", 300.0 - n, f"{n}") for n in range(MOST + 5))
    with mock.patch.object(listing, "KINDS", raising(*found)):
        told = listed(seen())
    assert (len(told.frame), told.further) == (MOST, 5)


def test_the_list_is_as_the_contract_says() -> None:
    """Columns in their order, with types, also where nothing is found."""
    empty = listed(seen()).frame
    assert tuple(empty.columns) == EXCEPTIONS.names
    assert empty["week"].dtype.kind == "M" and empty["rank"].dtype.kind == "i"


def test_every_kind_has_a_seeded_fault() -> None:
    """Nothing is looked for that no seed shows."""
    assert set(FAULTS) == set(KINDS)


@pytest.mark.sweep
@pytest.mark.parametrize("kind", FAULTS)
def test_a_seeded_fault_stands_among_the_first(kind: str) -> None:
    """A shop with this one fault lists it among the first twenty, where it was made."""
    faulty = shop(11)
    place = FAULTS[kind](faulty)
    assert stands(listing_of(faulty).frame.head(FIRST), kind, place)


def test_a_clean_shop_has_a_short_list() -> None:
    """Nothing is wrong with it, and at most ten exceptions are listed."""
    assert len(listing_of(shop(3)).frame) <= CLEAN


def test_a_fault_elsewhere_is_not_taken_for_one_that_was_made() -> None:
    """The judge asks for kind, item and place."""
    faulty = shop(11)
    place = FAULTS["late_supply"](faulty)
    frame = listing_of(faulty).frame
    others = ({**place, "item": "none"}, {**place, "place": "H9"}, {"words": "none"})
    assert stands(frame, "late_supply", place) and not stands(frame, "stock_out", place)
    assert not any(stands(frame, "late_supply", each) for each in others)


@pytest.mark.nightly
def test_three_faults_at_once_stand_among_the_first_in_nearly_all_shops() -> None:
    """In 200 shops with three faults of different kinds each kind does in at least 95 %."""
    there: dict[str, list[bool]] = {kind: [] for kind in FAULTS}
    for seed in range(RUNS):
        faulty = shop(seed)
        made = drawn_faults(faulty, 3)
        first = listing_of(faulty).frame.head(FIRST)
        for kind, place in made.items():
            there[kind].append(stands(first, kind, place))
    assert all(sum(found) >= 0.95 * len(found) > 0 for found in there.values())


@pytest.mark.nightly
@pytest.mark.parametrize("kind", FAULTS)
def test_seeded_faults_stand_among_the_first_in_nearly_all_shops(kind: str) -> None:
    """In 200 shops each fault alone stands among the first twenty in at least 95 %."""
    there = 0
    for seed in range(RUNS):
        faulty = shop(seed)
        place = FAULTS[kind](faulty)
        there += stands(listing_of(faulty).frame.head(FIRST), kind, place)
    assert there >= 0.95 * RUNS
