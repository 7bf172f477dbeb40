"""What is known of a request before anybody is let in, in plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from foreship.errors import ForeshipError

__all__ = ["Knock", "Refused"]


@dataclass(frozen=True)
class Knock:
    """A request's first line and headers."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """by name in small letters; of several of one name the last"""
    cookies: Mapping[str, str] = field(default_factory=dict)
    peer: str = ""
    """address of the machine that speaks to us"""


class Refused(ForeshipError):
    """A request that is not let in; carries the HTTP status."""

    exit_code = 2

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
