"""Whether a request is meant for this server and was made by its own pages.

A page of another site can make a browser send requests here: its name resolves to 127.0.0.1 (the
`Host` tells), or it posts a form (`Origin` and `Sec-Fetch-Site` tell).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foreship.workbench.door.knock import Knock, Refused

__all__ = ["LOOPBACK", "Origin"]

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""names of this machine for itself"""
USUAL_PORT = ":80"
READING = ("GET", "HEAD")
METHODS = (*READING, "POST")
OWN = ("same-origin", "none")
"""`Sec-Fetch-Site` of what our pages or the person asked for"""


@dataclass(frozen=True)
class Origin:
    """The names this server goes by."""

    host: str
    """as it stands in a link, `[::1]` in brackets"""
    port: int
    names: Sequence[str] = ()
    """further ones, as a browser writes them in `Host`"""

    @property
    def own(self) -> str:
        """Host and port of the start link, as a browser writes them in `Host`."""
        return self._named(self.host)

    def _named(self, host: str) -> str:
        return _without_usual_port(f"{host}:{self.port}".lower())

    def elsewhere(self, knock: Knock) -> bool:
        """Whether this machine is called by another of its own names: cookies do not know it."""
        host = _host(knock)
        aliases = map(self._named, LOOPBACK)
        return host in aliases and host != self.own and self.host in LOOPBACK

    def check(self, knock: Knock) -> None:
        """Raise `Refused` unless a request is meant for us and comes from where it may."""
        host = _host(knock)
        further = {_without_usual_port(each.lower()) for each in self.names}
        if host != self.own and host not in further:
            raise Refused(421, f"this server is not called {host!r}; [serve] names lists its names")
        if knock.method not in METHODS:
            raise Refused(405, f"{knock.method} is not understood here")
        site = knock.headers.get("sec-fetch-site", "same-origin")
        if knock.method in READING:
            if site not in OWN and knock.headers.get("sec-fetch-mode") != "navigate":
                raise Refused(403, "another site asked for this in your name")
            return
        origin = knock.headers.get("origin", "").lower()
        if origin not in (f"http://{host}", f"https://{host}") or site != "same-origin":
            raise Refused(403, "this was not sent by a page of this server")


def _host(knock: Knock) -> str:
    return _without_usual_port(knock.headers.get("host", "").lower())


def _without_usual_port(host: str) -> str:
    """Return a host as browsers write it: they leave out the port that plain HTTP has."""
    return host.removesuffix(USUAL_PORT)
