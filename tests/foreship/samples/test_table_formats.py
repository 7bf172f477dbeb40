"""Samples that a planner can open and imitate hold what the Parquet tables hold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.errors import UsageError
from foreship.samples import make_sample
from foreship.samples.table_formats import FORMATS, in_format
from foreship.workspace.opening import open_workspace


@pytest.mark.sweep
def test_a_sample_is_the_same_in_every_format(tmp_path: Path) -> None:
    """The same tables once they are read, without a fault or a doubt more; the same bytes again."""
    opened = {}
    for kind in FORMATS:
        make_sample(tmp_path / kind, size="tiny", kind=kind)
        opened[kind] = open_workspace(tmp_path / kind)
        assert list((tmp_path / kind).glob(f"*.{kind}"))
    for kind in ("csv", "xlsx"):
        assert not list((tmp_path / kind).glob("*.parquet"))
        for name, frame in opened["parquet"].tables.items():
            pd.testing.assert_frame_equal(opened[kind].tables[name], frame)
        assert opened[kind].notes == opened["parquet"].notes
    make_sample(tmp_path / "again", size="tiny", kind="xlsx")
    for path in (tmp_path / "xlsx").glob("*.xlsx"):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path) -> None:
    """Before anything is cut off."""
    pd.DataFrame({"x": range(1_048_576)}).to_parquet(tmp_path / "orders.parquet")
    (tmp_path / "foreship.toml").write_text('[tables]\norders = "orders.parquet"\n', "utf-8")
    with pytest.raises(UsageError, match=r"1,048,576 rows.*--format csv"):
        in_format(tmp_path, "xlsx")
