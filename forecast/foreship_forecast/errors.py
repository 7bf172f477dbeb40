"""What can go wrong in the forecast room.

ForecastError
├── TableFault         3   a frame handed in breaks what `foreship_forecast.tables` promises
├── NotEnoughHistory   3   too few weeks before `as_of` to learn from
├── BeyondAsOf         1   somebody asked the snapshot for the future
└── ModelRefused       9   a model bundle is not what its hash and structure say

The numbers are exit codes of the contract; the root of all is `foreship.errors.ForeshipError`.
"""

from __future__ import annotations

from foreship_foundation.errors import ForeshipError

__all__ = ["BeyondAsOf", "ForecastError", "ModelRefused", "NotEnoughHistory", "TableFault"]


class ForecastError(ForeshipError):
    """Parent of every error this room raises on purpose."""


class TableFault(ForecastError):
    """A frame breaks its contract; the message lists all its faults."""

    exit_code = 3

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(faults)  # as given, so that it can be sent from a worker

    def __str__(self) -> str:
        return "\n".join(self.faults)


class NotEnoughHistory(ForecastError):
    """The history before `as_of` is shorter than the model needs."""

    exit_code = 3


class BeyondAsOf(ForecastError):
    """Data on or after `as_of` was asked for."""


class ModelRefused(ForecastError):
    """A model bundle was refused before any of it was loaded."""

    exit_code = 9
