"""The evaluation: scores recomputed from the orders, no future, and honest about noise."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from small_market import AS_OF

from forecast.errors import NotEnoughHistory
from forecast.evaluation import FLOORS, METRICS, MODEL, Evaluation, _gain, evaluate
from forecast.metrics import Answer
from forecast.params import ForecastParams

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


def test_independent_noise_is_no_skill(result: Evaluation) -> None:
    """Cells with constant rates hold nothing to learn: the verdict says so."""
    assert not result.skill
    assert result.verdict.startswith("No skill")


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
    plain = json.loads(json.dumps(result.to_dict()))
    assert len(plain["metrics"]) == len(result.frame)
    assert plain["skill"] is False
    assert all(name in str(result) for name in FLOORS)


def test_interval_of_a_sure_gain_by_hand() -> None:
    """Half the loss in every week: the gain is the same in every resample of weeks."""
    count = 40
    rows = pd.DataFrame({"week": np.repeat(np.arange(8), 5), "units": np.ones(count)})
    blank = np.zeros(count)

    def said(chance: float) -> Answer:
        return Answer(np.full(count, chance), blank, blank, blank, blank)

    gain, (low, high) = _gain(rows, said(0.5), said(0.25), 1)
    assert (gain, low, high) == pytest.approx((0.5, 0.5, 0.5))


def test_too_little_is_told() -> None:
    """No origin, or an origin before there is anything to learn from."""
    tables = market()[0]
    with pytest.raises(ValueError, match="at least 1"):
        evaluate(tables, AS_OF, 0, FAST)
    with pytest.raises(NotEnoughHistory):
        evaluate(tables, AS_OF, WEEKS - 1, FAST)
