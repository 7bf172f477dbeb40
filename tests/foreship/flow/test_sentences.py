"""Every sentence that can be printed is read: its source with counts, its output as it is."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from foreship_foundation.telling.words import sentence
from tests.foreship.good_workspace import write_workspace
from tests.foreship.page_reader import Page
from tests.foreship.small_variants import AS_OF, SETTINGS, whole_frames
from tests.foreship.spoken_objects import object_of
from tests.grammar import OF_TEMPLATES, faults_of_sentence, faults_of_words, said_by

ROOT = Path(__file__).resolve().parents[3]
ROOMS = {
    "foreship": ROOT / "foreship",
    "forecast": ROOT / "forecast" / "foreship_forecast",
    "optimize": ROOT / "optimize" / "foreship_optimize",
    "foundation": ROOT / "foundation" / "foreship_foundation",
}
HELPERS = ("words.py",)
BY_HAND = re.compile(r"""["'] (?:and|or) ["']\.join|["']s["'] (?:if|\*)|else ["']s["']""")
"""lists and plurals made where they are used"""


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("There are 1 weeks left.", "one of many"),
        ("There are 2 week left.", "many of one"),
        ("Thursday and Friday and Saturday.", "and upon and"),
        ("It has 2 fault(s).", "a plural in brackets"),
        ("It costs  5.", "two spaces"),
        ("It costs nan.", "a word of Python"),
        ("It costs ['a'].", "a word of Python"),
        ("It costs -0.00 a unit.", "minus nought"),
        ("It costs 0.30000000000000004.", "too many digits"),
        ("It costs 5e-05.", "an exponent"),
        ("It is 5% of it.", "a bare percent"),
        ("It is of 2026-11-16 00:00:00.", "an hour of midnight"),
        ("it costs 5.", "no capital"),
        ("It costs 5", "no capital"),
    ],
)
def test_the_grammar_finds_what_it_is_for(text: str, rule: str) -> None:
    """One fault each, and none in a good sentence."""
    assert any(rule in fault for fault in faults_of_sentence(text)), text
    good = "R001: 1 week, 2 weeks and 5 % of `nan` cost 0.05 (first line 3, column 'True')."
    assert faults_of_sentence(good) == []


@pytest.mark.sweep
@pytest.mark.parametrize("room", ROOMS)
def test_every_template_reads_well_with_no_one_two_and_many(room: str) -> None:
    """Singular and plural, one `and`, one style of percent, whatever the counts are."""
    faults, read = {}, 0
    for path in sorted(ROOMS[room].rglob("*.py")):
        if path.name in HELPERS:
            continue
        for line, text in said_by(path):
            read += 1
            if found := faults_of_words(text, OF_TEMPLATES):
                faults[f"{path.relative_to(ROOT)}:{line}"] = found
    assert faults == {}
    assert read > 50


@pytest.mark.parametrize("room", ROOMS)
def test_lists_and_plurals_are_made_in_one_place(room: str) -> None:
    """Nobody joins names with `and`, nor adds an `s`, but the helpers."""
    found = {
        str(path.relative_to(ROOT)): BY_HAND.findall(path.read_text("utf-8"))
        for path in ROOMS[room].rglob("*.py")
        if path.name not in HELPERS
    }
    assert {name: each for name, each in found.items() if each} == {}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with every table and column."""
    return write_workspace(
        tmp_path_factory.mktemp("sentences") / "shop", whole_frames(), settings=SETTINGS
    )


def answer(*words: object) -> dict[str, Any]:
    """Return the object that a command prints with `--json`."""
    result = CliRunner().invoke(app, [*map(str, words), "--json"])
    return object_of(result.stdout)


@pytest.fixture(scope="module")
def run(shop: Path) -> Path:
    """Make one run of it."""
    return Path(answer("run", shop, "--as-of", AS_OF.date())["run"])


def read(texts: list[str]) -> list[str]:
    """Return the faults of many sentences."""
    return [fault for text in texts for fault in faults_of_sentence(text)]


@pytest.mark.sweep
def test_a_run_and_its_readers_speak_in_sentences(shop: Path, run: Path) -> None:
    """Notes, headline, check, and what is said of every cell."""
    notes = json.loads((run / "manifest.json").read_text("utf-8"))["notes"]
    told = [*notes, " ".join(answer("report", run)["headline"])]
    told += [each["text"] for part in ("warnings", "notes") for each in answer("check", shop)[part]]
    frames = whole_frames()
    for region in frames["regions"]["region"]:
        for item in frames["items"]["item"]:
            why = answer("explain", run, "--item", item, "--region", region)
            told += [why["decision"], why["why_not_more"], *why["would_change"]]
            told += [*why.get("about_orders", ()), *why.get("about_departures", ())]
            told += [*why.get("about_later_weeks", ()), *why.get("about_line", ())]
    for kind in ("item", "region"):
        for each in frames[f"{kind}s"][kind]:
            why = answer("explain", run, f"--{kind}", each)
            told += [*why["about"], *why["further"], *(cell["reason"] for cell in why["cells"])]
    told += list(pd.read_parquet(run / "facts.parquet")["reason"])
    if (run / "exceptions.parquet").exists():
        told += list(pd.read_parquet(run / "exceptions.parquet")["words"])
    assert read(told) == []
    assert len(told) > 20


def test_page_and_workbook_break_no_rule_of_words(run: Path) -> None:
    """Texts of the page, cells of the workbook; titles and cells need no full stop."""
    page = Page((run / "report.html").read_text("utf-8"))
    with zipfile.ZipFile(run / "plan.xlsx") as book:
        sheets = [book.read(name).decode("utf-8") for name in book.namelist() if "sheet" in name]
    cells = [text for sheet in sheets for text in re.findall(r"<t[^>]*>([^<]*)</t>", sheet)]
    texts = [*(text for text in page.text if not text.startswith(":root")), *cells]
    assert [fault for text in texts for fault in faults_of_words(text.strip())] == []
    assert len(texts) > 100


@pytest.mark.sweep
def test_what_goes_wrong_is_said_in_sentences(shop: Path, run: Path, tmp_path: Path) -> None:
    """Words that no command understands, folders that are none, dates that are no Mondays."""
    asked = [
        ("run", tmp_path / "nowhere"),
        ("run", shop, "--as-of", "yesterday"),
        ("run", shop, "--as-of", "2026-11-17"),
        ("plan", shop, "--as-of", AS_OF.date(), "--demand", tmp_path / "no.csv"),
        ("plan", shop, "--as-of", AS_OF.date() , "--forecast", tmp_path),
        ("forecast", shop, "--as-of", AS_OF.date(), "--retrain"),
        ("explain", run, "--item", "nobody", "--region", "R"),
        ("report", tmp_path),
        ("backtest", shop, "--policies", "magic"),
        ("backtest", shop, "--cost-factors", "-1"),
        ("backtest", shop, "--weeks", "500"),
    ]  # fmt: skip
    told = []
    for words in asked:
        error = answer(*words)["error"]
        assert error["exit_code"] in (2, 3), error
        told += error["message"].split("\n")
    assert read(told) == []
    assert all(sentence(each) == each for each in told)
