"""Bundles: read back as written, refused at the slightest change, and never half."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_forecast.errors import ModelRefused
from foreship_forecast.model_files import (
    FACTS,
    SCHEMA,
    _digest,
    _written,
    read_bundle,
    typed,
    write_bundle,
)
from foreship_forecast.params import ForecastParams

FACTS_OF_ONE = {"levels": [1, 2.5, None], "name": "Käse", "nested": {"on": True}}
TEXTS = {"chance.txt": "tree\nleaf 1\n", "size.txt": ""}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a bundle."""
    write_bundle(tmp_path / "model", FACTS_OF_ONE, TEXTS)
    return tmp_path / "model"


def rewrite(folder: Path, **changed: object) -> None:
    """Change the JSON and vouch for it again, as no accident would."""
    whole = json.loads((folder / FACTS).read_text("utf-8"))
    body = {key: whole[key] for key in ("schema", "files", "facts")} | changed
    (folder / FACTS).write_bytes(_written({"sha256": _digest(body), **body}))


def test_a_bundle_comes_back_as_it_was(folder: Path) -> None:
    """Facts and texts, blanks and letters beyond ASCII included."""
    assert read_bundle(folder) == (FACTS_OF_ONE, TEXTS)


def test_same_model_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Written again in another order of keys, every file is the same."""
    write_bundle(tmp_path / "b", dict(reversed(FACTS_OF_ONE.items())), TEXTS)
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@settings(max_examples=60)
@given(st.sampled_from([FACTS, "chance.txt"]), st.floats(0, 1, exclude_max=True), st.integers(0, 7))
def test_one_bit_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, where: float, bit: int
) -> None:
    """Any flipped bit of any file, at any place."""
    folder = tmp_path_factory.mktemp("bundle")
    write_bundle(folder, FACTS_OF_ONE, TEXTS)
    data = bytearray((folder / name).read_bytes())
    data[int(where * len(data))] ^= 1 << bit
    (folder / name).write_bytes(data)
    with pytest.raises(ModelRefused):
        read_bundle(folder)


def test_another_text_of_the_same_number_is_refused(folder: Path) -> None:
    """2.5 and 2.50 are one number, but only one of them was written."""
    text = (folder / FACTS).read_text("utf-8")
    (folder / FACTS).write_text(text.replace("2.5", "2.50"), "utf-8")
    with pytest.raises(ModelRefused, match="changed after it was written"):
        read_bundle(folder)


def test_cut_grown_and_missing_files_are_refused(folder: Path) -> None:
    """Half a text, one byte more and none at all, each named."""
    text = folder / "chance.txt"
    whole = text.read_bytes()
    text.write_bytes(whole[:-1])
    with pytest.raises(ModelRefused, match=r"chance\.txt has 11 bytes where 12 were written"):
        read_bundle(folder)
    text.write_bytes(whole + b"\n")
    with pytest.raises(ModelRefused, match="13 bytes"):
        read_bundle(folder)
    text.unlink()
    with pytest.raises(ModelRefused, match="missing"):
        read_bundle(folder)
    shutil.rmtree(folder)
    with pytest.raises(ModelRefused, match=r"model\.json is missing"):
        read_bundle(folder)


def test_another_text_of_the_same_length_is_refused(folder: Path) -> None:
    """Length is not enough: the hash decides."""
    (folder / "chance.txt").write_text("tree\nleaf 2\n")
    with pytest.raises(ModelRefused, match="hash"):
        read_bundle(folder)


@pytest.mark.parametrize("junk", ["", "[]", "null", '{"facts": 1', "\x00", "{}"])
def test_what_is_no_description_is_refused(folder: Path, junk: str) -> None:
    """Empty, of another shape, cut or binary: never anything but a refusal."""
    (folder / FACTS).write_text(junk, "utf-8")
    with pytest.raises(ModelRefused):
        read_bundle(folder)


def test_another_schema_is_named(folder: Path) -> None:
    """A whole bundle of a later version says which one this reads."""
    rewrite(folder, schema=SCHEMA + 1)
    with pytest.raises(ModelRefused, match=f"schema {SCHEMA + 1}; this version reads {SCHEMA}"):
        read_bundle(folder)


@pytest.mark.parametrize("files", [None, [], {"a": {}}, {"a": None}, {"a": {"bytes": "x"}}])
def test_a_description_without_its_files_is_refused(folder: Path, files: object) -> None:
    """Vouched for or not, a JSON that does not say what the texts are is refused."""
    rewrite(folder, files=files)
    with pytest.raises(ModelRefused):
        read_bundle(folder)


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/hostname", "sub/chance.txt"])
def test_files_outside_the_folder_are_not_read(folder: Path, name: str) -> None:
    """A description cannot point beside or above its own folder."""
    outside = folder.parent / "outside.txt"
    outside.write_text("secret")
    rewrite(folder, files={name: {"bytes": 6, "sha256": "0"}})
    with pytest.raises(ModelRefused, match="of its own folder"):
        read_bundle(folder)


@pytest.mark.parametrize("beyond", [{"threads": 10**6}, {"seed": 2**40}, {"max_rows": 10**12}])
def test_settings_of_a_model_have_the_ranges_of_the_config(beyond: dict[str, int]) -> None:
    """A million threads would take the process down, whoever wrote them into the folder."""
    good = asdict(ForecastParams())
    assert typed(ForecastParams, good) == ForecastParams()
    with pytest.raises(ValueError, match=f"{next(iter(beyond))} = .* must be between"):
        typed(ForecastParams, good | beyond)
