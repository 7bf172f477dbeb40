"""The table of actions and exits: whole in itself, and known to all that read it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest

from foreship.reading.words.terms import TERMS as READER_TERMS
from foreship_foundation.actions import (
    ACTIONS,
    EXITS,
    action_names,
    exit_named,
    exit_names,
)
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import PLAN
from foreship_optimize.audit.money import DEPARTURE_TERMS, TERM_OF, VALUE_TERMS
from foreship_optimize.params import ExitParams
from foreship_optimize.plan import TERMS

HERE = Path(__file__).resolve().parent
TINY = HERE.parents[1] / "data" / "tiny"


@pytest.mark.parametrize("trait", ["name", "term", "tally", "label", "order", "brief"])
def test_no_two_actions_are_told_alike(trait):
    """Names, terms, tallies and sentences say which action is meant."""
    told = [getattr(each, trait) for each in ACTIONS]
    assert all(told) and len(set(told)) == len(told)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda each: each.name)
def test_every_action_has_words_that_can_be_filled_in(action):
    """A sentence names only what a line has; a place that is nowhere is not named."""
    known = {"n", "origin", "day", "cost"} | ({"destination"} if action.destination else set())
    asked = {name for _, name, _, _ in Formatter().parse(action.order) if name is not None}
    assert asked <= known
    assert [name for _, name, _, _ in Formatter().parse(action.brief) if name] == ["n"]
    assert bool(action.drawn) == bool(action.destination)


@pytest.mark.parametrize("each", EXITS, ids=lambda each: each.name)
def test_every_exit_leaves_a_region_by_an_action_and_a_setting_that_exist(each):
    """Whatever takes a unit out of a region is an exit, and its handling is a setting."""
    assert each.action in action_names(origin="region")
    assert not each.handling or each.handling in {one.name for one in fields(ExitParams)}
    assert exit_named(each.name) is each


def test_every_way_out_of_a_region_has_an_exit_and_no_ship_has():
    """A line's exit is one of its action's; only what leaves a hub has none."""
    assert all(exit_names(action=name) for name in action_names(origin="region"))
    assert not any(exit_names(action=name) for name in action_names(origin="hub"))


def test_a_name_that_is_no_exit_is_refused_by_name():
    """A wrong name is said, not passed on."""
    with pytest.raises(KeyError, match="no exit is called throw_away"):
        exit_named("throw_away")


def test_ends_choose_actions_and_exits():
    """Into regions go ships and redirects; out of the network three exits with one action more."""
    assert action_names(destination="region") == ("ship", "redirect")
    assert action_names(origin="region", destination="hub") == ("return",)
    assert exit_names(destination="") == ("markdown", "give_away", "donate", "liquidate")
    assert exit_names(action="give_away") == ("give_away", "donate", "liquidate")


def test_whoever_reads_actions_and_exits_knows_all_of_them():
    """Choices of the contract, money of plan, page and audit: no list of their own falls short."""
    terms = [each.term for each in ACTIONS]
    assert PLAN.column("action").choices == tuple(each.name for each in ACTIONS)
    assert INPUTS["exits"].column("exit").choices == tuple(each.name for each in EXITS)
    assert list(TERMS) == [*terms, *VALUE_TERMS, *DEPARTURE_TERMS]
    assert set(terms) < set(READER_TERMS)
    assert [TERM_OF[each.name] for each in ACTIONS] == terms
    assert ExitParams(allowed=exit_names()).allowed == exit_names()


@pytest.mark.sweep
def test_a_new_action_and_its_exit_are_one_row_each(tmp_path):
    """Recycling is planned up to its capacity, paid, audited, explained, shown and judged."""
    script = [sys.executable, str(HERE / "new_action.py"), str(TINY), str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["units"] == told["judged"] == 7
    assert told["total"] == pytest.approx(told["cost"]) and told["cost"] < 0
    assert not told["broken"]
    assert "Recycle " in told["explained"] and "Recycling" in told["page"]
    assert "Recycle 7 units." in told["page"]
