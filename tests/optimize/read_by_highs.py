"""Programs read from files by HiGHS alone."""

from __future__ import annotations

from pathlib import Path

import highspy

__all__ = ["optimum_of"]


def optimum_of(path: Path) -> float:
    """Read a file by HiGHS alone and return the optimum of its program."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(highs.getInfo().objective_function_value)
