"""The keys of every command's JSON object, and the page that lists them.

`python -m foreship.cli.json_keys docs/json.md` writes the page; a test keeps it, this list and
what the commands truly print the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from foreship.cli.terminal.answer import ENVELOPE, JSON_VERSION

__all__ = ["KEYS", "Key", "json_markdown", "misfits"]


class Key(NamedTuple):
    """What a key holds, and whether every success has it."""

    meaning: str
    always: bool = True


FRAME = {
    "json_version": Key(f"version of these keys, {JSON_VERSION}"),
    "command": Key("the command, blank where none was understood"),
    "exit_code": Key("the exit code of the process"),
    "ok": Key("whether it did what was asked: exit codes 0 and 6"),
}
ERROR = {
    "exit_code": Key("the exit code once more"),
    "kind": Key("name of the error, such as `InputError`"),
    "message": Key("what stderr says"),
    "faults": Key("one object a fault: `table, column, rows, values, problem, remedy, text`, .."),
    "remedy": Key("what to do next, in one sentence"),
}
NOTES = Key("one sentence each")
_RUN = {
    "run": Key("path of the run folder"),
    "run_id": Key("ten hexadecimal digits"),
    "as_of": Key("the Monday"),
    "reused": Key("whether the same run stood already and is given again"),
    "summary": Key("`summary.json`; empty for a forecast"),
    "notes": NOTES,
}
_DIFF = {
    "before": Key("the earlier run"),
    "after": Key("the later run"),
    "summary": Key("money and counts of both, sentence by sentence"),
    "counts": Key("lines by what became of them"),
    "totals": Key("totals by term of the objective, before and after"),
    "lines": Key("lines that are not the same"),
    "departures": Key("departures that are not the same", always=False),
}
KEYS: Mapping[str, Mapping[str, Key]] = {
    "sample": {
        "path": Key("the workspace"), "rows": Key("rows by table"), "notes": NOTES,
    },
    "init": {
        "config": Key("path of `foreship.toml`"), "tables": Key("file by table"),
        "derived": Key("tables that were derived, and of what"),
        "found": Key("what was recognised"), "questions": Key("what only you can answer"),
    },
    "check": {
        "workspace": Key("its path"), "sound": Key("whether there is no fault"),
        "rows": Key("rows by table"), "faults": Key("as those of an error"),
        "warnings": Key("the same for what is doubted"), "notes": Key("the same for what is said"),
    },
    "forecast": _RUN,
    "plan": {
        **{name: key._replace(always=False) for name, key in _RUN.items()},
        "plans": Key("with `--compare`, alone: a row a plan tried", always=False),
        "against": Key("run that a trial is set against", always=False),
        "causes": Key("why the money of a trial differs", always=False),
        "diff": Key("as the keys of `diff`, of a trial", always=False),
    },
    "run": _RUN,
    "approve": {
        "run": Key("path of the approved run; with `--dry-run` of the one that would be edited"),
        "dry_run": Key("with `--dry-run` true: nothing was approved", always=False),
        "approval": Key("path of the approval", always=False),
        "reused": Key("whether it stood already", always=False),
        "base": Key("run that was edited", always=False), "as_of": Key("the Monday"),
        "by": Key("who", always=False), "at": Key("when, UTC", always=False),
        "price_of_all": Key("what all edits cost together"),
        "price_of_the_rest": Key("what edits without a price of their own cost"),
        "held_by": Key("what held the plan", always=False),
        "status": Key("status of the plan", always=False),
        "instead_of": Key("run that was approved last before, or null", always=False),
        "edits": Key("a row an edit, with its price"), "notes": NOTES,
    },
    "release": {
        "release": Key("path of the release"), "run": Key("name of the run"),
        "as_of": Key("the Monday"), "by": Key("who"), "at": Key("when, UTC"),
        "approved_by": Key("who approved it, or null"), "held_by": Key("what held the plan"),
        "units": Key("units of all lines"), "lines": Key("number of lines"),
        "files": Key("SHA-256 by file"),
    },
    "review": {
        "run": Key("name of the run"), "stage": Key("how far it had come"),
        "as_of": Key("its Monday"), "until": Key("day until which is known what came"),
        "promised": Key("gain promised"), "came": Key("gain that came"),
        "settled": Key("whether its window is over"), "ledger": Key("units sent, sold, left"),
        "findings": Key("most important first"), "lines": Key("a row a line"),
        "money": Key("money by place"), "forecast": Key("forecast against sales, or null"),
        "scores": Key("what each policy, lock and edit brought"),
        "late": Key("lines that did not arrive"), "due": Key("units due for an exit"),
        "notes": NOTES,
    },
    "backtest": {
        "headline": Key("the result in sentences"), "money": Key("a row a policy"),
        "weekly": Key("a row a policy and week"), "sensitivity": Key("by cost factor"),
        "promises": Key("plans' promises against what came"), "regret": Key("where money was lost"),
        "notes": NOTES,
    },
    "frontier": {
        "forecast": Key("run of the forecast"), "level": Key("level of the CVaR"),
        "points": Key("a row a budget of risk"), "knowledge": Key("what knowing more is worth"),
        "notes": NOTES,
    },
    "evaluate": {
        "advice": Key("what to do about it"), "verdict": Key("skill in a sentence"),
        "skill": Key("whether there is skill"), "as_of": Key("the Monday"), "weeks": Key("weeks"),
        "floor": Key("the floor it is measured against"), "gain": Key("log-loss below the floor"),
        "interval": Key("its interval, null for one week"), "notes": NOTES,
        "trust": Key("how far to trust it"), "metrics": Key("a row a score"),
        "gains": Key("gain by class"), "reliability": Key("said against seen"),
        "pit": Key("histogram of the PIT"), "fits": Key("what was learned each week"),
        "page": Key("path of the page"),
    },
    "serve": {
        "url": Key("the link that lets in whoever has it; said when it listens, not at the end"),
        "pid": Key("number of the process"), "host": Key("address that it listens on"),
        "port": Key("the port"),
    },
    "explain": {
        "run_id": Key("ten hexadecimal digits"), "as_of": Key("the Monday"),
        "item": Key("blank where a region is told"), "region": Key("blank where an item is told"),
        "name": Key("name of what is told"), "text": Key("the same for eyes"),
        **{
            name: Key(meaning, always=False)
            for name, meaning in {
                "quantity": "units sent to the cell", "stock": "stock of the cell",
                "lines": "lines of the cell", "units": "unit by unit",
                "decision": "what was decided", "why_not_more": "what stops the next unit",
                "would_change": "what would change it", "orders": "what past orders say",
                "about_orders": "the same in sentences", "about_departures": "sentences",
                "about_line": "sentences", "about_later_weeks": "sentences",
                "region_name": "name of the region", "cells": "cells of an item or a region",
                "about": "sentences before them", "further": "sentences after them",
            }.items()
        },
    },
    "report": {
        "report": Key("path of the page"), "stage": Key("how far the run has come"),
        "headline": Key("the run in sentences"),
    },
    "diff": _DIFF,
    "runs": {
        "folder": Key("where the runs lie"),
        "runs": Key(
            "newest first: `run, as_of, command, state, status, objective, lines, bytes,"
            " written, folder, expected_gain`"
        ),
    },
    "clean": {
        "removed": Key("names of the runs"), "kept": Key("the reason of each kept run by name"),
        "bytes": Key("bytes of what is removed"), "dry_run": Key("whether nothing was removed"),
    },
    "schema": {
        "tables": Key("input tables"), "demand": Key("one's own scenarios"),
        "files": Key("files of a run"), "settings": Key("settings by section"),
        "exit_codes": Key("meaning by code"),
    },
    "doctor": {
        "versions": Key("versions by name"), "origins": Key("folder by package"),
        "compiled": Key("folder of compiled code, or null"), "ailments": Key("what is wrong"),
        "healthy": Key("whether nothing is"),
    },
}  # fmt: skip
"""command -> its keys beside those of every object"""

INTRODUCTION = """\
# JSON

