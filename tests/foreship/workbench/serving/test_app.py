"""Between HTTP and the pages: nothing passes the door's back, every answer has its headers."""

from __future__ import annotations

import errno

import pytest

pytest.importorskip("starlette.testclient")

from foreship.errors import InputError
from foreship.reports.markup import element
from foreship.workbench.bench import Bench
from foreship.workbench.door.headers import ALWAYS, POLICY
from foreship.workbench.handling import Answer, Request, Route
from foreship_foundation.telling.words import fixed
from tests.foreship.workbench.served import OWN, SENT_BY_US, client_of

IN_PART = {"HX-Request": "true"}


def told(request: Request, bench: Bench) -> Answer:
    """Answer with all that was asked, as text."""
    sent = "" if request.file is None else request.file.read_text()
    words = [dict(request.path), dict(request.query), dict(request.form), request.who, sent]
    return Answer(element("h1", words, request.file_name), title="Told <b>")


def wrong(request: Request, bench: Bench) -> Answer:
    """Fail as the query asks."""
    raise {"input": InputError("bad tables"), "bug": ZeroDivisionError("by zero")}[
        request.asked("kind")
    ]


def sent(request: Request, bench: Bench) -> Answer:
    """Send what the query asks for."""
    kind = request.asked("kind")
    if kind == "away":
        return Answer(to="/run/latest?item=%3Cb%3E")
    if kind == "file":
        return Answer(bench.folder / "foreship.toml", kind="text/plain", file_name='ä "1".toml')
    return Answer(b"\x00\x01", kind="application/octet-stream", sandboxed=True)


ROUTES = (
    Route("GET", "/run/{run}/told", told, nav="Told"),
    Route("POST", "/run/{run}/told", told),
    Route("GET", "/wrong", wrong),
    Route("GET", "/sent", sent),
)


def test_a_page_hears_what_was_asked_and_is_put_into_its_frame(bench: Bench) -> None:
    """Path, query and who; ids come decoded and go out as text; it stands in the list of pages."""
    client = client_of(bench, ROUTES)
    client.cookies.set(bench.door.names.cookie_name, "Ada")
    page = client.get("/run/a%3Cb/told?q=1&q=%2F")
    assert page.status_code == 200
    assert "{&#x27;run&#x27;: &#x27;a&lt;b&#x27;}" in page.text
    assert "{&#x27;q&#x27;: [&#x27;1&#x27;, &#x27;/&#x27;]}" in page.text
    assert "said to be Ada" in page.text
    assert "<title>Told &lt;b&gt; - foreship</title>" in page.text
    assert '<a href="/run/a%3Cb/told" aria-current="page">Told</a>' in page.text


def test_numbers_are_written_as_the_browsers_language_has_them(bench: Bench) -> None:
    """Of each request its own; what is said to nobody in particular is English."""
    route = Route("GET", "/count", lambda request, bench: Answer(fixed(1234.5, 1)))
    client = client_of(bench, (route,))
    asked = [client.get("/count", headers={"Accept-Language": each}) for each in ("de", "en", "fr")]
    assert [each.text for each in asked] == ["1.234,5", "1,234.5", "1\u202f234,5"]
    assert fixed(1234.5, 1) == "1,234.5"


def test_a_fragment_has_no_frame(bench: Bench) -> None:
    """Only what is to be put into the page that is shown."""
    assert client_of(bench, ROUTES).get("/run/x/told", headers=IN_PART).text.startswith("<h1>")


def test_every_answer_has_its_headers(bench: Bench) -> None:
    """Pages, faults, assets, refusals and moves; assets may be kept for good."""
    client = client_of(bench, ROUTES)
    inside = [
        "/run/x/told",
        "/run/x/told/",
        "/nothing",
        "/wrong?kind=input",
        "/wrong?kind=bug",
        "/sent?kind=away",
    ]
    answers = [client.get(each) for each in inside]
    answers += [client_of(bench, ROUTES, inside=False).get(each) for each in ("/", "/start")]
    answers.append(client.get("/", headers={"Host": "localhost:8620"}))
    answers.append(client.get("/", headers={"Host": "evil.example"}))
    for each in answers:
        assert {name: each.headers[name] for name in ALWAYS} == dict(ALWAYS)
    statuses = [each.status_code for each in answers]
    assert statuses == [200, 404, 404, 400, 500, 303, 403, 403, 307, 421]
    assert answers[-2].headers["Location"] == f"{OWN}/"


