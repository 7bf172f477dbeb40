"""A sample is written whole into a new folder, or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from foreship.errors import StorageError, UsageError
from foreship.samples import making
from foreship.samples.making import make_sample
from tests.foreship.sample_reader import fingerprint


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Two samples of one seed are equal in every byte of every file."""
    for name in ("one", "two"):
        make_sample(tmp_path / name, size="tiny", seed=7)
    assert fingerprint(tmp_path / "one") == fingerprint(tmp_path / "two")
    assert len(fingerprint(tmp_path / "one")) == 13 + 1 + 5


def test_another_seed_is_another_retailer(tmp_path: Path) -> None:
    """Another seed changes every drawn table; only the laws are the same."""
    for seed in (1, 2):
        make_sample(tmp_path / str(seed), size="tiny", seed=seed)
    one, two = (fingerprint(tmp_path / str(seed)) for seed in (1, 2))
    same = {name for name in one if one[name] == two[name]}
    assert same == {"truth/law.json", "truth/baskets.json"}


def test_an_empty_folder_is_filled_and_the_report_counts(tmp_path: Path) -> None:
    """An existing empty folder is taken; the report counts rows as the files hold them."""
    pq = pytest.importorskip("pyarrow.parquet")
    folder = tmp_path / "empty"
    folder.mkdir()
    report = make_sample(folder, size="tiny")
    held = {path.stem: pq.read_metadata(path).num_rows for path in folder.glob("*.parquet")}
    assert dict(report.rows) == held
    assert report.to_dict()["path"] == str(folder)
    assert f"{held['orders']:,}" in str(report)


@pytest.mark.parametrize("kind", ["full", "file"])
def test_nothing_is_overwritten(tmp_path: Path, kind: str) -> None:
    """A folder that holds anything, or a file, is refused and left as it was."""
    target = tmp_path / "taken"
    if kind == "full":
        target.mkdir()
        (target / "mine.txt").write_text("keep")
    else:
        target.write_text("keep")
    with pytest.raises(UsageError, match="new or empty folder"):
        make_sample(target, size="tiny")
    kept = target / "mine.txt" if kind == "full" else target
    assert kept.read_text() == "keep"
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]


def test_all_wrong_names_are_told_at_once(tmp_path: Path) -> None:
    """Unknown source, unknown size and a negative seed come in one message."""
    with pytest.raises(UsageError) as told:
        make_sample(tmp_path / "x", source="amazon", size="huge", seed=-1)
    for words in ("amazon", "huge", "seed = -1"):
        assert words in str(told.value)


def test_a_failed_sample_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing stops half way, neither the folder nor the draft beside it stays."""

    def stop(draft: Path, *_: object) -> None:
        (draft / "half.parquet").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "_write", stop)
    with pytest.raises(StorageError, match="No space left"):
        make_sample(tmp_path / "gone", size="tiny")
    assert list(tmp_path.iterdir()) == []


def test_the_package_is_imported_in_no_time() -> None:
    """Importing the package loads neither pandas nor pyarrow nor numpy."""
    code = (
        "import sys, foreship.samples; "
        "print(*sorted({'numpy', 'pandas', 'pyarrow', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
