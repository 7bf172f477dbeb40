"""Which head is used, and why: every judgement falls on weeks that nothing was fitted on."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.counts.calibration import Outcome
from foreship_forecast.counts.width import Spread
from foreship_forecast.errors import NotEnoughHistory
from foreship_forecast.features.rows import Rows
from foreship_forecast.heads.boosters import Boosters
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.learning import fitting
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import AS_OF, shop

WEEKS = np.array(["2026-10-19", "2026-10-26", "2026-11-02", "2026-11-09"], "datetime64[D]")
ROWS = 1000
"""rows a week"""


def features(categories: int = 1) -> SimpleNamespace:
    """What the choice of a head asks of features: weeks, and one cell's category."""
    codes = SimpleNamespace(categories=np.arange(categories), category=np.array([categories - 1]))
    panel = SimpleNamespace(codes=codes, weeks=WEEKS)
    return SimpleNamespace(panel=panel, levels=lambda rows: None)


def weekly(*values: float) -> np.ndarray:
    """Give each week's rows its value."""
    return np.repeat(np.asarray(values, dtype=np.float64), ROWS)


def sold(*shares: float) -> np.ndarray:
    """Let so great a share of each week's rows sell one unit."""
    place = np.tile(np.arange(ROWS), len(shares)) / ROWS
    return (place < weekly(*shares)).astype(np.float64)


