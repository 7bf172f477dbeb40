"""A name is a proxy's word only where one is configured and proves itself; else it is one's own."""

from __future__ import annotations

import pytest

from foreship.errors import UsageError
from foreship.params import ServeParams
from foreship.workbench.door.knock import Knock, Refused
from foreship.workbench.door.who import LONGEST_NAME, Names, clean_name

SECRET = "s" * 32
BEHIND = Names(8620, ServeParams(user_header="X-User"), SECRET)
PROVEN = {"x-foreship-token": SECRET}


def knock(headers: dict[str, str], peer: str = "127.0.0.1") -> Knock:
    """Return a request of a machine."""
    return Knock("GET", "/", headers, {}, peer)


def test_a_proxy_that_proves_itself_names_the_user() -> None:
    """Header, secret and address are right."""
    assert BEHIND.by_proxy(knock({**PROVEN, "x-user": "Ada"})) == "Ada"


@pytest.mark.parametrize(
    ("headers", "peer"),
    [
        ({"x-user": "Ada"}, "127.0.0.1"),
        ({"x-user": "Ada", "x-foreship-token": "s" * 31}, "127.0.0.1"),
        ({"x-user": "Ada", "x-foreship-token": ""}, "127.0.0.1"),
        ({**PROVEN, "x-user": "Ada"}, "192.0.2.9"),
        ({**PROVEN, "x-user": "Ada"}, ""),
    ],
)
def test_a_name_from_elsewhere_is_no_proxys(headers: dict[str, str], peer: str) -> None:
    """Any program of this machine, or any machine, could send one."""
    assert BEHIND.by_proxy(knock(headers, peer)) is None


def test_without_the_setting_no_header_is_believed() -> None:
    """Not even with the secret."""
    assert Names(8620, ServeParams(), SECRET).by_proxy(knock({**PROVEN, "x-user": "Ada"})) is None


@pytest.mark.parametrize("name", ["", " ", "\x00"])
def test_a_proxy_that_names_nobody_is_refused(name: str) -> None:
    """What is decided has somebody who decided it."""
    with pytest.raises(Refused, match="named nobody") as found:
        BEHIND.by_proxy(knock({**PROVEN, "x-user": name}))
    assert found.value.status == 403


@pytest.mark.parametrize("secret", ["", "s" * 31])
def test_a_short_secret_does_not_start(secret: str) -> None:
    """The variable is named, and how long it must be."""
    with pytest.raises(UsageError, match=r"FORESHIP_SERVE_TOKEN must hold .* 32"):
        Names(8620, ServeParams(user_header="X-User"), secret)


@pytest.mark.parametrize("name", ["Ada", "Ada Lovelace", "Žofie; x=1", "李", "<b>", '"', "a%20b"])
def test_what_somebody_calls_themselves_comes_back(name: str) -> None:
    """Through the cookie, whatever letters it has."""
    cookie = BEHIND.cookie(name)
    head, value = cookie.split("; ")[0].split("=", 1)
    assert cookie.isascii()
    assert cookie.count(";") == 3
    assert BEHIND.said(Knock("GET", "/", {}, {head: value})) == name


def test_nobody_said_anything_it_is_the_user_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where even that is unknown it is blank."""
    monkeypatch.setattr("getpass.getuser", lambda: "grace")
    assert BEHIND.said(knock({})) == "grace"

    def unknown() -> str:
        raise OSError("no user")

    monkeypatch.setattr("getpass.getuser", unknown)
    assert BEHIND.said(knock({})) == ""


def test_names_are_short_and_can_be_seen() -> None:
    """Line ends, marks that turn text around and length are taken out."""
    assert clean_name(" Ada\r\n\tLove\u202elace ") == "Ada Lovelace"
    assert len(clean_name("x" * 1000)) == LONGEST_NAME
