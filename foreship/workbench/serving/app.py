"""Between HTTP and the pages: every request through the door, every answer with its headers."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request as Asked
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route as Served

from foreship.workbench.bench import Bench
from foreship.workbench.door.door import ASSETS, START
from foreship.workbench.door.headers import ALWAYS, FOREVER, SANDBOX
from foreship.workbench.door.knock import Knock, Refused
from foreship.workbench.door.places import NotFound
from foreship.workbench.door.prefix import refuse_page, without_prefix
from foreship.workbench.door.unread import Unread
from foreship.workbench.door.uploads import Sent, read_sent
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.pages import (
    asking,
    cell,
    deciding,
    files,
    finding,
    home,
    limits,
    lines,
    overview,
    review,
    runs,
    signing,
    source,
    trying,
    week,
    working,
)
from foreship.workbench.serving.faults import answer_of
from foreship.workbench.serving.framing import frame_of
from foreship.workbench.web import links
from foreship.workbench.web.assets import asset
from foreship.workbench.web.languages import marks_of
from foreship.workbench.web.page import Frame, whole
from foreship_foundation.telling.marks import spoken_in

__all__ = ["ROUTES", "app_of"]

# in the order of the list that every page shows
PAGES = (
    home,
    week,
    lines,
    deciding,
    signing,
    trying,
    asking,
    limits,
    review,
    runs,
    cell,
    overview,
    source,
    finding,
    files,
    working,
)
ROUTES: tuple[Route, ...] = tuple(route for page in PAGES for route in page.ROUTES)
"""every page of the workbench"""
RUN = "run"
MB = 1_000_000


def app_of(bench: Bench, routes: tuple[Route, ...] = ROUTES) -> App:
    """Return the workbench of a workspace as an ASGI application.

    Raises
    ------
    UsageError
        If the prefix below which it is served is called as one of its pages.
    """
    return App(bench, routes)


class App:
    """Judges a request at the door, finds its page and writes its answer."""

    def __init__(self, bench: Bench, routes: tuple[Route, ...]) -> None:
        self._bench, self._routes = bench, routes
        served = [
            Served(each.pattern, self._endpoint(each), methods=[each.method]) for each in routes
        ]
        own = [
            Served(START, self._start, methods=["GET"]),
            Served(f"{ASSETS}{{name}}", self._asset, methods=["GET"]),
            Served("/name", self._name, methods=["POST"]),
        ]
        refuse_page(bench.door.prefix, [each.path for each in (*own, *served)])
        handlers: Mapping[Any, Any] = {HTTPException: self._unknown}
        self._inner = Starlette(routes=[*own, *served], exception_handlers=handlers)
        self._inner.router.redirect_slashes = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        unread = Unread(scope["headers"], receive)
        receive, send = unread.receive, _heading(send, unread)
        path = without_prefix(scope["path"], self._bench.door.prefix)
        scope = {**scope, "path": path, "raw_path": quote(path).encode()}
        with links.under(self._bench.door.prefix):
            await self._let_in(scope, receive, send)

    async def _let_in(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request that the door admits."""
        asked = Asked(scope, receive)
        knock, door = _knock(asked), self._bench.door
        if door.moved(knock):
            path = links.rooted(asked.url.path)
            there = str(asked.url.replace(netloc=door.origin.own, path=path))
            await RedirectResponse(there, 307)(scope, receive, send)
            return
        try:
            who = door.admitted(knock)
        except Refused as error:
            await self._said(asked, "", answer_of(error))(scope, receive, send)
            return
        scope.setdefault("state", {})["who"] = who
        await self._inner(scope, receive, send)

    def _endpoint(self, route: Route) -> Callable[[Asked], Awaitable[Response]]:
        async def endpoint(asked: Asked) -> Response:
            sent = Sent()
            try:
                if route.method == "POST":
                    most = self._bench.config.serve.upload_mb * MB
                    sent = await read_sent(asked, self._bench.scratch, most)
                return await run_in_threadpool(self._answered, route, asked, sent)
            except Exception as error:
                return self._said(asked, asked.state.who, answer_of(error))
            finally:
                if sent.file is not None:
                    sent.file.unlink(missing_ok=True)

        return endpoint

    def _answered(self, route: Route, asked: Asked, sent: Sent) -> Response:
        """Ask a page, in the marks of the browser's language; what goes wrong is a page, too."""
        with spoken_in(marks_of(asked.headers.get("accept-language", ""))):
            try:
                answer = route.handler(_request(asked, sent), self._bench)
            except Exception as error:
                answer = answer_of(error)
            return self._said(asked, asked.state.who, answer)

    async def _start(self, asked: Asked) -> Response:
        """Let in whoever has the link.

        With a redirect a browser that came from another site would leave the cookie behind; a page
        that is left at once takes it along.
        """
        session = self._bench.door.session
        if not session.is_token(asked.query_params.get("token", "")):
            words = "this start link is of another server, or cut short; the newest one counts"
            return self._said(asked, "", answer_of(Refused(403, words)))
        answer = self._said(asked, "", Answer("Opening the workbench.", title="foreship"))
        answer.headers["Refresh"] = f"0; url={links.home()}"
        answer.headers["Set-Cookie"] = session.cookie
        return answer

    async def _asset(self, asked: Asked) -> Response:
        found = asset(asked.path_params["name"])
        if found is None:
            return self._said(asked, "", answer_of(NotFound("there is no such file")))
        answer = Response(found.body, media_type=found.kind)
        answer.headers["Cache-Control"] = FOREVER
        return answer

    async def _name(self, asked: Asked) -> Response:
        """Keep what somebody calls themselves, in their browser."""
        try:
            sent = await read_sent(asked, self._bench.scratch, 0)
        except Refused as error:
            return self._said(asked, asked.state.who, answer_of(error))
        answer = self._said(asked, asked.state.who, Answer(to=links.home()))
        answer.headers["Set-Cookie"] = self._bench.door.names.cookie(sent.fields.get("name", ""))
        return answer

    async def _unknown(self, asked: Asked, error: Exception) -> Response:
        """Answer where no page has the address, or not for this method."""
        status, path = getattr(error, "status_code", 404), asked.scope["path"]
        told = (
            NotFound(f"no page has the address {path}")
            if status == 404
            else Refused(status, f"{asked.method} is not understood at {path}")
        )
        return self._said(asked, asked.state.who, answer_of(told))

    def _said(self, asked: Asked, who: str, answer: Answer) -> Response:
        """Write an answer down for the browser, in the frame of a page if it is a whole one."""
        if answer.to:
            if _is_fragment(asked):
                return Response(status_code=200, headers={"HX-Redirect": answer.to})
            return RedirectResponse(answer.to, 303)
        body = answer.body
        if not isinstance(body, (bytes, str)):
            response: Response = FileResponse(str(body))
        elif isinstance(body, bytes):
            response = Response(body, answer.status)
        else:
            if answer.title and not _is_fragment(asked):
                run = str(asked.path_params.get(RUN, "")) or asked.query_params.get(RUN, "")
                path = str(asked.scope["path"])
                frame = frame_of(self._routes, self._bench, path, run, who) if who else Frame()
                body = whole(answer.title, body, frame)
            response = Response(str(body), answer.status)
        response.headers["Content-Type"] = answer.kind
        if answer.sandboxed:
            response.headers["Content-Security-Policy"] = SANDBOX
        if answer.file_name:
            response.headers["Content-Disposition"] = _disposition(answer.file_name)
        return response


def _knock(asked: Asked) -> Knock:
    peer = asked.client.host if asked.client else ""
    headers = dict(asked.headers.items())
    path = str(asked.scope["path"])  # a URL cannot be made of every `Host`
    return Knock(asked.method, path, headers, asked.cookies, peer)


def _request(asked: Asked, sent: Sent) -> Request:
    query = {key: asked.query_params.getlist(key) for key in asked.query_params}
    return Request(
        path=dict(asked.path_params),
        query=query,
        form=sent.fields,
        file=sent.file,
        file_name=sent.file_name,
        who=asked.state.who,
        fragment=_is_fragment(asked),
    )


def _is_fragment(asked: Asked) -> bool:
    return asked.headers.get("hx-request") == "true"


def _heading(send: Any, unread: Unread) -> Any:
    """Return a way to send that sets the headers of every answer that it has not set itself.

    Nothing is answered while something of the request is still to come, unless that has no end.
    """

    async def headed(message: Any) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if not await unread.thrown_away():
                headers["Connection"] = "close"
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
        await send(message)

    return headed


def _disposition(name: str) -> str:
    """Return the header of a download: a name that all browsers take, and the true one."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
