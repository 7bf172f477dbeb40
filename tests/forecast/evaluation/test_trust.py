"""Where to trust the forecast: grades from intervals, and the planner's one line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.evaluation.scorecard import VOLUMES, classes
from foreship_forecast.evaluation.trust import advice, trusted

SURE, OPEN, BAD = (0.10, 0.02), (0.10, -0.02), (-0.10, -0.18)


def rows_of(count: int = 120, sold: float = 0.5) -> pd.DataFrame:
    """Return rows of three regions and two horizons, half of them sales."""
    each = np.arange(count)
    return pd.DataFrame(
        {
            "region": np.array(["A", "B", "C"])[each % 3],
            "volume": np.array(VOLUMES)[each % 4],
            "horizon": 1 + each // (count // 2),
            "cell": each,
            "week": 1,
            "units": (each % 100 < 100 * sold).astype(float),
        }
    )


def gained(rows: pd.DataFrame, **special: tuple[tuple[float, float], tuple[float, float]]):
    """Return gains over two floors: open, but for classes named as by_value with both metrics."""
    lines = []
    for by, value, _ in classes(rows):
        key = f"{by}_{value}".replace(" ", "_").replace(".", "")
        for metric, (gain, low) in zip(
            ("log_loss", "rps"), special.get(key, (OPEN, OPEN)), strict=True
        ):
            named = {"by": by, "value": value, "metric": metric}
            reach = {"wide_low": low, "wide_high": 2 * gain - low}
            lines.append(named | {"floor": "weak", "gain": 0.9, "wide_low": 0.8, "wide_high": 1.0})
            lines.append(named | {"floor": "strong", "gain": gain} | reach)
    return pd.DataFrame(lines)


def grade_of(trust: pd.DataFrame, by: str, value: str) -> str:
    """Return the grade of one class."""
    return trust[(trust["by"] == by) & (trust["value"] == value)]["grade"].item()


def test_grades_by_hand() -> None:
    """Both scores, one of them, none, or clearly worse than the strongest floor."""
    rows = rows_of()
    table = gained(
        rows,
        region_A=(SURE, SURE),
        region_B=(SURE, OPEN),
        region_C=(OPEN, SURE),
        horizon_2=(SURE, BAD),
    )
    trust = trusted(rows, table, learned=True)
    assert [grade_of(trust, "region", each) for each in "ABC"] == ["both", "chance", "count"]
    assert grade_of(trust, "horizon", "2") == "worse"
    assert grade_of(trust, "horizon", "1") == "none"
    assert set(trust["log_loss_floor"]) == {"strong"}
    assert trust["sales"].iloc[0] + trust["blanks"].iloc[0] == len(rows)


def test_the_line_names_every_class_once() -> None:
    """Regions, spans of volumes and horizons, grade by grade."""
    rows = rows_of()
    both = (SURE, SURE)
    table = gained(
        rows,
        region_A=both,
        region_C=both,
        volume_1_to_4_a_week=both,
        volume_4_or_more_a_week=both,
        horizon_1=both,
        horizon_2=both,
    )
    assert advice(trusted(rows, table, learned=True)) == (
        "Trust it: regions A and C, cells selling 1 or more a week and every horizon."
        " Do not trust it beyond the plain rate: region B and cells selling 0 to 1 a week."
    )


def test_the_line_where_all_classes_agree() -> None:
    """Everywhere, or nowhere; where only all cells together show it, that is said first."""
    rows = rows_of()
    names = [f"{by}_{value}".replace(" ", "_").replace(".", "") for by, value, _ in classes(rows)]
    every = gained(rows, **dict.fromkeys(names, (SURE, SURE)))
    assert advice(trusted(rows, every, learned=True)) == "Trust it everywhere."
    nowhere = advice(trusted(rows, gained(rows), learned=True))
    assert nowhere == "Do not trust it beyond the plain rate anywhere."
    together = advice(trusted(rows, gained(rows, all_=(SURE, OPEN)), learned=True))
    assert together.startswith(
        "Trust it for whether something sells, not for how many over all cells together."
    )
    assert together.endswith(
        " Not shown for each of these alone: every region, cells of every volume and every horizon."
    )
    worse = advice(trusted(rows, gained(rows, all_=(BAD, BAD)), learned=True))
    assert worse.startswith("A plain rate is clearly better over all cells together.")


def test_long_lists_are_counted() -> None:
    """Six regions are named, the others counted; the table has them all."""
    rows = rows_of(900).assign(region=lambda each: [f"R{n % 9}" for n in range(len(each))])
    table = gained(rows, **{f"region_R{n}": (SURE, SURE) for n in range(8)})
    line = advice(trusted(rows, table, learned=True))
    assert "regions R0, R1, R2, R3, R4, R5 and 2 more" in line
    assert "plain rate: region R8" in line


@pytest.mark.parametrize(("sold", "expected"), [(0.0, "unknown"), (1.0, "count")])
def test_classes_without_events_claim_nothing(sold: float, expected: str) -> None:
    """Nothing ever sold: nothing shown; always something sold: only how many can be told."""
    rows = rows_of(sold=sold)
    trust = trusted(rows, gained(rows, region_A=(SURE, SURE)), learned=True)
    assert grade_of(trust, "region", "A") == expected


def test_a_trifle_is_no_skill() -> None:
    """A gain under 1 %, however sure, is no reason to trust; nor is one of a bare rate."""
    rows = rows_of()
    table = gained(rows, region_A=((0.009, 0.008), (0.009, 0.008)))
    assert grade_of(trusted(rows, table, learned=True), "region", "A") == "none"
    plain = trusted(rows, gained(rows, region_A=(SURE, SURE)), learned=False)
    assert grade_of(plain, "region", "A") == "none"
