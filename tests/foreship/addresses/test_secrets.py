"""Secrets are seen wherever they stand, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from foreship.addresses.secrets import holds_secret, without_secrets
from tests.servers.planted import PLANTED


@pytest.mark.parametrize(("text", "secret"), PLANTED)
def test_a_planted_secret_is_seen_and_taken_out(text: str, secret: str) -> None:
    """Whatever form it has, it is recognised, and the rest of the text stays readable."""
    assert holds_secret(text)
    clean = without_secrets(f"cannot read {text} now")
    assert secret not in clean
    assert clean.startswith("cannot read ") and "***" in clean
    assert without_secrets(clean) == clean


@pytest.mark.parametrize(
    "text",
    [
        "orders.parquet",
        "postgresql://me@host:5432/shop#public.orders",
        "s3://bucket/year=2026/orders.parquet",
        "abfss://box@account.dfs.core.windows.net/orders",
        "select token, price from orders where secret_item > 3 and pwd_changed = 1",
        "Assumed: the secret of this margin is volume",
        "C:\\data\\orders.csv",
    ],
)
def test_plain_addresses_and_questions_hold_none(text: str) -> None:
    """They stay as they are."""
    assert not holds_secret(text)
    assert without_secrets(text) == text


def test_what_the_environment_keeps_secret_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password without any form is known by the variable that holds it; short ones are words."""
    monkeypatch.setenv("PGPASSWORD", "correct horse")
    monkeypatch.setenv("SHOP_API_KEY", "abc")
    monkeypatch.setenv("PGSSLKEYPATH", "/home/anna")
    said = without_secrets("login correct horse at /home/anna failed: abc")
    assert said == "login *** at /home/anna failed: abc"
