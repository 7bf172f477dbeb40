"""A workspace of frames is that of the same files: same tables, same faults in the same words."""

from __future__ import annotations

import gc
from pathlib import Path

import pandas as pd
import pytest

from foreship.config import Config
from foreship.errors import InputError, UsageError
from foreship.workspace.checking import check, inspect_given
from foreship.workspace.given import given_frame
from foreship.workspace.of_frames import workspace_of_frames
from foreship.workspace.opening import open_workspace
from tests.foreship.bad_inputs import Case
from tests.foreship.bad_keys import KEYS
from tests.foreship.bad_values import NUMBERS, TIMES
from tests.foreship.good_workspace import AS_OF, good_frames

OF_VALUES = [each for each in (*NUMBERS, *TIMES, *KEYS) if each.code == 3]


def texts_of(folder: Path) -> dict[str, pd.DataFrame] | None:
    """Return the tables of a workspace as frames of texts; None where one is no CSV any more."""
    files = sorted(folder.glob("*.csv"))
    if len(files) < len(good_frames()):
        return None
    return {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in files}


@pytest.mark.sweep
@pytest.mark.parametrize("case", OF_VALUES[::2], ids=lambda case: case.id)
def test_frames_at_fault_get_the_words_of_files(case: Case, good_workspace: Path) -> None:
    """Every second bad value, as Parquet files and as frames: the same sentences."""
    case.change(good_workspace)
    frames = texts_of(good_workspace)
    config = (good_workspace / "foreship.toml").read_text()
    if frames is None or "[columns]" in config:
        pytest.skip("not a change of values")
    for name, frame in frames.items():
        frame.to_parquet(good_workspace / f"{name}.parquet", index=False)
    (good_workspace / "foreship.toml").write_text(config.replace(".csv", ".parquet"))
    given = {name: given_frame(name, frame, Config()) for name, frame in frames.items()}
    found = inspect_given(given, Config()).report()
    expected = check(good_workspace)
    assert list(map(str, found.faults)) == list(map(str, expected.faults)) != []
    assert list(map(str, found.warnings)) == list(map(str, expected.warnings))


def test_the_same_tables_as_of_files(good_workspace: Path) -> None:
    """Frames are typed, filled and counted alike; the notes agree and no customer is kept."""
    opened = open_workspace(good_workspace)
    made = workspace_of_frames(good_frames())
    assert made.as_of == opened.as_of and made.notes == opened.notes
    assert made.contents == opened.contents
    assert "person-" not in "".join(frame.to_csv() for frame in made.tables.values())
    assert {each["path"] for each in made.inputs} == {"(in memory)"}


def test_a_workspace_is_known_by_what_it_holds_in_any_order_of_rows_by_any_library() -> None:
    """pandas, shuffled, and polars: the same hashes."""
    polars = pytest.importorskip("polars")
    frames = good_frames()
    mixed = {name: frame.sample(frac=1.0, random_state=3) for name, frame in frames.items()}
    others = {name: polars.from_pandas(frame) for name, frame in frames.items()}
    known = workspace_of_frames(frames).inputs
    assert workspace_of_frames(mixed).inputs == known == workspace_of_frames(others).inputs


def test_settings_are_said_in_three_ways_and_misspelt_ones_are_named() -> None:
    """Nested, by a dot or by two underscores; every fault at once."""
    frames = good_frames()
    said = {"risk": {"budget": 9}, "plan.review_weeks": 2, "forecast__rounds": 7}
    config = workspace_of_frames(frames, AS_OF, said).config
    assert (config.risk.budget, config.plan.review_weeks, config.forecast.rounds) == (9.0, 2, 7)
    with pytest.raises(UsageError) as refused:
        workspace_of_frames(frames, AS_OF, {"risk.budgt": 9, "rsk": {}, "plan__review_weeks": 0})
    words = str(refused.value)
    assert "settings.risk.budgt: unknown setting; did you mean 'budget'" in words
    assert "settings.rsk: unknown section; did you mean 'risk'" in words
    assert "settings.plan.review_weeks" in words


def test_own_names_of_columns_hold_for_frames_too() -> None:
    """`[columns]` as a setting."""
    frames = good_frames()
    frames["items"] = frames["items"].rename(columns={"item": "SKU"})
    made = workspace_of_frames(frames, settings={"columns": {"items": {"item": "SKU"}}})
    assert made.contents == workspace_of_frames(good_frames()).contents


def test_absent_tables_and_unknown_names_are_said() -> None:
    """A required table by its name, an unknown one with the nearest."""
    frames = good_frames()
    del frames["lanes"]
    with pytest.raises(InputError, match="lanes: a required table that is not given"):
        workspace_of_frames(frames)
    with pytest.raises(UsageError, match="no such table: lane; did you mean 'lanes'"):
        workspace_of_frames({**good_frames(), "lane": pd.DataFrame()})
    del frames["orders"]
    with pytest.raises(UsageError, match="no order to take the week from"):
        workspace_of_frames({**good_frames(), "orders": good_frames()["orders"][:0]}, history=False)


def test_its_folder_goes_with_the_last_workspace_that_came_of_it() -> None:
    """Nothing is left behind, and nothing goes too early."""
    first = workspace_of_frames(good_frames())
    folder, second = first.path, first.at(AS_OF)
    del first
    gc.collect()
    assert folder.is_dir()
    del second
    gc.collect()
    assert not folder.exists()


def test_what_holds_no_names_is_refused() -> None:
    """Lists in the place of mappings, numbers in the place of names, a setting said two ways."""
    frames = good_frames()
    with pytest.raises(UsageError, match="tables are given by name"):
        workspace_of_frames(list(frames.values()))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no such table: 5"):
        workspace_of_frames({**frames, 5: frames["stock"]})  # type: ignore[dict-item]
    with pytest.raises(UsageError, match="settings are given by name"):
        workspace_of_frames(frames, settings=["risk"])  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"risk.budget: is given twice; give it once"):
        workspace_of_frames(frames, settings={"risk__budget": 4, "risk": {"budget": 5}})


def test_a_number_is_no_monday() -> None:
    """20261116 would be read as nanoseconds since 1970."""
    with pytest.raises(UsageError, match="as_of 20261116 is not a date"):
        workspace_of_frames(good_frames(), 20261116)  # type: ignore[arg-type]


def test_a_workspace_is_told_in_a_line() -> None:
    """Its folder, its Monday and the tables that hold something; no setting, no hash."""
    told = repr(workspace_of_frames(good_frames(), AS_OF))
    assert told.startswith("Workspace ") and "orders" in told and len(told) < 400
    assert "sha256" not in told and "Params" not in told
