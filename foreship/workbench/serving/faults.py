"""Errors as pages: what is wrong, where, what would be right, and what to do next."""

from __future__ import annotations

import secrets
import sys
import traceback
from collections.abc import Sequence

from foreship.errors import Fault
from foreship.exit_codes import REMEDIES, exit_code_of, is_expected
from foreship.reports.markup import Content, element
from foreship.workbench.door.knock import Refused
from foreship.workbench.door.places import NotFound
from foreship.workbench.handling import Answer
from foreship.workbench.web.faulty import fault_table
from foreship_foundation.telling.words import sentence

__all__ = ["answer_of"]

STATUSES = {2: 400, 3: 400, 4: 409, 5: 507, 7: 423, 8: 507}
"""exit code that a command would have -> HTTP status; any other is a fault of the server, 500"""
USAGE = 2
"""exit code of what was asked wrongly: the words say what would be right"""


def answer_of(error: Exception) -> Answer:
    """Return an error as a page; of a bug of ours its traceback goes to stderr under an id."""
    if isinstance(error, Refused):
        return _told(error.status, "Not let in" if error.status == 403 else "Refused", str(error))
    if not is_expected(error):
        return _bug(error)
    code = exit_code_of(error)
    status = 404 if isinstance(error, NotFound) else STATUSES.get(code, 500)
    faults = [each for each in getattr(error, "faults", ()) if isinstance(each, Fault)]
    words = getattr(error, "strerror", None) or str(error)
    if isinstance(error, OSError) and error.strerror and error.filename:
        words = f"{error.filename}: {words}"
    words = words.split("\n")[0] if faults else words
    title = "There is no such page" if status == 404 else "That cannot be done"
    is_said = code == USAGE or any(each.remedy for each in faults)
    remedy = "" if is_said else sentence(REMEDIES.get(code, ""))
    return _told(status, title, words, remedy, faults)


def _told(
    status: int, title: str, words: str, remedy: str = "", faults: Sequence[Fault] = ()
) -> Answer:
    parts: list[Content] = [element("h1", title), element("p", sentence(words))]
    if faults:
        parts.append(fault_table(faults))
    if remedy:
        parts.append(element("p", remedy, class_="soft"))
    body = element("section", *parts, class_="failed", role="alert", data_status=status)
    return Answer(body, status=status, title=title)


def _bug(error: Exception) -> Answer:
    number = secrets.token_hex(4)
    lines = "".join(traceback.format_exception(error)).rstrip()
    sys.stderr.write(f"error {number}: a bug of ours; please report it with these lines\n{lines}\n")
    sys.stderr.flush()
    return _told(
        500,
        "A bug of ours",
        f"this page failed; where foreship serve was started stands why, under {number}",
    )
