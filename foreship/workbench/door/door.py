"""The one door: every request is judged here before a page hears of it."""

from __future__ import annotations

from dataclasses import dataclass

from foreship.workbench.door.knock import Knock, Refused
from foreship.workbench.door.origin import Origin
from foreship.workbench.door.session import Session
from foreship.workbench.door.who import Names

__all__ = ["ASSETS", "START", "Door"]

START, ASSETS = "/start", "/assets/"
"""what is answered to everybody: where the link leads, and files that are no secret"""


@dataclass(frozen=True)
class Door:
    """Who may come in, and by which name."""

    origin: Origin
    session: Session
    names: Names

    @property
    def prefix(self) -> str:
        """Path below which all addresses lie, blank where they begin at `/`."""
        return self.session.prefix

    @property
    def link(self) -> str:
        """The address that lets whoever has it in, until the server ends."""
        return f"http://{self.origin.own}{self.prefix}{START}?token={self.session.token}"

    def moved(self, knock: Knock) -> bool:
        """Whether a page was asked for by another name of this machine than the link's."""
        return knock.method == "GET" and self.origin.elsewhere(knock)

    def admitted(self, knock: Knock) -> str:
        """Return who asks, blank for what everybody may see.

        Raises
        ------
        Refused
            With an HTTP status and the reason.
        """
        self.origin.check(knock)
        if knock.path == START or knock.path.startswith(ASSETS):
            return ""
        by_proxy = self.names.by_proxy(knock)
        if by_proxy is not None:
            return by_proxy
        if not self.session.is_inside(knock.cookies):
            raise Refused(
                403,
                "this browser has not come by the start link, which `foreship serve` prints when "
                "it starts; a link from elsewhere works once it is followed again from this page",
            )
        return self.names.said(knock)
