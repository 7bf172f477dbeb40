"""Rules between columns and tables, one by one, on tables of a few rows.

`tests/foreship/workspace/test_checking.py` shows that each is asked when a workspace is checked.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.ingest.rules import rules
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS

HEADERS = {
    "items": "item,price,unit_cost",
    "regions": "region,capacity,last_mile_cost,last_mile_further",
    "hubs": "hub",
    "lanes": "origin,destination,cost_per_unit,lead_time_days,direct_cost,from,to,direct_further",
    "orders": "date,region,item,quantity",
    "returns": "date,region,item,quantity",
    "overrides": "kind,value,reason,author,expires",
    "assortment": "region,item,from,to",
}
GOOD = {
    "items": ["A,9,5", "B,8,4"],
    "regions": ["R,10,2,1", "S,10,2,"],
    "hubs": ["H"],
    "lanes": ["H,R,1,2,5,,,.5", "H,S,1,2,5,,,"],
    "orders": ["2026-11-02,R,A,2", "2026-11-09,S,B,1"],
}


def tables(folder: Path, **rows: list[str]) -> dict[str, TableRead]:
    """Read tables of a few rows, those named instead of the good ones; last columns may lack."""
    found = {}
    for name, lines in {**GOOD, **rows}.items():
        path = folder / f"{name}.csv"
        header = HEADERS[name]
        whole = [line + "," * (header.count(",") - line.count(",")) for line in lines]
        path.write_text("\n".join([header, *whole]) + "\n", "utf-8")
        found[name] = read_table(INPUTS[name], path)
    return found


def test_good_tables_break_no_rule(tmp_path: Path) -> None:
    """None of them says a word."""
    given = tables(tmp_path)
    assert [fault for rule in rules.RULES for fault in rule(given)] == []


@pytest.mark.parametrize(
    ("rule", "rows", "said"),
    [
        ("ids_are_known", {"orders": ["2026-11-02,R,X,2"]}, "'X' is not in items"),
        ("ids_are_known", {"orders": ["2026-11-02,r,A,2"]}, "'r' is almost 'R'"),
        ("ids_differ_by_more_than_case", {"items": ["A,9,5", "a,8,4"]}, "differ only by case"),
        ("hubs_are_not_regions", {"hubs": ["H", "R"]}, "also the id of a region"),
        ("lanes_lead_somewhere", {"lanes": ["R,R,1,2,5,,"]}, "origin and destination are the same"),
        ("lanes_lead_somewhere", {"hubs": ["H", "J"], "lanes": ["H,J,1,2,5,,"]},
         "lanes from hub to hub"),
        ("spans_run_forward", {"lanes": ["H,R,1,2,5,2026-11-09,2026-11-08"]},
         "ends before it starts"),
        ("windows_stand_apart", {"assortment": ["R,A,,2026-11-09", "R,A,2026-11-09,"]},
         "windows of one cell that overlap"),
        ("tariffs_follow_on_each_other", {"lanes": ["H,R,1,2,5,,", "H,R,2,2,5,2026-11-09,"]},
         "two rows between the same places"),
        ("lanes_say_one_price", {"lanes": ["H,R,1,2,5,,", "H,R,1.5,2,5,,"]}, "at another cost"),
        ("lanes_say_one_price", {"lanes": ["H,R,1,2,5,,", "H,R,1,2,5,,"]}, "capacities add up"),
        ("regions_have_a_lane", {"lanes": ["H,R,1,2,5,,"]}, "no lane from a hub leads to S"),
        ("regions_have_a_lane", {"lanes": ["R,S,1,2,5,,"]}, "no region has a lane from a hub"),
        ("regions_have_orders", {"orders": ["2026-11-02,R,A,2"]}, "no order from S"),
        ("weeks_have_orders", {"orders": ["2026-11-02,R,A,2", "2026-11-16,S,A,2"]},
         "no order in the weeks of 2026-11-09"),
        ("weeks_can_be_counted", {"orders": ["2026-11-02,R,A,65000", "2026-11-08,R,A,536"]},
         "over 65,535 units that a cell orders in a week"),
        ("prices_cover_costs", {"items": ["A,9,9.01"]}, "above the price"),
        ("costs_are_on_one_scale", {"lanes": ["H,R,0,2,5,,"]}, "all lane costs are 0"),
        ("costs_are_on_one_scale", {"lanes": ["H,R,1,2,5,,", "H,S,1000001,2,5,,"]},
         "costs over more than 6 decades"),
        ("parcels_cost_something", {"lanes": ["H,R,1,2,,,"]}, "a parcel costs what its lane costs"),
        ("further_units_cost_no_more", {"lanes": ["H,R,1,2,.5,,,5"]}, "above direct_cost"),
        ("further_units_cost_no_more", {"lanes": ["H,R,1,2,,,,1.5"]}, "are the two exchanged?"),
        ("further_units_cost_no_more", {"regions": ["R,1,.25,2.5"]}, "above last_mile_cost"),
        ("depots_can_hold_something", {"regions": ["R,0", "S,1"]}, "capacity 0"),
        ("returns_follow_orders", {"returns": ["2026-11-09,R,A,3"]},
         "1 cell returned more than they ordered, first A in R: 3"),
        ("overrides_say_a_bound", {"overrides": ["fix,,fair,Anna,2027-01-01"]}, "blank"),
        ("locks_have_expired", {"overrides": ["fix,1,fair,Anna,2026-11-15"]}, "expired"),
    ],
)  # fmt: skip
def test_a_broken_rule_is_said_once(tmp_path: Path, rule: str, rows: dict, said: str) -> None:
    """One fault, in the words of a planner."""
    (fault,) = getattr(rules, rule)(tables(tmp_path, **rows))
    assert said in str(fault)


def test_a_dearer_lane_beside_one_with_limited_room_is_an_alternative(tmp_path: Path) -> None:
    """Room for five at 1, any number at 1.5; without the limit the second price is refused."""
    header = "origin,destination,cost_per_unit,lead_time_days,capacity,cost_per_kg"
    for room, weight, faults in (("5", "0", 0), ("", "0", 1), ("", "0.25", 0)):
        (tmp_path / "lanes.csv").write_text(
            "\n".join([header, f"H,R,1,2,{room},{weight}", "H,R,1.5,2,,0"]), "utf-8"
        )
        read = {"lanes": read_table(INPUTS["lanes"], tmp_path / "lanes.csv")}
        assert len(list(rules.lanes_say_one_price(read))) == faults


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("ids_are_known", {"orders": ["2026-11-02,R,A,2"]}),
        ("spans_run_forward", {"lanes": ["H,R,1,2,5,2026-11-09,2026-11-09"]}),
        ("windows_stand_apart", {"assortment": ["R,A,,2026-11-09", "R,A,2026-11-10,"]}),
        ("windows_stand_apart", {"assortment": ["R,A,,", "S,A,,", "R,B,,"]}),
        ("tariffs_follow_on_each_other", {"lanes": ["H,R,1,2,5,,", "H,R,2,1,5,2026-11-09,"]}),
        (
            "tariffs_follow_on_each_other",
            {"lanes": ["H,R,1,2,5,,2026-11-08", "H,R,2,2,5,2026-11-09,"]},
        ),
        ("lanes_say_one_price", {"lanes": ["H,R,1,2,5,,", "H,R,2,1,5,,", "R,H,2,2,5,,"]}),
        ("lanes_say_one_price", {"lanes": ["H,R,1,2,5,,", "H,R,2,2,5,2026-11-09,"]}),
        ("weeks_have_orders", {"orders": ["2026-11-08,R,A,2", "2026-11-09,S,A,2"]}),
        ("weeks_can_be_counted", {"orders": ["2026-11-02,R,A,65000", "2026-11-09,R,A,65000"]}),
        ("prices_cover_costs", {"items": ["A,9,9"]}),
        ("costs_are_on_one_scale", {"lanes": ["H,R,1,2,5,,", "H,S,1000000,2,5,,"]}),
        ("returns_follow_orders", {"returns": ["2026-11-09,R,A,2"]}),
        ("overrides_say_a_bound", {"overrides": ["forbid,,fair,Anna,2027-01-01"]}),
        ("locks_have_expired", {"overrides": ["fix,1,fair,Anna,2026-11-16"]}),
    ],
)
def test_the_edge_of_a_rule_is_inside_it(tmp_path: Path, rule: str, rows: dict) -> None:
    """A day alone, windows that follow on each other, six decades, as much as was ordered."""
    assert list(getattr(rules, rule)(tables(tmp_path, **rows))) == []


def test_returns_of_what_is_not_sold_any_more_are_left_out_and_warned_of(tmp_path: Path) -> None:
    """They alone may name an item that no table has."""
    (fault,) = rules.ids_are_known(tables(tmp_path, returns=["2026-11-09,R,OLD,1"]))
    assert (fault.severity, fault.remedy) == ("warning", "these rows are left out")
