"""Forecasts of many Mondays in little memory."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from foreship.pipeline import ForecastResult

__all__ = ["Packed"]


@dataclass(frozen=True)
class Packed:
    """A forecast whose paths, mostly 0, are held in few bytes: workers hold those of all weeks."""

    rest: ForecastResult
    """the same with a single path of every cell"""
    units: bytes
    kind: np.dtype[Any]
    shape: tuple[int, ...]

    @classmethod
    def of(cls, made: ForecastResult) -> Packed:
        """Pack a forecast."""
        units = made.paths.units
        rest = replace(made, paths=replace(made.paths, units=units[:, :, :1].copy()))
        return cls(rest, zlib.compress(units.tobytes(), level=1), units.dtype, units.shape)

    def opened(self) -> ForecastResult:
        """Return the forecast as it was."""
        flat = np.frombuffer(zlib.decompress(self.units), dtype=self.kind)
        return replace(
            self.rest, paths=replace(self.rest.paths, units=flat.reshape(self.shape).copy())
        )
