"""Names for the arrays that everything passes around; their shapes stand where they are used."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Bools", "Days", "Floats", "Hashes", "Ids", "Ints", "Numbers", "Singles", "Texts"]

Bools: TypeAlias = npt.NDArray[np.bool_]
Days: TypeAlias = npt.NDArray[np.datetime64]
Floats: TypeAlias = npt.NDArray[np.float64]
Hashes: TypeAlias = npt.NDArray[np.uint64]
Ids: TypeAlias = npt.NDArray[np.object_]
Ints: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.bool_ | np.integer[Any] | np.floating[Any]]
"""anything real that can be added up; True counts as 1"""
Singles: TypeAlias = npt.NDArray[np.float32]
"""where half the memory matters more than the last digits"""
Texts: TypeAlias = npt.NDArray[np.str_]
