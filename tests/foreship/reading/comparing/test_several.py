"""Lines in which several plans differ from one, told apart line by line."""

from __future__ import annotations

from foreship.reading.comparing.several import lines_apart
from tests.foreship.workbench.made_runs import told_view
from tests.foreship.workbench.trials.apart_runs import less_view, other_view


def test_a_line_is_told_apart_in_any_of_the_plans() -> None:
    """One is gone, one has a unit more; a line of which only the money differs on demand."""
    rows = lines_apart(told_view(), [less_view(), other_view()])
    assert rows["change_0"].tolist() in (["dropped", "increased"], ["increased", "dropped"])
    gone = rows[rows["change_0"] == "dropped"].iloc[0]
    more = rows[rows["change_0"] == "increased"].iloc[0]
    assert gone["units_0"] == 0 and gone["units_1"] == gone["before"] > 0
    assert more["units_0"] == more["before"] + 1 and more["gain_0"] == 5.0
    assert more["change_1"] == "same" and more["gain_1"] == 0.0
    assert (rows["region"] == rows["destination"]).all()
    money = lines_apart(told_view(), [less_view(), other_view()], money_alone=True)
    assert len(money) == 3 and money["change_1"].tolist().count("repriced") == 1
