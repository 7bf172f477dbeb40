"""A table of the workspace is read as it is now, by the names and forms that it states."""

from __future__ import annotations

from pathlib import Path

from foreship.config import load_config
from foreship.workbench.held.table_now import table_now

SETTINGS = """
[tables]
stock = "bestand.csv"

[columns]
stock.item = "Artikel"
stock.delimiter = ";"
"""


def test_a_table_is_read_by_its_own_names_and_one_that_is_not_named_is_none(
    tmp_path: Path,
) -> None:
    """Whatever has been written into it since."""
    (tmp_path / "foreship.toml").write_text(SETTINGS)
    config = load_config(tmp_path / "foreship.toml")
    for units in (3, 4):
        (tmp_path / "bestand.csv").write_text(f"location;Artikel;quantity\nLyon;007;{units}\n")
        read = table_now(tmp_path, config, "stock")
        assert read is not None and read.is_sound
        assert read.frame[["item", "quantity"]].to_numpy().tolist() == [["007", units]]
    assert table_now(tmp_path, config, "prices") is None
