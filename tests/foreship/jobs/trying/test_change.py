"""A change is read from a sentence, and written as one that is read the same."""

from __future__ import annotations

import pytest

from foreship.errors import UsageError
from foreship.jobs.trying.change import Change, change_of

READ = [
    ("lanes.cost_per_unit*1.2", Change("lanes", "cost_per_unit", "*", "1.2")),
    (
        " lanes.capacity = 80  where origin = HUB-A and destination=R001, R002 ",
        Change(
            "lanes", "capacity", "=", "80",
            {"origin": ("HUB-A",), "destination": ("R001", "R002")},
        ),
    ),
    ("hubs.picking_units-5", Change("hubs", "picking_units", "-", "5")),
    (
        "promotion price*0.8 where week=2026-11-23 and item=00005",
        Change("promotion", "price", "*", "0.8", {"week": ("2026-11-23",), "item": ("00005",)}),
    ),
    ("promotion where week=2026-11-23", Change("promotion", where={"week": ("2026-11-23",)})),
    (
        'event "black friday" where date=2026-11-27..2026-11-29',
        Change("event", value="black friday", where={"date": ("2026-11-27..2026-11-29",)}),
    ),
    (
        'demand+10 where region="R 1, north"',
        Change("demand", "", "+", "10", {"region": ("R 1, north",)}),
    ),
    (
        'stock.quantity=0 where item="<script>alert(\\"x\\")</script>","a and b","\\\\"',
        Change(
            "stock", "quantity", "=", "0",
            {"item": ('<script>alert("x")</script>', "a and b", "\\")},
        ),
    ),
    (
        "items.price+1 where item=a=b,where,and",
        Change("items", "price", "+", "1", {"item": ("a=b", "where", "and")}),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "change"), READ)
def test_a_sentence_is_read_and_written_back(text: str, change: Change) -> None:
    """What is written for a manifest reads as the same change."""
    assert change_of(text) == change
    assert change_of(str(change)) == change


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("", "no change that is understood"), ("lanes.capacity", "no change that is understood"),
        ("lanes.capacity*2 origin=H", "from 'origin=H' on"),
        ("lanes.capacity*2 where origin", "from 'where origin' on"),
        ("lanes.capacity*2 where origin=H destination=R", "from 'destination=R' on"),
        ("lanes.capacity*2 where origin=New York", "from 'York' on"),
        ("lanes.capacity*2 where origin=H and origin=I", "names origin twice"),
        ("event where date=2026-11-27 and", "from"),
        ("promotions price*2", "no change that is understood"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_shown_from_where_on(text: str, about: str) -> None:
    """With how it would be written."""
    with pytest.raises(UsageError) as refused:
        change_of(text)
    (fault,) = refused.value.faults
    assert about in fault.problem and fault.remedy
