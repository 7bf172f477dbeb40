"""What is decided on a line, in its row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foreship.workbench.acting.cells import clash_cell, decided_words, edit_cell, edit_form
from foreship.workbench.drafts.clash import Clash
from foreship.workbench.drafts.log import Draft
from tests.foreship.workbench.drafted import action

FOLDER = Path("drafts/2026-11-16-0123456789")


def test_a_decision_is_shown_with_its_comment_and_who_is_said_to_have_made_it() -> None:
    """Whatever letters they have, they are text."""
    mine = replace(action(comment="<b>less</b>", author="<script>"), version=1)
    told = str(edit_cell(0, Draft(FOLDER, (mine,))))
    assert "change to 12" in told and "said to be &lt;script&gt;" in told
    assert "&lt;b&gt;less&lt;/b&gt;" in told and "<script>" not in told
    assert "Decide again" in told and f"/run/{FOLDER.name}/edits/0" in told


def test_a_line_nobody_decided_on_or_no_longer_says_only_how_to_decide() -> None:
    """What was taken back counts for nothing."""
    back = replace(action(decision="", quantity=None), version=1)
    for draft in (Draft(FOLDER), Draft(FOLDER, (back,))):
        told = str(edit_cell(0, draft))
        assert "said to be" not in told and ">Decide</a>" in told
    assert decided_words(back) == decided_words(None) == ""


def test_the_form_carries_the_version_on_which_the_line_was_seen() -> None:
    """And begins with what is decided already."""
    mine = replace(action(decision="freeze", quantity=5, comment="ours"), version=1)
    told = str(edit_form(0, 5, Draft(FOLDER, (mine,)), "Ada"))
    assert 'name="base" value="1"' in told
    assert '<option value="freeze" selected="">' in told and 'value="ours"' in told
    assert "said to be Ada" in told and "5 as planned" in told


def test_a_clash_shows_both_and_writes_mine_on_the_version_that_stands() -> None:
    """Theirs is kept by doing nothing."""
    theirs = replace(action(quantity=3, author="Ben"), version=4)
    told = str(clash_cell("R", Clash(action(quantity=7, base=1), theirs, 6)))
    assert "change to 3" in told and "said to be Ben" in told and "change to 7" in told
    assert 'name="base" value="6"' in told and 'name="quantity" value="7"' in told
    assert "Keep theirs" in told


def test_a_taking_back_that_clashes_is_asked_for_again_as_one() -> None:
    """It goes to its own address."""
    mine = action(decision="", quantity=None, base=1)
    theirs = replace(action(quantity=3, author="Ben"), version=2)
    told = str(clash_cell("R", Clash(mine, theirs, 2)))
    assert 'action="/run/R/edits/0/take-back"' in told and "taken back: yours" in told
