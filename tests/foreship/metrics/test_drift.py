"""Figures are set against the median of the last runs; what is not known is left out."""

from __future__ import annotations

from foreship.metrics.drift import drift_from

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
