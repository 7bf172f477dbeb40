"""The unit ledger: every unit on hand, sent or next, and what it earns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_foundation.tables.output_files import PLAN, UNITS
from foreship_optimize.planning import solve
from tests.optimize.program_builder import Draft
from tests.optimize.program_oracle import draw
from tests.optimize.table_builder import MONDAY


@pytest.mark.sweep
@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_the_ledger_adds_up_to_the_lines(seed: int):
    """Planned units are the units sent; what they earn is what their lines earn; p falls."""
    draft, params = draw(seed)
    if not draft.cells:
        return
    plan = solve(draft.problem(), params, as_of=MONDAY)
    units, lines = plan.units, plan.lines
    assert list(lines.columns) == list(PLAN.names)
    assert list(units.columns) == list(UNITS.names)
    p, gain, loss = (units[name].to_numpy() for name in ("p", "gain", "loss"))
    np.testing.assert_allclose(units["expected_gain"], p * gain - (1 - p) * loss, rtol=1e-9)
    into = lines[lines["action"].isin(["ship", "redirect"])]
    sent = into.groupby(["destination", "item"])["quantity"].sum()
    planned = units[units["planned"] == 1].groupby(["region", "item"])["unit"].count()
    assert planned.to_dict() == sent.to_dict()
    earned = units.loc[units["planned"] == 1, "expected_gain"].sum()
    assert earned == pytest.approx(into["expected_gain"].sum(), abs=1e-9)
    assert (
        units.groupby(["region", "item"])["unit"]
        .apply(lambda u: u.tolist())
        .map(lambda ranks: ranks == list(range(1, len(ranks) + 1)))
        .all()
    )


def test_every_on_hand_planned_and_next_unit_is_in_the_ledger_and_no_other():
    """Two on hand, two sent, one next: five rows of the seven candidates."""
    draft = Draft()
    draft.stock = {("H1", "A"): 2}
    draft.cell("R1", "A", [6, 5, 4, 3, 2], on_hand=[8, 7])
    draft.ship("H1", "R1", "A", 1.0)
    units = solve(draft.problem(), as_of=MONDAY).units
    assert units["unit"].tolist() == [1, 2, 3, 4, 5]
    assert units["planned"].tolist() == [0, 0, 1, 1, 0]
    assert units["binding"].tolist() == ["on hand", "on hand", "", "", "hub stock"]
    assert units["expected_gain"].tolist() == pytest.approx([8, 7, 5, 4, 3])
