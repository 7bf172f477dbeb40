"""The expected gain of a plan is one figure wherever it is shown."""

from __future__ import annotations

from foreship.reading.gain import expected_gain, gain_key


def test_by_the_order_each_whole_order_is_counted_once() -> None:
    """The objective credits every line with all that hangs on it; else it is the gain itself."""
    by_order = {"objective": -30.0, "orders": {"promised": 25.06}}
    assert (expected_gain(by_order), gain_key(by_order)) == (25.06, "orders")
    for orders in ({"promised": None}, {}, None):
        by_unit = {"objective": -30.0, "orders": orders}
        assert (expected_gain(by_unit), gain_key(by_unit)) == (30.0, "objective")


def test_without_a_plan_nothing_is_expected() -> None:
    """A forecast has no summary."""
    assert expected_gain({}) is None
