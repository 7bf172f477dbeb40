"""Tables are read as they were written: exact ids, exact numbers, no silent change."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship import files
from foreship.ingest.tables import read_table
from foreship_foundation.input_tables import INPUTS
from tests.foreship.table_files import SLOW_IS_FINE, sound, stock

ODD_IDS = [
    *("00123", "1E5", "NA", "NULL", "nan", "None", "TRUE", "=1+1", "a/b", "A-1", "A_1", "A+1"),
    *(
        "<b>x</b>",
        'say "hi"',
        "a,b",
        "Köln",
        "日本",
        "1.5",
        "-",
        "+49",
        "@x",
        "#",
        "'",
        "a b",
        "%d",
    ),
]


@pytest.mark.parametrize("name", ["stock.csv", "stock.parquet"])
def test_odd_ids_stay_what_they_are(tmp_path: Path, name: str) -> None:
    """Ids that other readers turn into numbers, blanks or formulas come back letter for letter."""
    written = stock(tmp_path / name, ODD_IDS)
    read = sound(read_table(INPUTS["stock"], tmp_path / name))
    assert read["item"].tolist() == ODD_IDS
    assert read["quantity"].tolist() == written["quantity"].tolist()


LETTERS = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Cn"), exclude_characters="\\"
)


IDS = st.lists(
    st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: ".." not in text),
    min_size=1,
    max_size=12,
    unique_by=lambda text: unicodedata.normalize("NFC", text),
)


@settings(max_examples=60, suppress_health_check=SLOW_IS_FINE)
@given(ids=IDS)
def test_whatever_is_written_reads_back(tmp_path: Path, ids: list[str]) -> None:
    """Any ids of visible letters survive writing and strict reading in both formats."""
    if all(text.endswith(".0") for text in ids):
        return
    for name in ("stock.csv", "stock.parquet"):
        stock(tmp_path / name, ids)
        assert sound(read_table(INPUTS["stock"], tmp_path / name))["item"].tolist() == ids


@settings(max_examples=60, suppress_health_check=SLOW_IS_FINE)
@given(prices=st.lists(st.floats(1e-6, 1e9), min_size=1, max_size=20))
def test_money_is_exact(tmp_path: Path, prices: list[float]) -> None:
    """Every float survives CSV and Parquet to the last bit."""
    frame = pd.DataFrame({"item": [f"i{n}" for n in range(len(prices))], "price": prices})
    frame["unit_cost"] = 0.5
    for name, write in (("i.csv", files.write_csv), ("i.parquet", files.write_parquet)):
        write(frame, tmp_path / name)
        assert sound(read_table(INPUTS["items"], tmp_path / name))["price"].tolist() == prices
