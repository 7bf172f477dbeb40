"""Secrets are seen wherever they stand: refused in settings, taken out of every message.

What is meant: a password in an address, a key, token or signature given by name, what is known by
its form, and whatever the environment holds under the name of a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["SECRET_WORDS", "has_secret", "holds_secret", "without_secrets"]

SECRET_WORDS = (
    "holds a password, key or token",
    "it stays out of files: PostgreSQL takes it from PGPASSWORD or ~/.pgpass, stores from their "
    "own variables or profile (AWS_PROFILE, ...)",
)
"""what is wrong with a setting that holds one, and what would be right"""
HIDDEN = "***"
NAMES = (
    r"(?:ssl)?password|passwd|pwd|passphrase|secret|client[_-]?secret|secret[_-]?key"
    r"|(?:aws[_-]?)?secret[_-]?access[_-]?key|(?:aws[_-]?)?access[_-]?key(?:[_-]?id)?"
    r"|(?:shared[_-]?|storage[_-]?)?(?:account|access)[_-]?key|key[_-]?id|api[_-]?key"
    r"|(?:\w+[_-])?token|sas|sig|signature|credentials?|x-(?:amz|goog)-[a-z-]+"
)
VALUE = r"'[^']*'|\"[^\"]*\"|[^\s&;,'\"{}]+"
IN_ADDRESS = re.compile(r"(?P<before>\w://[^/?#\s:]*:)[^\s]*@")
NAMED = re.compile(
    rf"(?P<before>(?<![\w.-])[\"']?(?:{NAMES})[\"']?(?:\s*(?:=|:(?!:))\s*|\s+(?=')))(?:{VALUE})",
    re.IGNORECASE,
)
BY_FORM = re.compile(
    r"\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{12,}"  # Amazon's ids of keys
    r"|\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"  # JSON web tokens
    r"|\bya29\.[\w-]+|\bAIza[\w-]{20,}"  # Google's tokens and keys
    r"|\b(?:gh[pousr]|glpat|xox[abprs])[_-][\w-]{10,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
)
IN_ENVIRONMENT = re.compile(
    r"PASSWORD|PASSWD|SECRET|TOKEN|(ACCESS|ACCOUNT|STORAGE|API)_KEY|CONNECTION_STRING|SAS",
    re.IGNORECASE,
)
NOT_SECRET = re.compile(r"(FILE|PATH|URI|URL)$", re.IGNORECASE)
SHORTEST = 6
"""letters below which a value of the environment is not looked for: every text holds it"""


def holds_secret(text: str) -> bool:
    """Whether a text holds what looks like a password, key, token or signature."""
    return bool(IN_ADDRESS.search(text) or NAMED.search(text) or BY_FORM.search(text))


def has_secret(value: Any) -> bool:
    """Whether a plain value, a list or a section of settings holds a text with a secret."""
    if isinstance(value, Mapping):
        return any(map(has_secret, value.values()))
    if isinstance(value, list | tuple):
        return any(map(has_secret, value))
    return isinstance(value, str) and holds_secret(value)


def without_secrets(text: str) -> str:
    """Return a text with `***` for whatever is a secret in it."""
    for value in _of_environment():
        text = text.replace(value, HIDDEN)
    text = IN_ADDRESS.sub(rf"\g<before>{HIDDEN}@", text)
    return BY_FORM.sub(HIDDEN, NAMED.sub(rf"\g<before>{HIDDEN}", text))


def _of_environment() -> list[str]:
    """Return the secrets that the environment holds, the longest first."""
    named = (
        value
        for name, value in os.environ.items()
        if IN_ENVIRONMENT.search(name) and not NOT_SECRET.search(name)
    )
    return sorted((each for each in named if len(each) >= SHORTEST), key=len, reverse=True)