def test_what_goes_wrong_around_a_page_has_its_headers_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library's own words, in which nothing of ours stands."""

    def broken(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("foreship.workbench.serving.app.frame_of", broken)
    client = client_of(bench, ROUTES)
    client = type(client)(client.app, base_url=OWN, raise_server_exceptions=False)
    client.get(bench.door.link.removeprefix(OWN))
    answer = client.get("/run/x/told")
    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_what_fails_is_told_without_its_traceback(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault in words, a bug by its number; also as a fragment."""
    client = client_of(bench, ROUTES)
    assert "Bad tables" in client.get("/wrong?kind=input").text
    told = client.get("/wrong?kind=bug", headers=IN_PART).text
    assert told.startswith('<section class="failed"')
    assert "by zero" not in told
    assert "by zero" in capsys.readouterr().err


def test_a_page_leads_elsewhere_by_a_redirect_or_by_its_script(bench: Bench) -> None:
    """A fragment cannot be redirected: its page goes there."""
    client = client_of(bench, ROUTES)
    there = "/run/latest?item=%3Cb%3E"
    assert client.get("/sent?kind=away").headers["Location"] == there
    assert client.get("/sent?kind=away", headers=IN_PART).headers["HX-Redirect"] == there


def test_files_are_sent_under_their_names(bench: Bench) -> None:
    """For every browser, and what is a page of its own may do nothing."""
    client = client_of(bench, ROUTES)
    file = client.get("/sent?kind=file")
    assert file.headers["Content-Disposition"] == (
        "attachment; filename=\"___1_.toml\"; filename*=UTF-8''%C3%A4%20%221%22.toml"
    )
    assert file.headers["Content-Type"] == "text/plain"
    raw = client.get("/sent?kind=bytes")
    assert raw.content == b"\x00\x01"
    assert raw.headers["Content-Security-Policy"].startswith("sandbox;")
    assert file.headers["Content-Security-Policy"] == POLICY


def test_a_form_comes_with_its_file_which_is_gone_afterwards(bench: Bench) -> None:
    """The file lay in the server's own folder under a name of ours."""
    client = client_of(bench, ROUTES)
    files = {"book": ("..\\up/../plan.csv", b"line,decision\n")}
    data = {"version": "3", "comment": "ä <b>"}
    page = client.post("/run/x/told", data=data, files=files, headers=SENT_BY_US)
    assert page.status_code == 200
    assert "&#x27;version&#x27;: &#x27;3&#x27;" in page.text
    assert "&#x27;ä &lt;b&gt;&#x27;" in page.text
    assert "line,decision" in page.text
    assert "plan.csv" in page.text
    assert "up/" not in page.text
    assert list(bench.scratch.iterdir()) == []


def test_a_full_disk_while_a_file_comes_in_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a page as any other trouble is, and nothing is left of the file."""

    def full(source: object, target: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("foreship.workbench.door.uploads.shutil.copyfileobj", full)
    files = {"book": ("plan.csv", b"line,decision\n")}
    page = client_of(bench, ROUTES).post("/run/x/told", files=files, headers=SENT_BY_US)
    assert page.status_code == 507
    assert "No space left on device" in page.text
    assert list(bench.scratch.iterdir()) == []


def test_without_our_origin_nothing_is_sent(bench: Bench) -> None:
    """The page is not even asked."""
    client = client_of(bench, ROUTES)
    assert client.post("/run/x/told", data={"a": "1"}).status_code == 403
    assert client.put("/run/x/told", headers=SENT_BY_US).status_code == 405
    assert client.post("/wrong", headers=SENT_BY_US).status_code == 405


def test_the_link_lets_in_and_no_other_does(bench: Bench) -> None:
    """With 200 and a page that is left at once: after a redirect from another site it would not."""
    client = client_of(bench, ROUTES, inside=False)
    assert client.get("/start?token=x").status_code == 403
    assert client.get("/").status_code == 403
    start = client.get(bench.door.link.removeprefix(OWN))
    assert (start.status_code, start.headers["Refresh"]) == (200, "0; url=/")
    assert start.headers["Set-Cookie"] == bench.door.session.cookie
    assert client.get("/run/x/told").status_code == 200


def test_a_name_is_kept_in_its_browser(bench: Bench) -> None:
    """Two browsers have two names."""
    ada, ben = client_of(bench, ROUTES), client_of(bench, ROUTES)
    for client, name in ((ada, "Ada; x"), (ben, "Bén")):
        kept = client.post("/name", data={"name": name}, headers=SENT_BY_US)
        assert (kept.status_code, kept.headers["Location"]) == (303, "/")
    assert "said to be Ada; x<" in ada.get("/run/x/told").text
    assert "said to be Bén<" in ben.get("/run/x/told").text


def test_assets_are_kept_for_good_and_shown_to_everybody(bench: Bench) -> None:
    """By the links of the page itself."""
    page = client_of(bench, ROUTES).get("/run/x/told").text
    link = page.split('<script src="')[1].split('"')[0]
    script = client_of(bench, ROUTES, inside=False).get(link)
    assert script.status_code == 200
    assert "immutable" in script.headers["Cache-Control"]
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert client_of(bench, inside=False).get("/assets/none.js").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/../foreship.toml", "/assets/../../foreship.toml", "/assets/%2e%2e/bench.py", "//etc/passwd",
     "/assets/%2fetc%2fpasswd", "/run/%2e%2e/told/x", "/%00", "/run//told"],
)  # fmt: skip
def test_no_address_is_a_path(bench: Bench, path: str) -> None:
    """Whatever an address says, files are found by looking them up."""
    assert client_of(bench, ROUTES).get(path).status_code == 404


def test_a_host_that_is_no_address_does_not_reach_a_page(bench: Bench) -> None:
    """A URL cannot even be made of it."""
    for host in ("[", "a b", "127.0.0.1:8620@evil.example", "x" * 5000):
        assert client_of(bench, ROUTES).get("/", headers={"Host": host}).status_code == 421


def test_every_page_of_the_product_has_its_own_address() -> None:
    """No two routes answer the same."""
    from foreship.workbench.serving.app import ROUTES as ALL

    addresses = [(each.method, each.pattern) for each in ALL]
    assert len(set(addresses)) == len(addresses)
