"""The columns of the grid are those of the workbook, each with what it means."""

from __future__ import annotations

from foreship.workbench.grid.columns import COLUMNS, GROUPS, SHOWN, SUMMED
from foreship_foundation.tables.output_files import FACTS, PLAN


def test_every_column_of_plan_and_facts_is_there_with_its_meaning() -> None:
    """None is left out but the number of the line, which its row has."""
    wanted = ({*PLAN.names} | {*FACTS.names}) - {"line"}
    assert wanted <= set(COLUMNS) and all(each.help for each in COLUMNS.values())


def test_usual_columns_groups_and_sums_are_columns() -> None:
    """Numbers alone are summed, words alone are groups."""
    assert {*SHOWN, *GROUPS, *SUMMED} <= set(COLUMNS)
    assert all(COLUMNS[each].sorts == "number" for each in SUMMED)
    assert all(COLUMNS[each].sorts == "text" for each in GROUPS)
    assert COLUMNS["arrival_date"].sorts == "date" and COLUMNS["arrival_date"].is_number
