"""Workspaces do not change: with other tables or settings there is another one, checked anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreship.errors import InputError, UsageError
from foreship.workspace.opening import open_workspace
from tests.foreship.good_workspace import AS_OF, good_frames, write_workspace


def test_other_settings_are_those_of_a_file_that_says_so(good_workspace: Path) -> None:
    """Blanks that settings fill are filled by the new ones, there and back; stated values stay."""
    workspace = open_workspace(good_workspace)
    items = good_frames()["items"].assign(holding_cost_per_week=[None, 0.5, None, None])
    frames = {**good_frames(), "items": items}
    said = "[economics]\nholding_rate_per_year = 0.5\nlost_sale_share = 0.2\n"
    other = write_workspace(good_workspace.parent / "other", frames, settings=said)
    written = open_workspace(other)
    stated = workspace.with_tables(items=items)
    values = {"economics__holding_rate_per_year": 0.5, "economics__lost_sale_share": 0.2}
    changed = stated.with_settings(**values)
    assert changed.config.economics == written.config.economics
    assert changed.tables["items"].equals(written.tables["items"])
    assert changed.tables["items"]["holding_cost_per_week"][1] == 0.5
    back = changed.with_settings(**dict.fromkeys(values))
    assert back.config == stated.config and back.tables["items"].equals(stated.tables["items"])
    assert stated.tables["items"]["lost_sale_share"].unique().tolist() == [0.04]


def test_a_filled_table_still_counts_as_read(good_workspace: Path) -> None:
    """Other settings make no other input: the file's hash stays its own."""
    workspace = open_workspace(good_workspace)
    changed = workspace.with_settings(economics__lost_sale_share=0.3)
    assert changed.inputs == workspace.inputs
    assert not changed.tables["items"].equals(workspace.tables["items"])


def test_items_written_into_are_taken_as_they_stand(good_workspace: Path) -> None:
    """Whoever writes a share into the frame has stated it."""
    workspace = open_workspace(good_workspace)
    workspace.tables["items"]["lost_sale_share"] = 0.5
    changed = workspace.with_settings(economics__lost_sale_share=0.1)
    assert changed.tables["items"]["lost_sale_share"].unique().tolist() == [0.5]


def test_a_doubt_about_a_table_goes_with_it(good_workspace: Path) -> None:
    """What was found of the frame given now holds, what was found of the one before is gone."""
    orders = good_frames()["orders"]
    doubled = open_workspace(good_workspace).with_tables(
        orders=orders[orders["date"] < "2026-03-01"]
    )
    assert any(each.table == "orders" for each in doubled.warnings)
    assert doubled.with_tables(orders=orders).warnings == ()


def test_faults_between_tables_are_found_with_those_that_stay(good_workspace: Path) -> None:
    """Stock of an item that the new items do not have; unknown names of tables and settings."""
    workspace = open_workspace(good_workspace)
    with pytest.raises(InputError, match=r"stock\.item: 'NULL' is not in items"):
        workspace.with_tables(items=good_frames()["items"][:3])
    with pytest.raises(UsageError, match=r"settings\.risk\.budge: unknown setting"):
        workspace.with_settings(risk__budge=1.0)
    assert workspace.with_settings(risk__budget=4.0).as_of == AS_OF
