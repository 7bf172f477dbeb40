"""A plan's lines as the judge reads them: dates, freight and exits of its own, faults by line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.departures import NOWHERE, PlanRefused, read_plan
from foreship.judge.network import Network
from tests.foreship.judge.test_simulate import EXITS
from tests.foreship.small_world import MONDAY, plan, world

GOOD = plan(
    ("ship", "H1", "R1", "K", 2),
    ("redirect", "R1", "R2", "L", 1),
    ("return", "R1", "H1", "K", 3),
    ("markdown", "R2", "", "L", 4),
    ("give_away", "R1", "", "K", 5),
    ("ship", "H2", "R2", "K", 0),
)


def read(lines: pd.DataFrame):
    """Read a plan of the small world."""
    return read_plan(Network.from_tables(world(), EXITS), lines, MONDAY)


def test_every_line_has_its_way_its_day_and_its_costs() -> None:
    """Freight by the unit and kg, handling beside it, arrival after the lane's days; 0 units: none.

    A kettle from H1 costs 1 + 2 x .25; a lamp marked down .3 x 30, a kettle given away .75 x 6.
    """
    found = read(GOOD)
    assert found.action.tolist() == GOOD["action"].tolist()[:5]
    assert found.origin.tolist() == [2, 0, 0, 1, 0]
    assert found.destination.tolist() == [0, 1, 2, NOWHERE, NOWHERE]
    assert found.item.tolist() == [0, 1, 0, 1, 0]
    assert found.quantity.tolist() == [2, 1, 3, 4, 5]
    assert ((found.arrival - MONDAY) // np.timedelta64(1, "D")).tolist() == [2, 1, 2, 0, 0]
    assert found.freight == pytest.approx([1.5, 0.75, 0.5, 0.0, 0.0])
    assert found.exit_cost == pytest.approx([0.0, 0.2, 0.5, 9.0, 4.5])
    assert (found.lane >= 0).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        (("ship", "H1", "R9", "K", 1), {"unknown destination", "no open lane"}),
        (("redirect", "R1", "", "K", 1), {"unknown destination", "no open lane"}),
        (("return", "R1", "H9", "K", 1), {"unknown destination", "no open lane"}),
        (("return", "R1", "R2", "K", 1), {"goes the wrong way"}),
        (("redirect", "R1", "H1", "K", 1), {"goes the wrong way"}),
        (("ship", "H1", "R1", "K", 1.5), {"quantity is not a whole number above 0"}),
        (("ship", "H1", "R1", "K", 0.5), {"quantity is not a whole number above 0"}),
        (("markdown", "H1", "", "K", 1), {"goes the wrong way"}),
        (("markdown", "R9", "", "K", 1), {"unknown origin"}),
        (("ship", "H1", "R1", "X", 1), {"unknown item"}),
        (("return", "R2", "H1", "K", 1), {"no open lane"}),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_name(line, faults: set[str]) -> None:
    """One line among good ones; what it says stands in the error."""
    lines = pd.concat([GOOD.iloc[:5], plan(line)], ignore_index=True)
    with pytest.raises(PlanRefused, match="the plan cannot be carried out:\nline 5: ") as refused:
        read(lines)
    assert {each.split(": ")[1] for each in refused.value.faults} == faults
    assert str(refused.value).endswith(refused.value.faults[-1])


def test_a_gift_takes_the_cheapest_exit_unless_one_is_named() -> None:
    """Only those that the settings allow exist; a name that means none leaves the choice."""
    gift = plan(("give_away", "R1", "", "K", 1))
    assert read(gift.assign(exit="")).exit_cost == pytest.approx([4.5])
    assert read(gift.assign(exit="give_away")).exit_cost == pytest.approx([4.5])
    with pytest.raises(PlanRefused, match="no such exit"):
        read(gift.assign(exit="donate"))
