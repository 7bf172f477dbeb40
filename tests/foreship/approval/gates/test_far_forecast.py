"""A forecast twice what was sold lately, or half of it, is named: in all, by region, category."""

from __future__ import annotations

from foreship.approval.gates.far_forecast import far_forecast
from tests.foreship.approval.gates.seen_plans import seen


def shifted(factor: float, **where: str):
    """Return a calm week with the demand of some cells times a factor."""
    calm = seen()
    demand = calm.demand.copy()
    mine = demand["mean"] > 0
    for name, value in where.items():
        mine &= demand[name] == value
    demand.loc[mine, "mean"] *= factor
    return seen(demand=demand)


def test_a_forecast_like_sales_is_not_far() -> None:
    """Forty a week as sold; and 1.9 times as much."""
    assert list(far_forecast(seen())) == []
    assert list(far_forecast(shifted(1.9))) == []


def test_all_of_it_times_five() -> None:
    """The network, both regions and the only category, each in a sentence."""
    assert list(far_forecast(shifted(5.0))) == [
        "units expected a week are far from the mean of the last 8 weeks with sales "
        "(gates.forecast_ratio = 2): all 200.0 for 40.0",
        "units expected a week are far from the mean of the last 8 weeks with sales "
        "(gates.forecast_ratio = 2): region R1 100.0 for 20.0 and region R2 100.0 for 20.0",
        "units expected a week are far from the mean of the last 8 weeks with sales "
        "(gates.forecast_ratio = 2): category tea 100.0 for 20.0",
    ]


def test_one_region_silent() -> None:
    """R2 expects a third of what it sold: it alone is named."""
    (said,) = far_forecast(shifted(1 / 3, region="R2"))
    assert said.endswith("region R2 6.7 for 20.0")


def test_few_units_double_by_chance() -> None:
    """Four units in eight weeks in each cell: ten times as many expected are 40 in 8 weeks."""
    calm = seen()
    few = seen(sold=calm.sold.assign(units=1), demand=calm.demand.assign(mean=1.5))
    assert list(far_forecast(few)) == []


def test_what_is_no_longer_offered_is_not_missed() -> None:
    """Sales of a cell without demand are left out, and so is a shop that has sold nothing yet."""
    calm = seen()
    assert list(far_forecast(seen(demand=calm.demand[:3]))) == []
    assert list(far_forecast(seen(weeks_sold=0))) == []


def test_a_cell_that_never_sold_counts_as_nothing_sold() -> None:
    """Expected 10 a week where nothing was sold: R2 is 20 for 10."""
    calm = seen()
    sold = calm.sold[calm.sold["item"] == "a"]
    assert list(far_forecast(seen(sold=sold))) == []
    sold = calm.sold[calm.sold["region"] == "R1"]
    (said,) = far_forecast(seen(sold=sold))
    assert said.endswith("region R2 20.0 for 0.0")
