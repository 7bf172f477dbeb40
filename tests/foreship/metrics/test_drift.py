"""Figures are set against those of the last runs; what is not known is left out."""

from __future__ import annotations

import pytest

from foreship.metrics.drift import drift_from, spreads_from

NOW = {"rows": {"orders": 50, "returns": 3}, "cells": 10, "lines": 4, "units": 0}


def test_ratios_are_to_the_median_of_what_past_runs_know() -> None:
    """Of three orders tables the middle one counts; a table that is new has no ratio."""
    past = [
        {"rows": {"orders": 100}, "cells": 10, "lines": 2, "units": 5},
        {"rows": {"orders": 1000}, "cells": 10},
        {"rows": {"orders": 90}},
    ]
    assert drift_from(NOW, past) == {"rows.orders": 0.5, "cells": 1.0, "lines": 2.0, "units": 0.0}


def test_runs_without_metrics_or_without_any_of_a_thing_say_nothing() -> None:
    """Runs made before there were any, one that others wrote, a past of nought."""
    assert drift_from(NOW, []) == {}
    assert drift_from(NOW, [{}, {"rows": "many", "cells": None, "lines": 0}]) == {}


def test_spreads_are_standard_deviations_from_the_mean_of_past_runs() -> None:
    """Of 8, 10, 12, 10 the mean is 10 and the standard deviation the root of 8 / 3."""
    past = [{"cells": 7, "lines": lines, "rows": {"orders": 1}} for lines in (8, 10, 12, 10)]
    found = spreads_from({"cells": 9, "lines": 4, "units": 3}, past)
    assert found == {"lines": pytest.approx(-6 / (8 / 3) ** 0.5, abs=1e-6)}


def test_of_few_runs_or_of_one_and_the_same_figure_there_is_no_spread() -> None:
    """Three weeks say nothing of a spread, nor do weeks that were all alike."""
    assert spreads_from(NOW, [{"lines": each} for each in (1, 2, 3)]) == {}
    assert spreads_from(NOW, [{"lines": 2}] * 8) == {}
