"""Signs of money beside numbers: left out where there is one, and only in columns of money."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.forms import Form
from foreship.ingest.tables import TableRead, read_table
from foreship_foundation.tables.input_tables import INPUTS


def lanes(folder: Path, *costs: str, days: str = "2") -> TableRead:
    """Read lanes with these costs a unit."""
    rows = [f"H;R{place};{cost};{days}" for place, cost in enumerate(costs)]
    text = "\n".join(["origin;destination;cost_per_unit;lead_time_days", *rows])
    (folder / "lanes.csv").write_text(text, "utf-8")
    return read_table(INPUTS["lanes"], folder / "lanes.csv", {}, Form())


@pytest.mark.parametrize(
    ("costs", "read"),
    [
        (("$1,234.50", "-$2.00", "$ 3", "4"), [1234.5, -2.0, 3.0, 4.0]),
        (("1.234,50 €", "2,00- €", "3,5€", "4"), [1234.5, -2.0, 3.5, 4.0]),
        (("EUR 12.50", "EUR 0.75", "12.50"), [12.5, 0.75, 12.5]),
        (("12,50 kr", "1\xa0234,50 kr"), [12.5, 1234.5]),
    ],
)
def test_one_sign_is_left_out_and_said(tmp_path: Path, costs: tuple[str, ...], read: list) -> None:
    """Before or behind the number, whatever its marks; values without it are as they were."""
    found = lanes(tmp_path, *costs)
    assert found.parsed["cost_per_unit"].values.tolist() == read
    assert any("beside the number left out" in str(fault) for fault in found.faults)


def test_several_signs_are_no_numbers(tmp_path: Path) -> None:
    """Dollars and euros in one column may not be added."""
    found = lanes(tmp_path, "$1.00", "2.00 €")
    (fault,) = [each for each in found.faults if each.severity == "fault"]
    assert (fault.column, fault.problem, fault.count) == ("cost_per_unit", "not a number", 2)


def test_a_number_of_days_has_no_sign_of_money(tmp_path: Path) -> None:
    """What is no money keeps its texts, and is named."""
    (fault,) = [each for each in lanes(tmp_path, "1", days="$2").faults if each.severity == "fault"]
    assert fault.column == "lead_time_days"
