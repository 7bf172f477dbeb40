"""Whose name stands beside a deed: a proxy's word where one is configured, else one's own."""

from __future__ import annotations

import getpass
import secrets
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from foreship.errors import UsageError
from foreship.params import ServeParams
from foreship.workbench.door.knock import Knock, Refused
from foreship.workbench.door.prefix import cookie_of

__all__ = ["LONGEST_NAME", "PROXY_TOKEN", "PROXY_VARIABLE", "Names", "clean_name", "said_to_be"]

LONGEST_NAME = 60
"""letters of a name that fits beside a line"""
PROXY_TOKEN = "x-foreship-token"
"""header in which the proxy proves itself: any program of a machine could send a name"""
PROXY_VARIABLE = "FORESHIP_SERVE_TOKEN"
"""variable of the environment that holds what it must say"""
LEAST_SECRET = 32


@dataclass(frozen=True)
class Names:
    """Whom a request is from, as far as anybody says so."""

    port: int
    settings: ServeParams = field(default_factory=ServeParams)
    proxy_secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.settings.user_header and len(self.proxy_secret) < LEAST_SECRET:
            raise UsageError(
                f"[serve] user_header is set, so {PROXY_VARIABLE} must hold a secret of at least "
                f"{LEAST_SECRET} letters that the proxy sends as X-Foreship-Token"
            )

    @property
    def cookie_name(self) -> str:
        """Name of the cookie that keeps what somebody calls themselves."""
        return f"foreship-name-{self.port}"

    def cookie(self, name: str) -> str:
        """Return the `Set-Cookie` header that keeps a name."""
        kept = quote(clean_name(name), safe="")
        return cookie_of(self.cookie_name, kept, self.settings.prefix)

    def by_proxy(self, knock: Knock) -> str | None:
        """Return the name that a proxy hands in; None where it is not the proxy that speaks.

        Raises
        ------
        Refused
            If the proxy names nobody.
        """
        header = self.settings.user_header.lower()
        if not header or knock.peer not in self.settings.proxies:
            return None
        said = knock.headers.get(PROXY_TOKEN, "")
        if not secrets.compare_digest(said.encode("utf-8", "replace"), self.proxy_secret.encode()):
            return None
        name = clean_name(_letters(knock.headers.get(header, "")))
        if not name:
            raise Refused(403, f"the proxy named nobody in {self.settings.user_header}")
        return name

    def said(self, knock: Knock) -> str:
        """Return what somebody calls themselves; else the user who started the server."""
        kept = clean_name(unquote(knock.cookies.get(self.cookie_name, "")))
        return kept or _system_user()


def said_to_be(name: str) -> str:
    """Return a name as it stands beside a deed: nobody has proved it."""
    return f"said to be {name}"


def clean_name(text: str) -> str:
    """Return a name without what cannot be seen, at most `LONGEST_NAME` letters."""
    seen = "".join(each for each in " ".join(text.split()) if each.isprintable())
    return seen[:LONGEST_NAME].strip()


def _letters(header: str) -> str:
    """Return a header as it is meant: read as Latin-1, while proxies write UTF-8 as a rule."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _system_user() -> str:
    try:
        return clean_name(getpass.getuser())
    except (OSError, KeyError):
        return ""