def outcome(chance: np.ndarray, units: np.ndarray, extra: float = 1e-4) -> Outcome:
    """Rows of one category, week after week, none censored, of which no past is known."""
    count = len(units)
    nowhere, week = np.zeros(count, dtype=np.int64), np.repeat(np.arange(count // ROWS), ROWS)
    size, whole = np.full(count, extra), np.zeros(count, dtype=bool)
    return Outcome(chance, size, nowhere, week, units, whole, Spread.unknown(count))


def log_loss(said: float, share: float) -> float:
    """Mean log-loss of a chance where so great a share sold."""
    return -share * np.log(said) - (1 - share) * np.log(1 - said)


def test_a_head_is_calibrated_on_weeks_that_do_not_judge_it() -> None:
    """.5 is said; two weeks sell .9 and .7, then two sell .5.

    The line that the first two weeks teach (.7 to .8) is wrong for the last two, and its loss
    there is counted. A calibration chosen on the judged weeks would look as good as the truth.
    """
    trial = fitting._Trial.of(features(), outcome(weekly(*[0.5] * 4), sold(0.9, 0.7, 0.5, 0.5)))
    assert trial.week.tolist() == np.repeat([2, 3], ROWS).tolist()
    assert len(trial.chance) == len(trial.count) == 2 * ROWS
    assert trial.chance.mean() > log_loss(0.7, 0.5) > log_loss(0.5, 0.5) + 0.05
    assert trial.count.mean() == pytest.approx(trial.chance.mean(), abs=1e-3)


def test_a_single_week_calibrates_and_judges() -> None:
    """With one held-out week nothing else is there; of three the first calibrates."""
    one = fitting._Trial.of(features(), outcome(weekly(0.5), sold(0.5)))
    assert one.chance.mean() == pytest.approx(log_loss(0.5, 0.5), abs=1e-3)
    three = fitting._Trial.of(features(), outcome(weekly(*[0.5] * 3), sold(0.9, 0.5, 0.5)))
    assert set(three.week.tolist()) == {1, 2}


def test_censored_weeks_have_no_ranked_score() -> None:
    """The RPS is of weeks wholly known: a certain sale of one unit scores (1 - .5)^2."""
    rows = outcome(weekly(0.5, 0.5), sold(0.5, 1.0))
    rows.censored[ROWS : ROWS + 300] = True
    known = fitting._Trial.of(features(), rows)
    assert known.rps == pytest.approx(0.25, abs=0.02)
    rows.units[ROWS : ROWS + 300] = 50.0
    assert fitting._Trial.of(features(), rows).rps == pytest.approx(known.rps, abs=1e-9)


class Said:
    """A head that says what it was made with."""

    def __init__(self, name: str, chance: np.ndarray, extra: float = 1e-4) -> None:
        self.name, self.answer = name, (chance, np.full(len(chance), extra))

    def raw(self, features, rows, levels):
        """Return chance and size."""
        return self.answer


def choose(monkeypatch, units: np.ndarray, rates: list[Said], trials: list[Said]):
    """Choose between plain rates and learned heads, on `units` of one cell."""
    monkeypatch.setattr(fitting, "FLOOR_RATES", {each.name: each for each in rates})
    monkeypatch.setattr(fitting, "raw_of_each", lambda heads, *_: [each.answer for each in heads])
    whole = np.ones(len(units), dtype=bool)
    monkeypatch.setattr(fitting, "labels", lambda panel, rows: (units, whole))
    monkeypatch.setattr(fitting, "own_spread", lambda panel, rows: Spread.unknown(len(units)))
    cell = np.zeros(len(units), dtype=np.int64)
    rows = Rows(cell, cell, np.repeat(np.arange(len(units) // ROWS), ROWS))
    return fitting._choose(features(2), rows, tuple(trials))


SKILL = np.tile(np.where(np.arange(ROWS) % 2, 0.9, 0.1), 4)
"""chances of a head that knows which rows sell"""
TENTH = np.arange(ROWS) % 20
KNOWN = np.tile(np.where(TENTH % 2, TENTH > 1, TENTH < 2), 4)
"""of the rows that it gives .9, nine in ten sell, of the others one in ten"""
FLAT = np.full(4 * ROWS, 0.5)


def test_a_head_with_skill_is_used_and_one_without_is_not(monkeypatch) -> None:
    """The head that knows which rows sell beats a flat rate; a copy of the rate does not."""
    units = KNOWN.astype(np.float64)
    rate, learned = Said("plain rate", FLAT), Said("learned", SKILL)
    head, chosen, fitted, said = choose(monkeypatch, units, [rate], [learned])
    assert head is learned and chosen.chance is SKILL
    assert (chosen.category[0], len(fitted.factor)) == (1, 2)
    assert (fitted.first_week, fitted.last_week) == ("2026-10-19", "2026-11-09")
    assert said.startswith("On 2 weeks held out, log-loss of p_1 is 0.3")
    assert "against 0.69" in said and "no skill" not in said
    head, chosen, _, said = choose(monkeypatch, units, [rate], [Said("copy", FLAT)])
    assert head is rate and chosen.chance is FLAT
    assert said.endswith("no skill shown, so the plain rate is used.")


def test_the_best_of_the_plain_rates_is_the_floor(monkeypatch) -> None:
    """Without a learned head, and against one without skill, the rate of the least log-loss."""
    units = KNOWN.astype(np.float64)
    good, bad = Said("good", SKILL), Said("bad", FLAT)
    for rates in ([good, bad], [bad, good]):
        head, chosen, _, said = choose(monkeypatch, units, rates, [])
        assert head is good and chosen.chance is SKILL
        assert said == "Too little history to learn from: the good is used."
        head, chosen, _, _ = choose(monkeypatch, units, rates, [Said("learned", FLAT)])
        assert head is good and chosen.chance is SKILL


class Judged:
    """A head whose trial is given: loss of the chance and of the count, by later week."""

    def __init__(self, name: str, chance: list[float], count: list[float]) -> None:
        self.name = name
        week = np.arange(len(chance))
        self.trial = fitting._Trial(np.array(chance), np.array(count), week, rps=0.5)

    def raw(self, features, rows, levels):
        """Return itself."""
        return self, None


def verdict(monkeypatch, rates: list[Judged], trials: list[Judged]) -> tuple[str, str]:
    """Return the name of the head chosen, its own calibration's, and what is said."""
    monkeypatch.setattr(fitting, "FLOOR_RATES", {each.name: each for each in rates})
    monkeypatch.setattr(fitting, "raw_of_each", lambda heads, *_: [(each, None) for each in heads])
    monkeypatch.setattr(fitting, "_outcome", lambda features, rows, raw: raw[0])
    monkeypatch.setattr(fitting, "_calibrated", lambda features, head: head.name)
    monkeypatch.setattr(fitting._Trial, "of", lambda features, head: head.trial)
    head, chosen, calibrated, said = fitting._choose(features(), None, tuple(trials))
    assert head is chosen and calibrated == head.name
    return head.name, said


FLOOR = [1.0, 1.0]


@pytest.mark.parametrize(
    ("chance", "count", "skilled"),
    [
        ([0.8, 0.9], FLOOR, True),  # .15 better, give or take .05
        ([0.6, 1.1], FLOOR, False),  # .15 better, give or take .25
        ([1.0, 1.0], FLOOR, False),
        ([1.2, 1.1], FLOOR, False),
        (FLOOR, [0.9, 0.95], True),  # .075 better, give or take .025, beyond the margin of .02
        (FLOOR, [0.985, 0.985], False),  # within the margin
        (FLOOR, [0.975, 0.975], True),
        (FLOOR, [0.7, 1.2], False),  # .05 better, give or take .25
        (FLOOR, [1.1, 1.1], False),
    ],
)
def test_skill_is_more_than_a_standard_error_over_weeks(monkeypatch, chance, count, skilled):
    """In the chance of a sale or, by a margin of two hundredths too, in the score of counts."""
    rate, learned = Judged("rate", FLOOR, FLOOR), Judged("learned", chance, count)
    name, said = verdict(monkeypatch, [rate], [learned])
    assert (name == "learned") == skilled
    figures = (
        f"On 2 weeks held out, log-loss of p_1 is {np.mean(chance):.4f} against 1.0000 of the rate"
        f" (log score {np.mean(count):.4f} against 1.0000, RPS 0.5000 against 0.5000)"
    )
    assert said == figures + ("." if skilled else ": no skill shown, so the rate is used.")


def test_the_margin_of_counts_is_a_share_of_the_floors_score(monkeypatch) -> None:
    """Of a score of 4.00, .07 is too little and .09 enough."""
    rate = Judged("rate", FLOOR, [4.0, 4.0])
    for gain, name in ((0.07, "rate"), (0.09, "learned")):
        learned = Judged("learned", FLOOR, [4.0 - gain] * 2)
        assert verdict(monkeypatch, [rate], [learned])[0] == name


@pytest.mark.parametrize(
    ("second", "taken"),
    [([0.4, 0.45], "second"), ([0.5, 0.5], "first"), ([0.1, 0.8], "first"), ([0.6, 0.6], "first")],
)
def test_a_later_objective_must_better_the_first_by_a_standard_error(monkeypatch, second, taken):
    """Of the learned heads, which say one chance, the one whose counts are clearly better."""
    rate, sure = Judged("rate", FLOOR, FLOOR), [0.1, 0.1]
    trials = [Judged("first", sure, [0.5, 0.5]), Judged("second", sure, second)]
    assert verdict(monkeypatch, [rate], trials)[0] == taken
    third = Judged("third", sure, [0.3, 0.3])
    assert verdict(monkeypatch, [rate], [*trials, third])[0] == "third"


@pytest.mark.parametrize(
    ("traded", "weeks", "asked", "held"),
    [(30, 30, 8, 8), (30, 30, 26, 10), (4, 5, 8, 1), (4, 2, 8, 1), (4, 6, 8, 2)],
)
def test_a_third_of_a_short_history_is_held_out(traded, weeks, asked, held) -> None:
    """As many weeks as asked for, at most a third of those there are, at least one."""
    known = np.zeros((2, weeks), dtype=bool)
    known[1, : min(traded, weeks)] = True
    known = np.pad(known, ((0, 0), (0, max(0, traded - weeks))), constant_values=True)
    panel = SimpleNamespace(known=known, learned=0, learned_weeks=weeks, as_of="2026-11-16")
    assert fitting._calibration_weeks(panel, ForecastParams(calibration_weeks=asked)) == held


def test_three_weeks_are_too_few() -> None:
    """Weeks in which nothing is known of any cell do not count."""
    known = np.zeros((2, 9), dtype=bool)
    known[0, :3] = True
    panel = SimpleNamespace(known=known, learned=0, learned_weeks=9, as_of="2026-11-16")
    with pytest.raises(NotEnoughHistory, match="there are 3 whole weeks"):
        fitting._calibration_weeks(panel, ForecastParams())


def test_the_recipe_learns_before_the_weeks_it_holds_out(monkeypatch) -> None:
    """First without the last weeks, then, where the head is used, with all of them.

    Without anything to learn, rates are fitted on the held-out weeks alone.
    """
    asked = []
    monkeypatch.setattr(fitting, "learn", lambda *words: asked.append(words[2:]) or ())
    params = ForecastParams(horizon_weeks=3, calibration_weeks=5, history_weeks=40)
    model = fitting.fit(Snapshot(shop(regions=3, items=4, weeks=30), AS_OF), params)
    assert asked == [(30 - 5, fitting.SIZES)]
    assert any(note.startswith("Too little history") for note in model.notes)
    assert len(model.calibration.factor) == 2
    first = pd.Timestamp(model.calibration.first_week)
    assert first == AS_OF - pd.Timedelta(weeks=5)
    assert model.params == params and model.as_of[:10] == "2026-11-16"


def test_the_head_that_is_used_has_learned_from_all_weeks(monkeypatch) -> None:
    """The trial only chooses: its objective is learned again with the weeks it was judged on.

    Where nothing can be learned from all of them, the trial is used.
    """
    trial, again = (object.__new__(Boosters) for _ in range(2))
    monkeypatch.setattr(Boosters, "objective", "gamma")
    choose, asked = fitting._choose, []
    monkeypatch.setattr(fitting, "_choose", lambda f, rows, _: (trial, *choose(f, rows, ())[1:]))
    params = ForecastParams(horizon_weeks=3, calibration_weeks=5, history_weeks=40)
    snapshot = Snapshot(shop(regions=3, items=4, weeks=30), AS_OF)
    for learned, used in (((again,), again), ((), trial)):
        monkeypatch.setattr(
            fitting, "learn", lambda *words, out=learned: asked.append(words) or out
        )
        assert fitting.fit(snapshot, params).head is used
        assert [words[2:] for words in asked[-2:]] == [(25, fitting.SIZES), (30, ("gamma",))]
