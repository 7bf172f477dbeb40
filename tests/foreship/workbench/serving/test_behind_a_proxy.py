"""Behind a proxy its word counts where it was told to, and nobody else's does."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

pytest.importorskip("uvicorn")

from foreship.errors import UsageError
from foreship.workbench.bench import Bench
from foreship.workbench.serving.app import app_of
from tests.foreship.workbench.served import door_of
from tests.foreship.workbench.serving.running import proxied, running
from tests.foreship.workbench.stand_ins import own_bench

NAME, SECRET = "plans.example.com", "s" * 32
CONFIGURED = {"user_header": "X-Remote-User", "names": (NAME,)}
PROXY = {"X-Remote-User": "Ada", "X-Foreship-Token": SECRET}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}",
        "Sec-Fetch-Site": "same-origin"}  # fmt: skip


class Heard(NamedTuple):
    """An answer."""

    status: int
    text: str


def ask(
    port: int, path: str, headers: Mapping[str, str] | None = None, form: object = None
) -> Heard:
    """Ask by the name that the proxy goes by; with a form, send it."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    body = None if form is None else urlencode(form)  # type: ignore[call-overload]
    sent = {"Host": NAME, **(headers or {}), **(FORM if body else {})}
    line.request("POST" if body else "GET", path, body, sent)
    answer = line.getresponse()
    found = Heard(answer.status, answer.read().decode())
    line.close()
    return found


@contextmanager
def served(place: Path, secret: str = SECRET, **settings: object) -> Iterator[tuple[Bench, int]]:
    """Lend a bench with such a door, and the port it is served at."""
    with own_bench(place) as bench:
        bench.door = door_of(secret, **settings)
        with running(app_of(bench)) as port:
            yield bench, port


def test_whoever_the_proxy_names_decides_by_that_name(tmp_path: Path) -> None:
    """From pages that came by https; what a browser sends of the proxy's headers counts nothing."""
    with served(tmp_path, **CONFIGURED) as (bench, port), proxied(port, PROXY) as front:
        run = bench.place("latest").name
        assert "said to be Ada" in ask(front, "/runs", {"X-Remote-User": "Eve"}).text
        form = {"line": 70, "decision": "drop", "base": 0}
        assert ask(front, f"/run/{run}/edits", {"x-remote-user": "Eve"}, form).status == 303
        assert [each.author for each in bench.draft(run).decided] == ["Ada"]


@pytest.mark.parametrize("sends", [
    {"X-Remote-User": "Eve"},
    {"X-Remote-User": "Eve", "X-Foreship-Token": ""},
    {"X-Remote-User": "Eve", "X-Foreship-Token": "t" * 32},
    {"X_Remote_User": "Eve", "X_Foreship_Token": SECRET},
    {"X-Foreship-Token": SECRET},
    {"X-Foreship-Token": SECRET, "X-Remote-User": " "},
])  # fmt: skip
def test_a_header_without_its_proxy_lets_nobody_in(
    tmp_path: Path, sends: Mapping[str, str]
) -> None:
    """Without the secret, with another one, by other letters, or without a name."""
    with served(tmp_path, **CONFIGURED) as (_, port):
        assert ask(port, "/runs", sends).status == 403


def test_a_proxy_elsewhere_is_not_believed(tmp_path: Path) -> None:
    """Only the addresses of `[serve] proxies` are; the secret alone does not do."""
    with served(tmp_path, **CONFIGURED, proxies=("192.0.2.1",)) as (_, port):
        assert ask(port, "/runs", PROXY).status == 403


def test_without_the_setting_no_header_is_a_name(tmp_path: Path) -> None:
    """Whoever came by the link is whom they call themselves."""
    with served(tmp_path, "", names=(NAME,)) as (bench, port), proxied(port, PROXY) as front:
        assert ask(front, "/runs").status == 403
        cookie = bench.door.session.cookie.split(";")[0]
        named = f"{cookie}; {bench.door.names.cookie_name}=Ben"
        told = ask(front, "/runs", {"Cookie": named}).text
        assert "said to be Ben" in told and "Ada" not in told


def test_a_name_of_ours_is_written_as_it_was_sent(tmp_path: Path) -> None:
    """Letters beyond ASCII come as UTF-8; what cannot be seen is left out."""
    sends = {**PROXY, "X-Remote-User": "Zo\u00eb\u202e".encode().decode("latin-1")}
    with served(tmp_path, **CONFIGURED) as (_, port), proxied(port, sends) as front:
        assert "said to be Zo\u00eb<" in ask(front, "/runs").text


ADDRESSES = re.compile(r'(?:href|src|action|hx-get|hx-post)="([^"#]*)')
BELOW = "/plans"
FORMS_ONLY = 405


def test_below_a_prefix_every_address_and_cookie_lies_below_it(tmp_path: Path) -> None:
    """The proxy cuts it off and knows no other path: pages, forms, files and redirects reach us."""
    with (
        served(tmp_path, **CONFIGURED, prefix=BELOW) as (bench, port),
        proxied(port, PROXY, cuts=BELOW) as front,
    ):
        run = bench.place("latest").name
        todo, seen = [f"{BELOW}/run/{run}", f"{BELOW}/run/{run}/edits/70"], set[str]()
        while todo and len(seen) < 60:
            path = todo.pop(0)
            if path in seen or ".csv" in path or ".xlsx" in path:
                continue
            seen.add(path)
            told = ask(front, path)
            assert told.status in (200, FORMS_ONLY), path
            found = {unescape(each) for each in ADDRESSES.findall(told.text) if each}
            assert not [each for each in found if not each.startswith(f"{BELOW}/")], path
            todo += sorted(found)
        assert any("/assets/" in each for each in seen)
        form = {"line": 70, "decision": "drop", "base": 0}
        line = http.client.HTTPConnection("127.0.0.1", front)
        sent = {"Host": NAME, **FORM}
        line.request("POST", f"{BELOW}/run/{run}/edits", urlencode(form), sent)
        assert line.getresponse().headers["Location"] == f"{BELOW}/run/{run}/edits"
        line.close()
        assert ask(front, f"/run/{run}/edits").status == 404


def test_a_prefix_that_is_not_cut_off_is_understood_too(tmp_path: Path) -> None:
    """And the start link leads below it; its cookies are for no other path."""
    with served(tmp_path, **CONFIGURED, prefix=BELOW) as (bench, port):
        assert f"{BELOW}/start?token=" in bench.door.link
        assert bench.door.session.cookie.endswith(f"Path={BELOW}")
        assert bench.door.names.cookie("Ada").endswith(f"Path={BELOW}")
        start = ask(port, bench.door.link.split("8620")[1])
        assert start.status == 200
        assert ask(port, f"{BELOW}/runs", PROXY).status == 200
        assert ask(port, BELOW, PROXY).status == 303
        assert ask(port, f"{BELOW}s/runs", PROXY).status == 404


def test_a_prefix_that_is_a_page_of_ours_is_refused(tmp_path: Path) -> None:
    """Below `/run` nobody could tell whose `/run/latest` is."""
    with own_bench(tmp_path) as bench:
        bench.door = door_of("", prefix="/run/plans")
        with pytest.raises(UsageError, match="begins as a page"):
            app_of(bench)
