"""Lines in which plans differ: before and after, money and why, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from foreship.reading.comparing.several import lines_apart
from foreship.workbench.bench import Bench
from foreship.workbench.trials import line_table as module
from foreship.workbench.trials.apart import PAGE, Apart, ordered
from foreship.workbench.trials.line_table import line_table, why
from tests.foreship.workbench.bare_figures import bare_figures
from tests.foreship.workbench.served import bench_of
from tests.foreship.workbench.trials.apart_runs import three_plans

Plans = tuple[Bench, list[str]]


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plans]:
    """Return a bench on a plan and two that were tried, to be read only."""
    folder = tmp_path_factory.mktemp("apart") / "shop"
    folder.mkdir()
    (folder / "foreship.toml").write_text("")
    names = three_plans(folder)
    bench = bench_of(folder, folder.parent / "scratch")
    yield bench, names
    bench.close()


def test_one_plan_says_why_and_every_figure_leads_on(plans: Plans) -> None:
    """The reason of the line that is there; of one that is gone why not one more."""
    bench, (base, less, _) = plans
    held, trial = bench.run(base), bench.run(less)
    trial.wait()
    asked = Apart(base, (less,))
    rows = ordered(lines_apart(held.view, [trial.view]), asked)
    told = str(line_table(rows, held, [trial], asked))
    assert "2 lines differ." in told and 'role="grid"' in told and "because of" in told
    assert bare_figures(told) == [] and told.count('tabindex="0"') == 1
    assert 'aria-sort="descending"' in told
    gone = rows[rows["change_0"] == "dropped"].iloc[0].to_dict()
    assert why(trial, gone).endswith(".") and not why(trial, gone).startswith("Why")
    moved = {**gone, "action": "return", "origin": "nowhere"}
    assert why(trial, moved) == module.STAYS


def test_several_plans_stand_beside_each_other(plans: Plans) -> None:
    """By a letter each; why is told where one is tried alone."""
    bench, (base, less, other) = plans
    held, trials = bench.run(base), [bench.run(less), bench.run(other)]
    asked = Apart(base, (less, other), money_alone=True)
    views = [each.view for each in trials]
    rows = ordered(lines_apart(held.view, views, money_alone=True), asked)
    told = str(line_table(rows, held, trials, asked))
    assert "gain of A" in told and "gain of B" in told and ">why<" not in told
    assert bare_figures(told) == []


def test_many_lines_are_a_page_at_a_time(plans: Plans, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the way to the next and back."""
    bench, (base, less, other) = plans
    monkeypatch.setattr(module, "PAGE", 1)
    held, trials = bench.run(base), [bench.run(less), bench.run(other)]
    asked = Apart(base, (less, other), page=2)
    rows = ordered(lines_apart(held.view, [each.view for each in trials]), asked)
    told = str(line_table(rows, held, trials, asked))
    assert "Page 2 of 2" in told and "Page before" in told and "Next page" not in told
    assert told.count('role="row"') == 2 and PAGE > 1
    empty = line_table(rows[:0], held, trials, Apart(base, (less, other)))
    assert "0 lines differ." in str(empty) and "grid" not in str(empty)
