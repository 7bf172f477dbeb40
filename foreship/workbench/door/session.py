"""The secret of the start link, and the cookie that stands for it afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from foreship.workbench.door.prefix import cookie_of

__all__ = ["Session"]

LETTERS = 32
"""bytes of chance in a secret"""


@dataclass(frozen=True)
class Session:
    """Secrets of one server, good until it ends.

    Cookies know no ports, so two servers of one machine would overwrite each other's: the port
    stands in the name.
    """

    port: int
    prefix: str = ""
    """path below which it is served, where not at `/`"""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(LETTERS), repr=False)
    """stands in the start link"""
    _inside: str = field(default_factory=lambda: secrets.token_urlsafe(LETTERS), repr=False)

    @property
    def cookie_name(self) -> str:
        """Name of the cookie of whoever came by the link."""
        return f"foreship-{self.port}"

    @property
    def cookie(self) -> str:
        """The `Set-Cookie` header that lets a browser in."""
        return cookie_of(self.cookie_name, self._inside, self.prefix)

    def is_token(self, text: str) -> bool:
        """Whether this is the secret of the link, told in a time that gives nothing away."""
        return _same(text, self.token)

    def is_inside(self, cookies: Mapping[str, str]) -> bool:
        """Whether a browser has come by the link."""
        return _same(cookies.get(self.cookie_name, ""), self._inside)


def _same(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
