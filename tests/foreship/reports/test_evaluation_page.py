"""The evaluation's page and command: closed, escaped, and its figures are those measured."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import foreship
from foreship.cli.commands import app
from foreship.reports.evaluation_page import render
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.scores import answer_of_law
from foreship_forecast.evaluation.gains import gains
from foreship_forecast.evaluation.reliability import pit_histograms, reliability_curves
from foreship_forecast.evaluation.rolling import FLOOR_NAMES, MODEL, Evaluation, Fit
from foreship_forecast.evaluation.scorecard import scorecard, volume_of
from foreship_forecast.evaluation.trust import trusted
from tests.foreship.page_reader import HOSTILE, Page, assert_closed
from tests.foreship.spoken_objects import object_of

TINY = Path(__file__).resolve().parents[3] / "data" / "tiny"
CONFIG = {"forecast": {"seed": 1}, "privacy": {"min_customers": 3}, "plan": {"hold": False}}
VERSIONS = {"foreship": "0"}


def evaluation(
    skill: bool = True, regions: tuple[str, ...] = ("North", "South"), weeks: int = 10
) -> Evaluation:
    """Return what a true law scores against floors that are off, or that are as good as it."""
    rng = np.random.default_rng(11)
    count = 60 * weeks * len(regions)
    each = np.arange(count)
    chance, extra = rng.beta(1.0, 1.0, count) * 0.98 + 0.01, rng.gamma(1.0, 2.0, count)
    size = 1 + rng.negative_binomial(1.5, 1.5 / (1.5 + np.maximum(extra, 1e-4)))
    units = np.where(rng.random(count) < chance, size, 0).astype(float)
    rows = pd.DataFrame(
        {
            "region": np.array(regions, dtype=object)[each % len(regions)],
            "volume": volume_of(chance * (1 + extra)),
            "horizon": 1 + (each // len(regions)) % 3,
            "cell": each,
            "week": each // (60 * len(regions)),
            "units": units,
        }
    )
    r = np.full(count, 1.5)
    answers = {MODEL: answer_of_law(CountLaw(chance, extra, r), units)}
    for floor in FLOOR_NAMES:
        noise = rng.normal(0.0, 0.3, count) if skill else np.zeros(count)
        answers[floor] = answer_of_law(
            CountLaw(np.clip(chance + noise, 0.05, 0.95), extra, r), units
        )
    gained = gains(rows, answers)
    believed = 0.85 if skill else 0.15
    return Evaluation(
        frame=scorecard(rows, answers, 1),
        gains=gained,
        trust=trusted(rows, gained, skill),
        reliability=reliability_curves(answers, units),
        pit=pit_histograms(answers, 1),
        fits=(
            Fit("2026-09-21", believed, 900, "2026-06-01", "2026-09-14", ("shape",), ("Said.",)),
        ),
        as_of="2026-11-16",
        weeks=weeks,
        notes=("The first week was left out.",),
    )


@pytest.fixture(scope="module")
def result() -> Evaluation:
    """Make an evaluation with skill."""
    return evaluation()


def text_of(result: Evaluation) -> str:
    """Return its page."""
    return render(result, CONFIG, VERSIONS)


def test_the_page_is_closed_and_the_same_each_time(result: Evaluation) -> None:
    """No script, nothing loaded; the same measurements give the same bytes."""
    page = text_of(result)
    assert_closed(page)
    assert page == text_of(evaluation())
    assert not re.search(r"\b(nan|inf|None)\b", "".join(Page(page).text))


@pytest.mark.sweep
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_as_text(name: str) -> None:
    """Regions, notes, settings and versions made of markup stay text."""
    made = evaluation(regions=(name, "South"), weeks=4)
    fit = replace(made.fits[0], notes=(name,), kept=(name,))
    made = replace(made, notes=(name,), fits=(fit,))
    page = render(made, CONFIG | {"forecast": {name: name}}, {name: name})
    assert_closed(page)
    assert {tag for tag, _ in Page(page).tags} <= {tag for tag, _ in Page(text_of(made)).tags}
    shown = name.translate(dict.fromkeys([0x202E, 0x00, 0x1B], "\ufffd"))
    assert "".join(Page(page).text).count(shown) >= 5


def test_the_first_words_are_where_to_trust_it(result: Evaluation) -> None:
    """The one line, its figures and the short answer come before any table."""
    page = text_of(result)
    assert result.skill
    assert result.advice.startswith("Trust it ")
    for words in ("Skill shown", result.advice, result.verdict):
        assert page.index(escape(words)) < page.index("<table>")
    without = evaluation(skill=False)
    assert not without.skill
    shown = text_of(without)
    assert "No skill shown" in shown
    assert "every model believes plain rates more than its boosters" in shown
    assert "Trust it" not in "".join(Page(shown).text)


def test_tables_hold_what_was_measured(result: Evaluation) -> None:
    """Loss and gain of every floor, and each class's gain over the best of its own."""
    page = Page(text_of(result))
    overall = result.gains[(result.gains["by"] == "all") & (result.gains["metric"] == "rps")]
    losses = result.frame[result.frame["by"] == "all"].set_index("method")
    for line in overall.to_dict("records"):
        row = page.row(FLOOR_NAMES[line["floor"]])
        assert f"{losses.loc[line['floor'], 'log_loss']:.4f}" in row
        assert f"{losses.loc[line['floor'], 'rps']:.4f}" in row
        assert f"+{100 * line['gain']:.1f} %" in row
    regions = result.trust[result.trust["by"] == "region"]
    for line in regions.to_dict("records"):
        row = page.row(line["value"])
        assert f"{line['sales']:,}" in row
        assert any(each.startswith(f"+{100 * line['log_loss_gain']:.1f} %") for each in row)


