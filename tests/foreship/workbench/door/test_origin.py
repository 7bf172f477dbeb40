"""Requests that other sites make a browser send are refused, whichever header gives them away."""

from __future__ import annotations

import pytest

from foreship.workbench.door.knock import Knock, Refused
from foreship.workbench.door.origin import Origin

OWN = "127.0.0.1:8620"
ORIGIN = Origin("127.0.0.1", 8620, ("Plans.example.com", "box:9000"))


def refused(method: str = "GET", host: str = OWN, **headers: str) -> int:
    """Return the status with which a request is refused, 0 where it is let in."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        ORIGIN.check(Knock(method, "/", {"host": host, **named}))
    except Refused as error:
        return error.status
    return 0


@pytest.mark.parametrize("host", [OWN, "plans.example.com", "PLANS.EXAMPLE.COM", "box:9000"])
def test_it_answers_to_its_own_names(host: str) -> None:
    """That of the link and those of `[serve] names`, in any letters."""
    assert refused(host=host) == 0


def test_letters_of_the_host_are_no_matter() -> None:
    """Browsers write names small, however they were given."""
    named = Origin("Box", 8620)
    named.check(Knock("GET", "/", {"host": "box:8620"}))
    assert named.own == "box:8620"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:80", "box"])
def test_browsers_leave_the_usual_port_out(host: str) -> None:
    """The link of a server on port 80 has none, and its pages send without it."""
    usual = Origin("127.0.0.1", 80, ("box:80",))
    assert usual.own == "127.0.0.1"
    usual.check(Knock("POST", "/", {"host": host, "origin": f"http://{host.removesuffix(':80')}"}))
    assert usual.elsewhere(Knock("GET", "/", {"host": "localhost"}))
    assert not usual.elsewhere(Knock("GET", "/", {"host": host}))
    with pytest.raises(Refused):
        usual.check(Knock("GET", "/", {"host": "127.0.0.1:8620"}))


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8620.evil.example", "box",
     "localhost:8620", "[::1]:8620", "0.0.0.0:8620", "[", "plans.example.com:8620", OWN + "\x00"],
)  # fmt: skip
def test_any_other_name_is_not_ours(host: str) -> None:
    """A name of an attacker that resolves to 127.0.0.1 is an attacker's."""
    assert refused(host=host) == 421


def test_other_names_of_this_machine_are_told_apart() -> None:
    """`localhost` is led to the link's name, as its cookie is; where the host is another, not."""
    assert ORIGIN.elsewhere(Knock("GET", "/", {"host": "localhost:8620"}))
    assert not ORIGIN.elsewhere(Knock("GET", "/", {"host": OWN}))
    assert not ORIGIN.elsewhere(Knock("GET", "/", {"host": "localhost:80"}))
    outside = Origin("192.0.2.7", 8620)
    assert not outside.elsewhere(Knock("GET", "/", {"host": "localhost:8620"}))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": f"http://{OWN}", "sec_fetch_site": "same-origin"}, 0),
        ({"origin": f"http://{OWN}"}, 0),
        ({}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": f"http://{OWN}.evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9999", "sec_fetch_site": "same-site"}, 403),
        ({"origin": f"http://{OWN}", "sec_fetch_site": "cross-site"}, 403),
    ],
)
def test_only_our_own_pages_may_send(headers: dict[str, str], status: int) -> None:
    """No origin, that of another site, of another port, or a browser that says so: refused."""
    assert refused("POST", **headers) == status


def test_behind_a_proxy_pages_have_its_scheme() -> None:
    """A page that came by https sends from there."""
    sent = {"origin": "https://plans.example.com", "sec_fetch_site": "same-origin"}
    assert refused("POST", "plans.example.com", **sent) == 0
    assert refused("POST", OWN, **sent) == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, 0),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"}, 403),
        ({"sec_fetch_site": "same-site", "sec_fetch_mode": "cors"}, 403),
        ({"sec_fetch_site": "none", "sec_fetch_mode": "navigate"}, 0),
    ],
)
def test_another_site_may_lead_here_but_not_look(headers: dict[str, str], status: int) -> None:
    """A link is followed; a picture, a script or a fetch from elsewhere is refused."""
    assert refused(**headers) == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH"])
def test_other_methods_are_not_understood(method: str) -> None:
    """No preflight is ever answered."""
    assert refused(method, origin=f"http://{OWN}") == 405
