"""The evaluation: scores recomputed from the orders, no future, and honest about noise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from foreship_forecast.counts.scores import LEVELS
from foreship_forecast.errors import NotEnoughHistory
from foreship_forecast.evaluation.rolling import FLOORS, METRICS, MODEL, Evaluation, evaluate
from foreship_forecast.evaluation.scorecard import VOLUMES, classes
from foreship_forecast.evaluation.trust import GRADES, trusted
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import AS_OF

FAST = ForecastParams(rounds=15, horizon_weeks=3, min_leaf_rows=20, scenarios=10)
WEEKS, REGIONS, ITEMS, ORIGINS = 40, 3, 5, 4


def market(seed: int = 1) -> tuple[dict[str, pd.DataFrame], np.ndarray]:
    """Return orders, and the units behind them, (cells, weeks).

    All cells sell in the first week and one sells every day, so that every week is whole.
    """
    rng = np.random.default_rng(seed)
    rate = rng.gamma(1.0, 0.8, REGIONS * ITEMS)
    units = rng.poisson(rate[:, None], (REGIONS * ITEMS, WEEKS))
    units[:, 0] = 1
    units[0] = 7
    first = AS_OF - pd.Timedelta(days=7 * WEEKS)
    rows = [
        (first + pd.Timedelta(days=7 * int(week)), f"R{cell // ITEMS}", f"I{cell % ITEMS}", count)
        for cell, week in zip(*np.nonzero(units), strict=True)
        if cell > 0
        for count in [int(units[cell, week])]
    ]
    rows += [(first + pd.Timedelta(days=day), "R0", "I0", 1) for day in range(7 * WEEKS)]
    frame = pd.DataFrame(rows, columns=["date", "region", "item", "quantity"])
    return {"orders": frame}, units


@pytest.fixture(scope="module")
def result() -> Evaluation:
    """Evaluate once."""
    return evaluate(market()[0], AS_OF, ORIGINS, FAST)


def line(result: Evaluation, method: str, by: str = "all", value: str = "") -> pd.Series:
    """Return a method's row of figures."""
    frame = result.frame
    there = (frame["by"] == by) & (frame["value"] == value) & (frame["method"] == method)
    assert there.sum() == 1
    return frame[there].iloc[0]


