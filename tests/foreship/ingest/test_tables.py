"""Tables are read as they were written: exact ids, exact numbers, no silent change."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship import files
from foreship.ingest.tables import read_table
from foreship_foundation.tables.input_tables import INPUTS
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


@pytest.mark.sweep
@settings(max_examples=60, suppress_health_check=SLOW_IS_FINE)
@given(ids=IDS)
def test_whatever_is_written_reads_back(tmp_path: Path, ids: list[str]) -> None:
    """Any ids of visible letters survive writing and strict reading in both formats."""
    if all(text.endswith(".0") for text in ids):
        return
    for name in ("stock.csv", "stock.parquet"):
        stock(tmp_path / name, ids)
        assert sound(read_table(INPUTS["stock"], tmp_path / name))["item"].tolist() == ids


@pytest.mark.sweep
@settings(max_examples=60, suppress_health_check=SLOW_IS_FINE)
@given(prices=st.lists(st.floats(1e-6, 1e9), min_size=1, max_size=20))
def test_money_is_exact(tmp_path: Path, prices: list[float]) -> None:
    """Every float survives CSV and Parquet to the last bit."""
    frame = pd.DataFrame({"item": [f"i{n}" for n in range(len(prices))], "price": prices})
    frame["unit_cost"] = 0.5
    for name, write in (("i.csv", files.write_csv), ("i.parquet", files.write_parquet)):
        write(frame, tmp_path / name)
        assert sound(read_table(INPUTS["items"], tmp_path / name))["price"].tolist() == prices


def folder_of(tmp_path: Path, *names: str) -> Path:
    """Write a folder of files, those of Parquet with an item of their own each."""
    for number, name in enumerate(names):
        path = tmp_path / "stock" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".parquet"):
            stock(path, [f"I{number}"])
        else:
            path.touch()
    return tmp_path / "stock"


@pytest.mark.parametrize(
    ("left", "named"),
    [
        ("_temporary/0/b.parquet", "'_temporary'"),
        (".staging/b.parquet", "'.staging'"),
        (".spark-staging-1/x=1/b.parquet", "'.spark-staging-1'"),
        ("a/_tmp/b.pq", "'_tmp'"),
    ],
)
def test_unfinished_writes_are_no_data_and_are_said(tmp_path: Path, left: str, named: str) -> None:
    """What a writer that died left behind is not read, and a warning asks whether it is whole."""
    read = read_table(INPUTS["stock"], folder_of(tmp_path, "x.parquet", "a/y.parquet", left))
    assert sorted(sound(read)["item"]) == ["I0", "I1"]
    (warning,) = read.faults
    assert warning.severity == "warning"
    assert "unfinished" in str(warning) and named in str(warning)


def test_marks_of_a_finished_write_are_passed_over(tmp_path: Path) -> None:
    """Checksums, `_SUCCESS` and metadata files beside the data are nothing to talk about."""
    names = ("a.parquet", ".a.parquet.crc", "_SUCCESS", "_metadata", "_x=1/b.parquet")
    read = read_table(INPUTS["stock"], folder_of(tmp_path, *names))
    assert sorted(sound(read)["item"]) == ["I0", "I4"]
    assert not any("unfinished" in str(each) for each in read.faults)


@pytest.mark.parametrize(
    ("mark", "kind"), [("_delta_log/0.json", "Delta"), (".hoodie/hoodie.properties", "Hudi")]
)
def test_files_that_a_log_has_outdated_are_not_read_as_data(
    tmp_path: Path, mark: str, kind: str
) -> None:
    """In such folders old versions of rows lie beside the new ones."""
    read = read_table(INPUTS["stock"], folder_of(tmp_path, "a.parquet", mark))
    assert not read.is_sound
    assert kind in str(read.faults[0])


def test_a_pipe_among_the_files_is_refused(tmp_path: Path) -> None:
    """It is neither passed over in silence nor waited for."""
    folder = folder_of(tmp_path, "a.parquet")
    os.mkfifo(folder / "b.parquet")
    assert "b.parquet" in str(read_table(INPUTS["stock"], folder).faults[0])


@pytest.mark.parametrize("value", ["anna.example+x@mail.example.com", "+49 (151) 234-5678"])
@pytest.mark.parametrize("column", ["item", "quantity", "location"])
def test_customers_in_a_mistaken_column_are_not_echoed(
    tmp_path: Path, value: str, column: str
) -> None:
    """A column of e-mail addresses or telephone numbers taken for another: the place, no value."""
    frame = pd.DataFrame({"location": ["H"], "item": ["I"], "quantity": ["3"], "who": [value]})
    frame = pd.concat([frame, frame]).assign(**{column: value})
    frame.to_csv(tmp_path / "stock.csv", index=False)
    read = read_table(INPUTS["stock"], tmp_path / "stock.csv")
    assert not read.is_sound
    said = " ".join(map(str, read.faults)) + str([each.to_dict() for each in read.faults])
    assert value not in said and value[:8] not in said


def test_customers_in_a_file_without_a_header_are_not_echoed(tmp_path: Path) -> None:
    """The first row is taken for names of columns then, and some are missing."""
    (tmp_path / "stock.csv").write_text("H,anna@example.com,3\nH,bert@example.com,4\n")
    said = " ".join(map(str, read_table(INPUTS["stock"], tmp_path / "stock.csv").faults))
    assert "missing" in said and "anna" not in said
