"""A workbench without a browser: a bench of a folder, and a client that has come by its link."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from foreship.params import ServeParams
from foreship.workbench.bench import Bench
from foreship.workbench.door.door import Door
from foreship.workbench.door.origin import Origin
from foreship.workbench.door.session import Session
from foreship.workbench.door.who import Names

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from foreship.workbench.handling import Route

PORT = 8620
OWN = f"http://127.0.0.1:{PORT}"
SENT_BY_US = {"Origin": OWN, "Sec-Fetch-Site": "same-origin"}
"""headers of a form on our own page"""


def door_of(secret: str = "", **settings: Any) -> Door:
    """Return the door of a server on 127.0.0.1, with settings of `[serve]`."""
    chosen = ServeParams(**settings)
    origin = Origin("127.0.0.1", PORT, chosen.names)
    return Door(origin, Session(PORT, chosen.prefix), Names(PORT, chosen, secret))


def bench_of(folder: Path, scratch: Path, door: Door | None = None) -> Bench:
    """Return a bench of a workspace whose `foreship.toml` is there."""
    scratch.mkdir(exist_ok=True)
    return Bench(folder, folder, door or door_of(), scratch)


def client_of(
    bench: Bench, routes: tuple[Route, ...] | None = None, *, inside: bool = True
) -> TestClient:
    """Return a browser's stand-in at a bench, with the cookie unless it is to be outside."""
    from starlette.testclient import TestClient

    from foreship.workbench.serving.app import ROUTES, app_of

    app = app_of(bench, ROUTES if routes is None else routes)
    client = TestClient(app, base_url=OWN, follow_redirects=False)
    if inside:
        client.get(bench.door.link.removeprefix(OWN))
    return client