def trailing_rates(units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return eq. 20 and whether the cell sold, for every origin, horizon and cell judged."""
    said, sold = [], []
    for origin in range(WEEKS - ORIGINS, WEEKS):
        past = units[:, :origin] > 0
        rate = (past[:, -13:].sum(axis=1) + 2 * past.mean()) / (13 + 2)
        for target in range(origin, min(origin + 3, WEEKS)):
            said.append(rate)
            sold.append(units[:, target] > 0)
    return np.concatenate(said), np.concatenate(sold)


def test_floor_is_scored_as_the_orders_say(result: Evaluation) -> None:
    """The trailing rate's log-loss and Brier score, from the orders alone."""
    said, sold = trailing_rates(market()[1])
    found = line(result, "trailing_rate")
    clipped = np.clip(said, 1e-6, 1 - 1e-6)
    loss = -np.where(sold, np.log(clipped), np.log1p(-clipped))
    assert found["rows"] == len(said)
    assert found["log_loss"] == pytest.approx(loss.mean())
    assert found["brier"] == pytest.approx(((said - sold) ** 2).mean(), abs=1e-9)


def judged(units: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield what was known and what came, for every cell, origin and horizon judged."""
    for origin in range(WEEKS - ORIGINS, WEEKS):
        for target in range(origin, min(origin + 3, WEEKS)):
            yield from zip(units[:, :origin], units[:, target], strict=True)


def test_last_year_is_scored_as_the_orders_say(result: Evaluation) -> None:
    """Pinball loss at all fractiles, calibration error of p_2, bias and RPS, from plain lists."""
    found = line(result, "last_year")
    pairs = list(judged(market()[1]))
    assert found["rows"] == len(pairs)
    came = np.array([each for _, each in pairs])
    for level in LEVELS:
        said = np.array([np.quantile(past, level, method="inverted_cdf") for past, _ in pairs])
        loss = np.maximum(level * (came - said), (level - 1) * (came - said))
        assert found[f"pinball_{100 * level:.0f}"] == pytest.approx(loss.mean())
    share = np.array([(past >= 2).mean() for past, _ in pairs])
    tenth = np.minimum((share * 10).astype(int), 9)
    gaps = [abs((share - (came >= 2))[tenth == each].sum()) for each in range(10)]
    assert found["ece_2"] == pytest.approx(sum(gaps) / len(pairs))
    mean = np.array([past.mean() for past, _ in pairs])
    assert found["bias"] == pytest.approx(mean.sum() / came.sum() - 1)
    k = np.arange(1, 60)
    scores = [(((past[:, None] >= k).mean(axis=0) - (y >= k)) ** 2).sum() for past, y in pairs]
    assert found["rps"] == pytest.approx(np.mean(scores))


def test_mean_of_a_quarter_is_scored_as_the_orders_say(result: Evaluation) -> None:
    """Eq. 24 and its dispersion through scipy: log score, p_1's loss and p_5's calibration."""
    logs, losses, fives, came = [], [], [], []
    for past, y in judged(market()[1]):
        year, spread = past.mean(), past.var()
        mean = max((past[-13:].sum() + 2 * year) / 15, 1e-4)
        wide = spread - year > 0.05 * year
        r = np.clip(year**2 / (spread - year) if wide else 50.0, 0.05, 50.0)
        law = stats.nbinom(r, r / (r + mean))
        logs.append(-np.log(max(law.pmf(y), 1e-6)))
        losses.append(-np.log(np.clip(law.sf(0) if y else law.cdf(0), 1e-6, 1 - 1e-6)))
        fives.append(law.sf(4))
        came.append(y >= 5)
    found = line(result, "mean_13")
    assert found["log_score"] == pytest.approx(np.mean(logs), rel=1e-6)
    assert found["log_loss"] == pytest.approx(np.mean(losses), rel=1e-6)
    curve = result.reliability.query("method == 'mean_13' and k == 5")
    assert curve["rows"].sum() == len(came)
    assert (curve["came"] * curve["rows"]).sum() == pytest.approx(np.sum(came))
    assert (curve["said"] * curve["rows"]).sum() == pytest.approx(np.sum(fives), rel=1e-6)


def test_every_method_is_judged_on_the_same_rows(result: Evaluation) -> None:
    """Model and floors in each class; classes of a kind add up to all rows."""
    frame = result.frame
    assert set(frame["method"]) == {MODEL, *FLOORS}
    assert set(frame["by"]) == {"all", "horizon", "volume", "region"}
    total = line(result, MODEL)["rows"]
    assert total == REGIONS * ITEMS * (3 + 3 + 2 + 1)
    for _, rows in frame[frame["by"] != "all"].groupby(["by", "method"])["rows"]:
        assert rows.sum() == total
    assert line(result, MODEL, "horizon", "3")["rows"] == REGIONS * ITEMS * 2
    assert frame[list(METRICS)].notna().all(axis=None)


def test_gain_is_that_over_the_best_floor(result: Evaluation) -> None:
    """The floor with the lowest log-loss, and by which share the model lies below it."""
    losses = {name: line(result, name)["log_loss"] for name in FLOORS}
    assert losses[result.floor] == min(losses.values())
    mine = line(result, MODEL)["log_loss"]
    assert result.gain == pytest.approx(1 - mine / losses[result.floor])
    low, high = result.interval
    assert low < result.gain < high
    assert result.weeks == ORIGINS
    assert f"{mine:.4f}" in result.verdict
    assert f"{losses[result.floor]:.4f}" in result.verdict


def test_independent_noise_is_no_skill(result: Evaluation) -> None:
    """Cells with constant rates hold nothing to learn: the verdict says so, in every class."""
    assert not result.skill
    assert result.verdict.startswith("No skill")
    assert not set(result.trust["grade"]) & {"both", "chance", "count"}
    assert "Trust it" not in result.advice


def test_neither_row_order_nor_the_future_matters(result: Evaluation) -> None:
    """Shuffled orders with absurd ones from as_of on, and stock: the same figures."""
    orders = market()[0]["orders"]
    later = orders.tail(200).assign(date=AS_OF, quantity=500)
    mixed = pd.concat([orders, later]).sample(frac=1.0, random_state=1)
    stock = pd.DataFrame({"location": ["R0"], "item": ["I0"], "quantity": [9]})
    again = evaluate({"orders": mixed, "stock": stock}, AS_OF, ORIGINS, FAST)
    pd.testing.assert_frame_equal(again.frame, result.frame, check_exact=True)


def test_weeks_sold_out_judge_nobody(result: Evaluation) -> None:
    """A cell sold out in the last week is not judged in it, by any of the origins."""
    out = pd.DataFrame(
        {"week": [AS_OF - pd.Timedelta(days=7)], "region": "R1", "item": "I1", "in_stock": 0}
    )
    told = evaluate(market()[0] | {"availability": out}, AS_OF, ORIGINS, FAST)
    assert line(told, MODEL)["rows"] == line(result, MODEL)["rows"] - 3
    assert (
        line(told, MODEL, "region", "R1")["rows"] == line(result, MODEL, "region", "R1")["rows"] - 3
    )


def test_it_can_be_written_down(result: Evaluation) -> None:
    """Plain values through JSON and a page of text, with every method in both."""
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert len(plain["metrics"]) == len(result.frame)
    assert len(plain["gains"]) == len(result.gains)
    assert {each["grade"] for each in plain["trust"]} <= set(GRADES)
    assert len(plain["pit"]) == 10 * len([MODEL, *FLOORS])
    assert plain["advice"] == result.advice
    assert plain["skill"] is False
    assert all(name in str(result) for name in FLOORS)


def test_too_little_is_told() -> None:
    """No origin, an origin before there is anything to learn from, or no cell to judge."""
    tables = market()[0]
    with pytest.raises(ValueError, match="at least 1"):
        evaluate(tables, AS_OF, 0, FAST)
    nowhere = np.array(["R0"], object), np.array(["unheard of"], object)
    with pytest.raises(NotEnoughHistory, match="can be judged"):
        evaluate(tables, AS_OF, 1, FAST, cells=nowhere)
    with pytest.raises(NotEnoughHistory):
        evaluate(tables, AS_OF, WEEKS - 1, FAST)


def test_only_the_cells_asked_for_are_judged(result: Evaluation) -> None:
    """Two cells judged alone score what they score among all; an unknown one is nobody."""
    cells = np.array(["R0", "R2", "R9"], object), np.array(["I1", "I3", "I1"], object)
    part = evaluate(market()[0], AS_OF, ORIGINS, FAST, cells=cells)
    rows = 2 * sum(min(FAST.horizon_weeks, ORIGINS - origin) for origin in range(ORIGINS))
    assert line(part, MODEL)["rows"] == rows < line(result, MODEL)["rows"]
    regions = set(part.frame.loc[part.frame["by"] == "region", "value"])
    assert regions == {"R0", "R2"}


def test_models_are_described(result: Evaluation) -> None:
    """A fit every four origins: when, from which held-out weeks, and which corrections held."""
    (only,) = result.fits
    assert pd.Timestamp(only.as_of) == AS_OF - pd.Timedelta(days=7 * ORIGINS)
    assert pd.Timestamp(only.last_week) == AS_OF - pd.Timedelta(days=7 * (ORIGINS + 1))
    assert only.calibrated_rows > 0
    assert set(only.kept) <= {"slope", "size", "width", "shape"}
    assert only.boosters == pytest.approx(0.5, abs=0.5) and only.learned is (only.boosters >= 0.5)


def test_boosters_that_are_hardly_believed_have_no_skill(result: Evaluation) -> None:
    """Where every model believes plain rates more, a sure gain over one is its calibration's."""
    fallen = tuple(replace(each, boosters=0.49) for each in result.fits)
    risen = tuple(replace(each, boosters=0.5) for each in result.fits)
    gained = result.gains.assign(gain=0.2, low=0.1, high=0.3, wide_low=0.1, wide_high=0.3)
    rows = pd.DataFrame(
        {"region": "R", "volume": VOLUMES[0], "horizon": 1, "cell": np.arange(60), "week": 1}
    ).assign(units=np.arange(60) % 2)
    gained = gained[gained["by"] == "all"]
    parts = [gained.assign(by=by, value=value) for by, value, _ in classes(rows)]
    for learned, grade in ((True, "both"), (False, "none")):
        trust = trusted(rows, pd.concat(parts, ignore_index=True), learned)
        assert set(trust["grade"]) == {grade}
        told = replace(result, trust=trust, fits=risen if learned else fallen)
        assert told.skill is learned
    assert "every model believes plain rates more than its boosters" in told.verdict
    assert told.advice == "Do not trust it beyond the plain rate anywhere."


def test_one_week_claims_nothing() -> None:
    """A single target week has no spread: no interval, and no skill whatever the gain."""
    single = evaluate(market()[0], AS_OF, 1, FAST)
    assert single.weeks == 1
    assert not single.skill
    assert np.isnan(single.interval).all()
    assert single.to_dict()["interval"] is None
    assert "no interval" in single.verdict
    json.dumps(single.to_dict(), allow_nan=False)
