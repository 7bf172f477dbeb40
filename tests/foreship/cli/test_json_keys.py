"""The keys of each command's object are listed, and the list is what the commands print."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from foreship.cli.json_keys import KEYS, json_markdown, misfits
from tests.foreship.planned_shop import AS_OF, DEMAND, edits_file, planned_shop
from tests.foreship.spoken_objects import object_of

ROOT = Path(__file__).resolve().parents[3]


def said_by(*words: object, code: int = 0) -> dict[str, object]:
    """Return the object of a command, whose keys are those listed."""
    result = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert result.exit_code == code, result.output
    return object_of(result.stdout)


def test_the_page_is_made_of_the_list() -> None:
    """docs/json.md says what stands in the code, of every command."""
    assert (ROOT / "docs" / "json.md").read_text("utf-8") == json_markdown()
    assert list(KEYS) == [each.name for each in app.registered_commands]


def test_what_differs_from_the_list_is_found() -> None:
    """A key that lacks, one that nobody knows, an error beside a success."""
    frame = {"json_version": 1, "command": "doctor", "exit_code": 0, "ok": True}
    keys = dict.fromkeys(KEYS["doctor"])
    assert misfits({**frame, **keys}) == []
    assert misfits({**frame, **keys, "error": {}, "new": 1}) == ["has error", "has new"]
    del keys["healthy"]
    assert misfits({**frame, **keys}) == ["lacks healthy"]
    assert misfits({**frame, "exit_code": 2, "ok": False, "error": {}}) == []


@pytest.mark.parametrize("words", [("schema",), ("doctor",)])
def test_what_foreship_says_of_itself(words: tuple[str, ...]) -> None:
    """Keys of its contract and of its installation."""
    said_by(*words)


@pytest.mark.sweep
def test_what_is_said_of_a_plan_from_its_making_to_its_release(tmp_path: Path) -> None:
    """A planner's commands, and one that fails; the others print under tests of their own."""
    shop = tmp_path / "shop"
    run = planned_shop(shop).path
    day = ("--as-of", AS_OF.date())
    own = ("--demand", shop / DEMAND)
    said_by("plan", shop, *day, *own)
    said_by("plan", shop, *day, *own, "--set", "plan.minimum_line_quantity=2", "--against", run)
    said_by("report", run)
    said_by("explain", run, "--item", "a")
    edited = edits_file(tmp_path, [(0, "change", 1, "")])
    approved = said_by("approve", run, "--by", "Ann", "--edits", edited, *own)["run"]
    said_by("diff", run, approved)
    said_by("release", approved, "--by", "Ann")
    said_by("release", run, "--by", "Ann", code=2)
