"""Changes of tables, one after the other, on a shop of two hubs that is counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.jobs.trying.changed_tables import Changed, changed_tables

AS_OF = pd.Timestamp("2026-11-16")
LANES = pd.DataFrame(
    {
        "origin": ["H1", "H1", "H2"],
        "destination": ["R1", "R2", "R1"],
        "cost_per_unit": [1.0, 2.0, 4.0],
        "lead_time_days": [1, 2, 3],
        "capacity": [100.0, np.inf, np.inf],
        "departs": ["Mon", "", ""],
    }
)
ITEMS = pd.DataFrame(
    {"item": ["00005", "b"], "price": [10.0, 20.0], "category": ["x", "y"],
     "holding_cost_per_week": [np.nan, 0.5]}
)  # fmt: skip
REGIONS = pd.DataFrame({"region": ["R1", "R2"], "parent": ["N", "S"], "capacity": [50.0, 60.0]})
HUBS = pd.DataFrame({"hub": ["H1", "H2"]})
CALENDAR = pd.DataFrame(
    {"date": [pd.Timestamp("2025-11-28")], "event": ["black friday"], "region": [""]}
)
PRICES = pd.DataFrame(
    {
        "week": pd.to_datetime(["2026-11-02", "2026-11-09", "2026-11-23"]),
        "region": "R1",
        "item": "00005",
        "price": [9.0, 6.0, 8.0],
        "promotion": [0.0, 1.0, 0.0],
    }
)
TABLES = {
    "items": ITEMS, "regions": REGIONS, "hubs": HUBS, "lanes": LANES, "calendar": CALENDAR,
    "prices": PRICES,
}  # fmt: skip


def changed(*texts: str, **tables: pd.DataFrame) -> Changed:
    """Change the shop."""
    until = AS_OF + pd.Timedelta(weeks=8)
    there = TABLES | tables
    meant = ITEMS.assign(holding_cost_per_week=[0.2, 0.5])
    return changed_tables(there, there | {"items": meant}, AS_OF, texts, until)


def test_several_numbers_of_several_rows_change_in_their_order() -> None:
    """A factor for all lanes from a hub, then what is added to one of them."""
    found = changed(
        "lanes.cost_per_unit*1.5 where origin=H1",
        "lanes.cost_per_unit+1 where origin=H1 and destination=R2",
        "regions.capacity=40",
    )
    assert list(found.frames) == ["regions", "lanes"]
    assert found.frames["lanes"]["cost_per_unit"].tolist() == [1.5, 4.0, 4.0]
    assert found.frames["regions"]["capacity"].tolist() == [40.0, 40.0]
    assert LANES["cost_per_unit"].tolist() == [1.0, 2.0, 4.0] and found.notes == ()


def test_a_number_begins_from_what_a_blank_means() -> None:
    """Blanks of rows that are not chosen stay; what is unlimited stays so, which is said."""
    found = changed("items.holding_cost_per_week*2 where item=00005", "lanes.capacity*0.5")
    assert found.frames["items"]["holding_cost_per_week"].tolist() == [0.4, 0.5]
    assert found.frames["lanes"]["capacity"].tolist() == [50.0, np.inf, np.inf]
    assert found.notes == ("lanes.capacity*0.5: in 2 rows it is unlimited, and stays so.",)


def test_units_stay_whole_and_words_and_blanks_are_put() -> None:
    """A lead time of 3 days by 1.5 is 5, one of 1 is 2; a capacity that is taken away is none."""
    found = changed("lanes.lead_time_days*1.5", "lanes.departs=Thu where origin=H2",
                    "lanes.capacity=absent where destination=R1").frames["lanes"]  # fmt: skip
    assert found["lead_time_days"].tolist() == [2, 3, 5]
    assert found["departs"].tolist() == ["Mon", "", "Thu"]
    assert np.isinf(found["capacity"]).all()


def test_every_fault_of_every_change_is_named_at_once() -> None:
    """With its place in the list, and what would be right."""
    with pytest.raises(UsageError) as refused:
        changed(
            "lanes.capaciti*2", "lanes.capacity*0.5 where origin=H3 and cost_per_unit=1",
            "lanes.capacity*0.5 where origin=H2", "lanes.cost_per_unit-3 where origin=H1", "what",
            "orders.quantity*2", "lanes.lead_time_days=soon", "lanes.cost_per_unit*1",
            "lanes.cost_per_unit=absent", "lanes.departs*2",
            "lanes.capacity*0.5 where origin=H2 and destination=R2",
        )  # fmt: skip
    told = [str(each) for each in refused.value.faults]
    assert [each.split(",")[0].split(":")[0] for each in told] == [
        f"Change {place}" for place in (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    ]
    for place, words in enumerate(
        ["did you mean 'capacity'?", "no row has it (H3); known:", "rows are not chosen by it",
         "there is no number to count from; give one", "2; it is 0 to",
         "no change that is understood", "no table of which values", "is no number (soon)",
         "is so already", "cannot be blank", "holds no numbers", "no row has all"]
    ):  # fmt: skip
        assert words in told[place], told[place]


def test_a_promotion_is_a_row_a_week_region_and_item_at_a_factor_of_its_price() -> None:
    """Of the price planned for the week, else the newest without a promotion, else the item's."""
    found = changed("promotion price*0.5 where week=2026-11-16,2026-11-23 and category=x")
    rows = found.frames["prices"]
    new = rows[rows["promotion"] == 1].set_index(["week", "region"])["price"]
    week = pd.Timestamp("2026-11-16")
    assert new[(week, "R1")] == 4.5 and new[(week, "R2")] == 5.0
    assert new[(week + pd.Timedelta(days=7), "R1")] == 4.0
    assert len(rows) == 2 + 4 and set(rows["item"]) == {"00005"}
    assert "1 row that stands in `prices` is replaced" in found.notes[0] and not found.unlearned
    dear = changed("promotion price=7 where week=2026-11-16 and region=R2").frames["prices"]
    assert dear.tail(2)["price"].tolist() == [7.0, 7.0]


