"""The root of every error that is raised on purpose, in the rooms and in the corridor."""

from __future__ import annotations

from typing import ClassVar

__all__ = ["ForeshipError"]


class ForeshipError(Exception):
    """Parent of every error raised on purpose; `exit_code` is how a command then ends."""

    exit_code: ClassVar[int] = 1
    """code of the contract; 1 where the error alone does not say"""
