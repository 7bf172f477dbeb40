"""The standings of a replay: sums over weeks, shares, other costs, in the order asked for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.account.week_account import MONEY
from foreship.replay.standings import Backtest, in_order, money_table, sensitivity_table


def weekly(**profits: list[float]) -> pd.DataFrame:
    """Ledgers of two weeks by policy: two units of three served locally, one parcel, none lost."""
    rows = []
    for policy, earned in profits.items():
        for week, profit in enumerate(earned):
            counts = {"units_shipped": 2, "units_back_and_forth": 1, "served_locally": 2,
                      "served_from_hub": 1, "lost": 0}  # fmt: skip
            money = dict.fromkeys(MONEY, 0.0) | {"margin": profit, "profit": profit}
            rows.append({"policy": policy, "week": pd.Timestamp("2026-03-02") + pd.Timedelta(
                weeks=week), "days_saved": 4.0, **money, **counts})  # fmt: skip
    return pd.DataFrame(rows)


def test_policies_stand_between_reactive_and_oracle():
    """Earned 6 between 2 and 12: four of the ten that could be gained, and four less than foreship.

    Two of three units are sold locally; a week without days saved makes their sum unknown.
    """
    given = weekly(reactive=[1.0, 1.0], point=[2.0, 4.0], foreship=[5.0, 5.0], oracle=[6.0, 6.0])
    given.loc[2, "days_saved"] = np.nan
    ends = {name: {"left_over_value": 1.5, "units_unsold": 3} for name in given["policy"].unique()}
    found = money_table(given, ends).set_index("policy")
    assert found["profit"].tolist() == [2.0, 6.0, 10.0, 12.0]
    assert found["gap_closed"].tolist() == pytest.approx([0.0, 0.4, 0.8, 1.0])
    assert found["foreship_over"].tolist() == pytest.approx([8.0, 4.0, 0.0, -2.0])
    # four of each week's five: nothing is in doubt
    assert (found.loc["foreship", "gap_low"], found.loc["foreship", "gap_high"]) == (0.8, 0.8)
    assert found["local_share"].tolist() == pytest.approx([2 / 3] * 4)
    assert found["units_shipped"].tolist() == [4] * 4
    assert found["units_back_and_forth"].tolist() == [2] * 4
    assert np.isnan(found.loc["point", "days_saved"]) and found.loc["oracle", "days_saved"] == 8.0


def test_without_foreship_nobody_is_compared_with_it():
    """The columns are there, and not known."""
    given = weekly(reactive=[1.0, 1.0], oracle=[1.0, 1.0])
    ends = {name: {"left_over_value": 0.0, "units_unsold": 0} for name in ("reactive", "oracle")}
    found = money_table(given, ends)
    assert found["foreship_over"].isna().all()
    assert found["gap_closed"].isna().all()  # an oracle that gains nothing leaves no gap


def test_other_costs_are_shown_only_where_they_were_tried():
    """At twice the costs the policy closes half the gap; where the oracle gains none, none."""
    at = {1.0: (0.0, 4.0, 8.0), 2.0: (0.0, 1.0, 2.0), 0.5: (3.0, 3.0, 3.0)}
    rows = [
        {"cost_factor": factor, "policy": policy, "profit": profit}
        for factor, profits in at.items()
        for policy, profit in zip(("reactive", "point", "oracle"), profits, strict=True)
    ]
    found = sensitivity_table(pd.DataFrame(rows))
    point = found[found["policy"] == "point"].set_index("cost_factor")["gap_closed"]
    assert point.index.tolist() == [0.5, 1.0, 2.0]
    assert np.isnan(point[0.5]) and point[[1.0, 2.0]].tolist() == [0.5, 0.5]
    assert sensitivity_table(pd.DataFrame(rows[:3])).empty


def test_rows_are_kept_in_the_order_of_the_policies_asked_for():
    """Within a cost factor; a policy that was not asked for is left out."""
    table = pd.DataFrame({
        "policy": ["a", "b", "c", "a", "b", "c"], "cost_factor": [2.0] * 3 + [1.0] * 3,
    })  # fmt: skip
    found = in_order(table, ["c", "a"])
    assert found["policy"].tolist() == ["c", "a", "c", "a"]
    assert found["cost_factor"].tolist() == [1.0, 1.0, 2.0, 2.0]


def test_what_is_not_known_is_none_and_days_are_text():
    """Plain values, so that JSON can hold them."""
    money = pd.DataFrame({"policy": ["a"], "gap_closed": [np.nan], "lost": [np.int64(3)]})
    week = pd.DataFrame({"week": [pd.Timestamp("2026-03-02")]})
    told = Backtest(money, week, pd.DataFrame(), ("a note",)).to_dict()
    assert told["money"] == [{"policy": "a", "gap_closed": None, "lost": 3}]
    assert told["weekly"] == [{"week": "2026-03-02"}] and told["notes"] == ["a note"]
