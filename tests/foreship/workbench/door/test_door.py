"""Nobody comes in without the link or a proxy that proves itself."""

from __future__ import annotations

import pytest

from foreship.workbench.door.knock import Knock, Refused
from tests.foreship.workbench.served import PORT, door_of

DOOR = door_of()
HOST = {"host": f"127.0.0.1:{PORT}"}


def cookies(door: object = DOOR) -> dict[str, str]:
    """Return the cookie of whoever came by the link."""
    name, value = door.session.cookie.split(";")[0].split("=", 1)  # type: ignore[attr-defined]
    return {name: value}


def test_the_link_holds_the_secret_and_leads_to_the_start() -> None:
    """It is what is printed once."""
    assert DOOR.link == f"http://127.0.0.1:{PORT}/start?token={DOOR.session.token}"


@pytest.mark.parametrize("path", ["/", "/run/latest", "/starter", "/name", "/asset", "//start"])
def test_without_the_cookie_every_page_is_shut(path: str) -> None:
    """And the refusal says how to get in."""
    with pytest.raises(Refused, match="start link") as found:
        DOOR.admitted(Knock("GET", path, HOST))
    assert found.value.status == 403


def test_with_the_cookie_the_name_said_goes_along() -> None:
    """Who asks is handed to the page."""
    said = {DOOR.names.cookie_name: "Ada"}
    assert DOOR.admitted(Knock("GET", "/", HOST, {**cookies(), **said})) == "Ada"


@pytest.mark.parametrize("path", ["/start", "/assets/page.css"])
def test_start_and_assets_are_for_everybody_of_our_name(path: str) -> None:
    """They hold no secret; another host's name is refused before them, too."""
    assert DOOR.admitted(Knock("GET", path, HOST)) == ""
    with pytest.raises(Refused):
        DOOR.admitted(Knock("GET", path, {"host": "evil.example"}))


def test_a_cookie_does_not_excuse_another_origin() -> None:
    """A form of another site is refused though the browser would send the cookie."""
    with pytest.raises(Refused, match="not sent by a page"):
        DOOR.admitted(Knock("POST", "/", {**HOST, "origin": "http://evil.example"}, cookies()))


def test_a_proxy_needs_no_cookie_and_what_it_names_counts() -> None:
    """Not the cookie in which somebody called themselves otherwise."""
    door = door_of("s" * 32, user_header="X-User", names=("plans.example.com",))
    headers = {"host": "plans.example.com", "x-user": "Ada", "x-foreship-token": "s" * 32}
    called = {door.names.cookie_name: "Ben"}
    assert door.admitted(Knock("GET", "/", headers, called, "127.0.0.1")) == "Ada"
    with pytest.raises(Refused, match="start link"):
        door.admitted(Knock("GET", "/", headers, called, "192.0.2.1"))


def test_another_name_of_this_machine_is_led_to_the_links() -> None:
    """Reading only: what was sent is not sent again elsewhere."""
    assert DOOR.moved(Knock("GET", "/", {"host": f"localhost:{PORT}"}))
    assert not DOOR.moved(Knock("POST", "/", {"host": f"localhost:{PORT}"}))
    assert not DOOR.moved(Knock("GET", "/", HOST))
