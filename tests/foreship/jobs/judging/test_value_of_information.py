"""What planning on paths, and knowing the path, are worth."""

from __future__ import annotations

from foreship.jobs.judging.value_of_information import ValueOfInformation


def test_values_are_differences_of_the_gains_told() -> None:
    """Equations 16 and 17 by hand: 10 against 7, and 12 against 9.5 on the paths alone."""
    known = ValueOfInformation(10.0, 7.0, 4, 9.5, 12.0)
    assert known.stochastic_solution == 3.0 and known.perfect_information == 2.5
    told = known.to_dict()
    assert told["value_of_stochastic_solution"] == 3.0
    assert told["value_of_perfect_information"] == 2.5
    assert "+3.00 (10.00 against 7.00)" in str(known) and "2.50 more at most (4 paths)" in str(
        known
    )
