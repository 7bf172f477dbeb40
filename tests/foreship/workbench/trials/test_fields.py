"""The form of a trial has a field for all that can be tried, and keeps what was filled in."""

from __future__ import annotations

from foreship.config import SECTIONS
from foreship.errors import Fault
from foreship.jobs.identity import NEVER_ANSWERING_SECTIONS
from foreship.workbench.bench import Bench
from foreship.workbench.trials.fields import form_of
from foreship.workspace.schema import settings_of


def test_every_setting_that_answers_differently_has_a_field(told_bench: Bench) -> None:
    """By its declaration; those that answer alike have none."""
    told = str(form_of(told_bench.config, told_bench.run("latest"), "Ada", {}))
    for section in SECTIONS:
        for each in settings_of(section):
            is_there = f'name="set-{section}.{each["name"]}"' in told
            assert is_there == (section not in NEVER_ANSWERING_SECTIONS)
    assert "said to be Ada" in told
    assert 'value="regions.capacity"' in told and "orders." not in told
    assert "items.name" not in told and "items.item" not in told


def test_what_was_filled_in_stays_with_its_faults(told_bench: Bench) -> None:
    """As text, in an open part of the form; further rows where they are asked for."""
    hurt = '"><script>alert(1)</script>'
    values = {
        "where-1": hurt, "event-value": hurt, "set-risk.level": "7", "rows": "2", "more": "1"
    }  # fmt: skip
    fault = Fault("number 1", "is no change", values=(hurt,))
    held = told_bench.run("latest")
    told = str(form_of(told_bench.config, held, "Ada", values, faults=[fault]))
    assert "<script>" not in told and told.count("&lt;script&gt;") == 3
    assert 'role="alert"' in told and "has 1 fault; nothing is planned yet" in told
    assert told.count('open=""') == 2 and 'name="amount-4"' in told


def test_what_may_move_nothing_is_read_before_it_is_planned(told_bench: Bench) -> None:
    """The button below it says that it has been."""
    held = told_bench.run("latest")
    told = str(form_of(told_bench.config, held, "Ada", {}, unlearned=["no such <b>"]))
    assert "no such &lt;b&gt;" in told and 'name="confirmed"' in told
    assert "Plan with it all the same" in told
