"""The printed contract and the documents are the code's own words."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

from foreship.config import SECTIONS
from foreship.workspace.schema import (
    quality_markdown,
    schema_dict,
    schema_text,
    settings_markdown,
    tables_markdown,
    write_docs,
)
from foreship_foundation.tables.input_tables import INPUTS
from foreship_foundation.tables.output_files import OUTPUTS

DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_docs_equal_the_code() -> None:
    """The pages of tables, settings and checks are what `foreship.workspace.schema` writes."""
    assert (DOCS / "tables.md").read_text("utf-8") == tables_markdown()
    assert (DOCS / "settings.md").read_text("utf-8") == settings_markdown()
    assert (DOCS / "quality.md").read_text("utf-8") == quality_markdown()


def test_docs_are_written(tmp_path: Path) -> None:
    """The generator writes the two pages and nothing else."""
    write_docs(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "quality.md",
        "settings.md",
        "tables.md",
    ]
    assert (tmp_path / "tables.md").read_text("utf-8") == tables_markdown()


def test_the_schema_names_every_column_and_setting() -> None:
    """Text and plain values name every table, column, file, setting and exit code."""
    plain, text = schema_dict(), schema_text()
    assert {each["name"] for each in plain["tables"]} == set(INPUTS)
    assert {each["name"] for each in plain["files"]} == set(OUTPUTS)
    for table in INPUTS.values():
        (same,) = [each for each in plain["tables"] if each["name"] == table.name]
        assert [each["name"] for each in same["columns"]] == list(table.names)
        assert all(name in text for name in table.names)
    for section, kind in SECTIONS.items():
        names = [each.name for each in fields(kind)]
        assert [each["name"] for each in plain["settings"][section]] == names
        assert all(f"{name} = " in text for name in names)
    assert set(plain["exit_codes"]) == {*map(str, range(10)), "130", "143"}


def test_the_schema_is_json() -> None:
    """The plain values survive JSON, without NaN or infinity."""
    plain = schema_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_every_setting_has_unit_and_source() -> None:
    """Each setting states its unit, meaning and where its default comes from."""
    for settings in schema_dict()["settings"].values():
        for each in settings:
            assert each["unit"] and each["meaning"] and each["source"], each["name"]


def test_a_default_as_toml_writes_it() -> None:
    """Defaults are shown as one would write them in `foreship.toml`."""
    text = schema_text()
    assert "lost_sale_share = 0.04" in text
    assert 'allowed = ["redirect", "markdown", "return", "give_away"]' in text
    assert "budget = absent" in text
