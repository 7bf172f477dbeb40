"""A workspace whose tables are frames: the same checks, words and defaults as of files."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from foreship.config import Config
from foreship.workspace.changed_config import config_with
from foreship.workspace.checking import inspect_given
from foreship.workspace.given import given_frame, refuse_unknown_tables
from foreship.workspace.opening import Workspace, monday, workspace_of
from foreship_foundation.tables.input_tables import INPUTS

if TYPE_CHECKING:
    from foreship.frames.kinds import IntoFrame

__all__ = ["OwnFolder", "workspace_of_frames"]


def workspace_of_frames(
    tables: Mapping[str, IntoFrame],
    as_of: str | pd.Timestamp | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    history: bool = True,
) -> Workspace:
    """Return a workspace of frames; its runs lie in a temporary folder that goes with it.

    Parameters
    ----------
    tables
        By contract name, frames of any kind.
    as_of
        The Monday a plan is made for; left out, the Monday after the last order.
    settings
        As in `foreship.toml`, nested by section, or by `section.setting` or `section__setting`.
    history
        Whether orders are needed; a plan on one's own demand does without.

    Raises
    ------
    UsageError
        For names of tables or settings that do not exist, what is no frame, or a faulty `as_of`.
    InputError
        With every fault of every table.
    """
    refuse_unknown_tables(tables, INPUTS)
    config = config_with(Config(), settings or {})
    given = {name: given_frame(name, frame, config) for name, frame in tables.items()}
    day = None if as_of is None else monday(as_of)
    until = None if day is None else np.datetime64(day, "D")
    found = inspect_given(given, config, history=history, as_of=until)
    found.report().raise_if_faulty()
    keeper = OwnFolder()
    return workspace_of(found, keeper.path, day, keeper=keeper)


class OwnFolder:
    """A new temporary folder, removed with the last workspace that holds it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="foreship-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        # a copy in another process keeps nothing: the folder is this one's
        return object, ()
