"""Plans that were tried stand side by side with their figures, and can be compared."""

from __future__ import annotations

import pandas as pd

from foreship.workbench.trials.side_by_side import compared_table, tried_table
from tests.foreship.workbench.bare_figures import bare_figures

ROW = {"run": "R", "tried": "<b>", "units": 5, "lines": 2, "cost": 1.5, "expected_gain": 9.0,
       "cvar": float("nan"), "status": "ship"}  # fmt: skip
PLANS = pd.DataFrame([ROW, {**ROW, "run": "S", "cvar": 4.25}])


def test_plans_stand_side_by_side_with_what_was_tried() -> None:
    """A figure that is not known is blank; what was tried can be ticked, the plan cannot."""
    told = str(tried_table("R", PLANS, ["S"]))
    assert "&lt;b&gt;" in told and told.count("4.25") == 1 and told.count("9.00") == 2
    assert bare_figures(told) == []
    assert told.count('type="checkbox"') == 1 and 'aria-label="compare S"' in told


def test_plans_that_are_compared_bear_the_letters_of_their_columns() -> None:
    """One alone is what was tried."""
    several = str(compared_table(pd.concat([PLANS, PLANS.assign(run="T")]), "R", ["S", "T"]))
    assert all(f">{name}</td>" in several for name in ("this plan", "A", "B"))
    assert ">tried</td>" in str(compared_table(PLANS, "R", ["S"]))
    assert bare_figures(several) == []
