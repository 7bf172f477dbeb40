"""Secrets are long, of one server, never the same, and not in what is printed of them."""

from __future__ import annotations

import pytest

from foreship.workbench.door.session import Session

SESSION = Session(8620)


def test_the_cookie_lets_in_and_the_token_is_another_secret() -> None:
    """Who saw the link does not know the cookie, and the other way round."""
    name, rest = SESSION.cookie.split("=", 1)
    value, *marks = rest.split("; ")
    assert name == SESSION.cookie_name == "foreship-8620"
    assert marks == ["HttpOnly", "SameSite=Strict", "Path=/"]
    assert SESSION.is_inside({name: value})
    assert SESSION.is_token(SESSION.token)
    assert not SESSION.is_token(value)
    assert not SESSION.is_inside({name: SESSION.token})
    assert min(len(value), len(SESSION.token)) >= 43


@pytest.mark.parametrize("text", ["", "x", "é", "\udcff", "\x00"])
def test_what_is_no_secret_of_ours_is_refused(text: str) -> None:
    """Also letters that no header may hold."""
    assert not SESSION.is_token(text)
    assert not SESSION.is_inside({"foreship-8620": text})
    assert not SESSION.is_inside({})


def test_two_servers_do_not_know_each_other() -> None:
    """Another port has another cookie; the same port after a restart another secret."""
    other = Session(8620)
    assert not other.is_token(SESSION.token)
    assert other.cookie != SESSION.cookie
    assert Session(8621).cookie_name != SESSION.cookie_name


def test_secrets_are_not_in_its_repr() -> None:
    """A log of values does not give them away."""
    assert SESSION.token not in repr(SESSION)
    assert SESSION.cookie.split("=", 1)[1].split(";")[0] not in repr(SESSION)
