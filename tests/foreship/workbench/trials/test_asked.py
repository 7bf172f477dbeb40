"""What a form tries is what the command takes, and what is at fault is named with its field."""

from __future__ import annotations

from foreship.jobs.trying.change import change_of
from foreship.workbench.bench import Bench
from foreship.workbench.trials.asked import asked_of, judged, row_count

FILLED = {
    "set-risk.level": " 0.9 ", "set-plan.x": "", "other": "1",
    "what-1": "lanes.cost_per_unit", "how-1": "*", "amount-1": "1.2", "where-1": "origin=HUB-A",
    "how-2": "*", "what-2": "", "amount-2": "", "where-2": "",
    "promotion-week": "2026-11-23, 2026-11-30", "promotion-item": '00005, "a, b", x=1 and y',
    "promotion-how": "=", "promotion-value": "9.5",
    "event-value": "fair <b>", "event-date": "2026-11-17", "event-region": " ",
    "demand-how": "-", "demand-value": "3",
}  # fmt: skip


def test_only_what_is_filled_in_is_asked() -> None:
    """Settings by their names, changes as sentences that read as they were meant."""
    asked = asked_of(FILLED)
    assert asked.settings == {"risk.level": "0.9"}
    assert asked.labels == ("number 1", "promotion", "event", "demand")
    number, promotion, event, demand = map(change_of, asked.changes)
    assert str(number) == "lanes.cost_per_unit*1.2 where origin=HUB-A"
    assert promotion.where == {
        "week": ("2026-11-23", "2026-11-30"), "item": ("00005", "a, b", "x=1 and y")
    }  # fmt: skip
    assert (promotion.column, promotion.how, promotion.value) == ("price", "=", "9.5")
    assert event.value == "fair <b>" and event.where == {"date": ("2026-11-17",)}
    assert (demand.how, demand.value, dict(demand.where)) == ("-", "3", {})
    assert asked_of({"how-1": "*", "promotion-how": "*", "rows": "2"}).said == []


def test_rows_grow_by_two_up_to_eight() -> None:
    """Whatever the form says of itself."""
    assert row_count({}) == 2 and row_count({"more": "1"}) == 4
    assert row_count({"rows": "8", "more": "1"}) == 8 == row_count({"rows": "99"})
    assert row_count({"rows": "-1"}) == 2 == row_count({"rows": "²"})


def test_every_fault_is_named_at_once_where_it_stands(told_bench: Bench) -> None:
    """Of settings, numbers and what is planned, under the names of the form."""
    form = {
        "set-risk.level": "7", "what-2": "regions.capacity", "how-2": "*", "amount-2": "x",
        "where-2": "region=Lyom", "amount-3": "4", "promotion-item": "no such",
        "event-value": "fair", "event-date": "2020-01-01",
    }  # fmt: skip
    held = told_bench.run("latest")
    faults, unlearned = judged(asked_of(form), told_bench.config, told_bench.folder, held)
    told = [str(each) for each in faults]
    assert any("risk.level" in each for each in told)
    for words in (
        "Number 2, regions.region: no row has it (Lyom); did you mean 'Lyon'?",
        "Number 2, regions.capacity: is no number (x)", "Number 3: is no change",
        "promotion.week: says no week", "promotion.item: there is none (no such)",
        "event.date: is before the plan",
    ):  # fmt: skip
        assert any(each.startswith(words) for each in told), (words, told)
    assert unlearned == ()


def test_what_no_forecast_has_learned_is_told_before_any_work(told_bench: Bench) -> None:
    """With what to state; not where it is stated."""
    held = told_bench.run("latest")
    form = {"event-value": "fair", "event-date": "2026-11-17"}
    for more, said in (({}, 1), ({"demand-value": "1.2"}, 0)):
        found = judged(asked_of(form | more), told_bench.config, told_bench.folder, held)
        assert found[0] == [] and len(found[1]) == said