Written by `python -m foreship.cli.json_keys docs/json.md`; a test keeps this page, the list behind
it and what the commands print the same.

With `--json` a command prints exactly one object to stdout, on one line, however it ends: also for
a command line that is not understood, Ctrl-C and SIGTERM. Numbers that are not finite are null.
Keys may be added at any time; when one leaves or changes its meaning, `json_version` grows.
"""


def json_markdown() -> str:
    """Return the page that lists every key."""
    parts = [
        INTRODUCTION,
        "## Every object\n",
        _grid(FRAME),
        "A failure (`ok` is false) has `error` beside them, with these keys; an error that a "
        "command\nreports as its product (`check`, `doctor`, an interrupted plan) has that too.\n",
        _grid(ERROR),
    ]
    for command, keys in KEYS.items():
        parts += [f"## foreship {command}\n", _grid(keys)]
    return "\n".join(parts)


def _grid(keys: Mapping[str, Key]) -> str:
    lines = ["| key | holds | there |", "|---|---|---|"]
    for name, key in keys.items():
        lines.append(f"| `{name}` | {key.meaning} | {'always' if key.always else 'where known'} |")
    return "\n".join(lines) + "\n"


def misfits(said: Mapping[str, object]) -> list[str]:
    """Return how an object differs from what is listed: keys that lack, and keys unknown."""
    known = KEYS[str(said["command"])] if said["command"] else {}
    wanted = {*ENVELOPE, *(name for name, key in known.items() if key.always and said["ok"])}
    allowed = {*ENVELOPE, *known} | (set() if said["ok"] else {"error"})
    lacking = [f"lacks {name}" for name in sorted(wanted - set(said))]
    return lacking + [f"has {name}" for name in sorted(set(said) - allowed)]


if __name__ == "__main__":
    import sys

    Path(sys.argv[1]).write_text(json_markdown(), "utf-8")
