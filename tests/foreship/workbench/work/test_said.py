"""What a command says is understood: stages, shares, notes, and its one object."""

from __future__ import annotations

import json

from foreship.workbench.work.said import MOST_NOTES, Said, answer_in


def _heard(*records: object) -> Said:
    said = Said()
    for each in records:
        said.hear(each if isinstance(each, str) else json.dumps(each))
    return said


def test_a_stage_and_how_far_it_is() -> None:
    """A new stage begins at nothing; what does not say how much there is has no share."""
    said = _heard(
        {"event": "stage", "stage": "fit"},
        {"event": "progress", "stage": "fit", "done": 3, "of": 4},
    )
    assert (said.stage, said.share) == ("fit", 0.75)
    said.hear(json.dumps({"event": "stage", "stage": "plan"}))
    assert (said.stage, said.share) == ("plan", None)


def test_words_are_kept_and_records_for_machines_are_not() -> None:
    """Notes in their order, what is no record as it is, and only the newest of very many."""
    said = _heard(
        {"level": "note", "message": "One."}, "plain", {"event": "run_finished"}, "", "[]"
    )
    assert said.notes == ["One.", "plain", "[]"]
    for number in range(2 * MOST_NOTES):
        said.hear(str(number))
    assert said.notes[-1] == str(2 * MOST_NOTES - 1) and len(said.notes) == MOST_NOTES


def test_an_answer_that_is_none_is_empty() -> None:
    """A command that was killed has said nothing, or half of it."""
    assert answer_in('{"ok": true}') == {"ok": True}
    assert answer_in('{"ok": tr') == answer_in("") == answer_in("[1]") == {}