def test_what_no_forecast_has_learned_is_said_with_what_to_do() -> None:
    """Of a first promotion and of an event that never was, unless its effect is stated."""
    event = 'event "blac friday" where date=2026-11-20 and region=R1'
    first = "promotion where week=2026-11-16 and item=b"
    none = PRICES.assign(promotion=0.0)
    found = changed(event, first, prices=none)
    assert "is it 'black friday'?" in found.unlearned[0]
    assert "demand*1.3 where week=2026-11-16" in found.unlearned[0]
    assert "holds no earlier promotion" in found.unlearned[1]
    stated = "demand*1.3 where week=2026-11-16 and region=R1"
    assert not changed(event, first, stated, prices=none).unlearned
    assert not changed('event "black friday" where date=2026-11-20').unlearned
    assert not changed('event "closed" where date=2026-11-20 and region=H1').unlearned
    late = changed('event "black friday" where date=2027-03-01')
    assert "beyond 2027-01-10" in late.unlearned[0]


def test_an_event_is_a_row_a_day_and_place() -> None:
    """Days that stand there already are not written twice."""
    found = changed('event "black friday" where date=2026-11-27..2026-11-28 and region=R1,R2')
    assert len(found.frames["calendar"]) == 1 + 4
    there = {"calendar": found.frames["calendar"]}
    more = changed('event "black friday" where date=2026-11-28..2026-11-29 and region=R1', **there)
    assert len(more.frames["calendar"]) == 1 + 4 + 1
    with pytest.raises(UsageError, match="stands in `calendar` already"):
        changed('event "black friday" where date=2026-11-28 and region=R1', **there)


def test_demand_is_stated_by_adjustments() -> None:
    """Signed as what is tried; a decrease is a negative number of units."""
    found = changed("demand*1.3 where week=2026-11-16,2026-11-23 and item=b", "demand-4")
    rows = found.frames["adjustments"]
    assert rows["kind"].tolist() == ["times", "times", "plus"]
    assert rows["value"].tolist() == [1.3, 1.3, -4.0]
    assert rows["item"].tolist() == ["b", "b", ""] and set(rows["author"]) == {"what if"}
    assert rows["expires"].iloc[0] == pd.Timestamp("2026-11-29")
    assert rows["week"].isna().tolist() == [False, False, True]


def test_what_is_planned_names_what_there_is() -> None:
    """Days from the plan on, Mondays where weeks are meant, known ids and columns."""
    with pytest.raises(UsageError) as refused:
        changed(
            "promotion price*0 where week=2026-11-17 and item=5 and hub=H1", "promotion price*0.5",
            'event "" where date=2026-11-15', 'event x where date=soon,2026-12-02..2026-12-01',
            "event x where date=2026-11-20 and region=H1", "demand*101 where category=z",
            "demand*1.1 where item=b and category=x", "demand*many",
        )  # fmt: skip
    told = "\n".join(str(each) for each in refused.value.faults)
    for words in (
        "1, promotion.week: is no Monday (2026-11-17); the week is that of 2026-11-16",
        "1, promotion.item: there is none (5)", "1, promotion.hub: is not chosen by it",
        "1, promotion.price: is no price (0)", "2, promotion.week: says no week",
        "3, event: has no name", "3, event.date: is before the plan",
        "4, event.date: is no day (soon)",
        "4, event.date: does not go from a day", "5, event.region: there is none (H1)",
        "6, demand: is no factor (101); a factor is 0 to 100",
        "6, demand.category: there is none (z)",
        "7, demand: names an item and a category", "8, demand: is no number (many)",
    ):  # fmt: skip
        assert f"Change {words}" in told, words