def test_diagrams_draw_every_bin(result: Evaluation) -> None:
    """A dot for each tenth in use of p_1, p_2 and p_5; ten bars of the PIT histogram."""
    page = Page(text_of(result))
    dots = [at for tag, at in page.tags if tag == "circle" and at["class"].startswith("dot")]
    mine = result.reliability[result.reliability["method"] == MODEL]
    assert len(dots) == len(mine)
    off = (mine["came"] < mine["low"]) | (mine["came"] > mine["high"])
    assert sum(at["class"] == "dot off" for at in dots) == off.sum()
    bars = [at for tag, at in page.tags if tag == "rect" and at.get("class") == "coming"]
    assert len(bars) == 10
    floor = sum(at.get("class") == "square" for tag, at in page.tags if tag == "rect")
    assert floor == (result.reliability["method"] == result.floor).sum()


def test_many_regions_are_cut_and_counted() -> None:
    """Forty regions are shown, and how many more there are is said."""
    made = evaluation(regions=tuple(f"R{n:02d}" for n in range(45)), weeks=3)
    page = text_of(made)
    assert "The 40 regions with most sales; 5 more are in --json." in page
    assert sum(row[0].startswith("R") and row[0][1:].isdigit() for row in Page(page).rows) == 40


def test_a_single_week_makes_a_page() -> None:
    """Without any interval there is a page, without bars and without a claim."""
    page = text_of(evaluation(weeks=1))
    assert_closed(page)
    assert "No skill shown" in page
    assert "no interval" in page


def copied(folder: Path) -> Path:
    """Copy the tiny workspace."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("runs", ".foreship", "truth"))
    return folder


@pytest.mark.sweep
def test_the_command_writes_the_page_and_prints_all(tmp_path: Path) -> None:
    """JSON holds every table and where the page is; nothing else appears in the workspace."""
    folder = copied(tmp_path / "shop")
    before = set(folder.iterdir())
    done = CliRunner().invoke(app, ["evaluate", str(folder), "--weeks", "2", "--json"])
    assert done.exit_code == 0, done.stderr
    told = object_of(done.stdout)
    framed = {name: told.pop(name) for name in ("json_version", "command", "exit_code", "ok")}
    assert framed == {"json_version": 1, "command": "evaluate", "exit_code": 0, "ok": True}
    page = Path(told["page"])
    assert set(folder.iterdir()) - before == {page} == {folder / "evaluation.html"}
    assert_closed(page.read_text("utf-8"))
    assert told["advice"] in Page(page.read_text("utf-8")).text
    assert {"metrics", "gains", "trust", "reliability", "pit", "fits"} <= set(told)
    elsewhere = tmp_path / "skill.html"
    again = foreship.evaluate(foreship.open(folder), weeks=2, html=elsewhere)
    assert elsewhere.read_bytes() == page.read_bytes()
    assert {**json.loads(json.dumps(again.to_dict())), "page": str(page)} == told


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("orders.parquet", "must end in .html"),
        ("nowhere/page.html", "no folder"),
        ("runs/page.html", "nothing but runs"),
    ],
)
def test_the_page_is_refused_where_it_would_do_harm(tmp_path: Path, name: str, words: str) -> None:
    """Over a table, into a missing folder or among the runs: exit 2 before anything is computed."""
    folder = copied(tmp_path / "shop")
    (folder / "runs").mkdir()
    page = folder / name
    done = CliRunner().invoke(app, ["evaluate", str(folder), "--weeks", "2", "--html", str(page)])
    assert done.exit_code == 2
    assert words in done.stderr
    assert list((folder / "runs").iterdir()) == []
    pd.read_parquet(folder / "orders.parquet")
