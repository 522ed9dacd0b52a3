"""Addresses → answers, and the server that runs them until Ctrl-C.

Handlers look up what a request names and hand on; what they are handed back is shown. They run in
threads, the stream of events excepted.
"""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from generator.drafting.edits import CannotEdit
from generator.form.form import Forms
from generator.reading.workspace import ReportFile, place_of
from generator.serving import making
from generator.serving.answers import NOT_THERE, Told, answering, refused, said_in
from generator.serving.desk import Desk, Sheet
from generator.serving.door import SHOWN_WITHIN, Door, Pass, Refused
from generator.serving.findings import part_of
from generator.serving.live import Live
from generator.serving.making import FORMATS, Started
from generator.serving.pages import FOLDER, Pages, Visit
from generator.serving.wishes import change_of
from generator.serving.workspace import Office, Unknown, Workspace
from generator.values.diagnostics import KeyPath

_STATIC = {
    name: ((FOLDER / name).read_bytes(), "text/css" if name.endswith("css") else "text/javascript")
    for name in ("app.css", "app.js", "morph.js", "work.js", "table.js", "prose.js")
}
"""What pages load, by name: looked up here, never on the disk."""

_PAGES = ("document", "iframe")
"""What a browser says that it asks for, where a person is to read the answer."""
_DIGITS = 16
"""Digits of a number that a script can hold."""


class Service:
    """Everything behind the door."""

    def __init__(self, paths: Iterable[Path], forms: Forms) -> None:
        """Serve the reports under ``paths``.

        Raises:
            reading.workspace.PathError: a path leads nowhere; the message is for users.
        """
        self.forms = forms
        self.workspace = Workspace(paths, forms)
        self.desk = Desk(forms)
        self.pages = Pages(self.workspace, self.desk, forms)
        self.live = Live(self.workspace, self.desk)

    def app(self, passport: Pass) -> Door:
        """Return the application behind its door."""
        report = "/r/{office}/{year:int}"
        routes = [
            Route("/", self.offices),
            Route("/new", self.new),
            Route("/events", self.events),
            Route("/static/{name}", self.static),
            Route(report, self.report),
            Route(f"{report}/part/{{part:int}}", self.report),
            Route(f"{report}/next", self.next_blank),
            Route(f"{report}/goto", self.goto),
            Route(f"{report}/published", self.published),
            Route(f"{report}/figure", self.figure),
            Route(f"{report}/picker", self.picker),
            Route(f"{report}/download/{{format}}", self.download),
            Route(f"{report}/edit", self.edit, methods=["POST"]),
            Route(f"{report}/undo", self.undo, methods=["POST"]),
            Route(f"{report}/redo", self.redo, methods=["POST"]),
            Route("/make/office", self.make_office, methods=["POST"]),
            Route("/make/{office}/year", self.make_year, methods=["POST"]),
            Route("/make/{office}/import", self.make_import, methods=["POST"]),
        ]

        @contextlib.asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            async with self.live.running():
                yield

        handlers: Mapping[Any, Any] = {
            Refused: refused,
            HTTPException: self.not_found,
            Told: self.told,
        }
        return Door(
            Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers), passport
        )

    # What is shown.

    @answering
    def offices(self, request: Request) -> Response:
        """The offices."""
        return HTMLResponse(self.pages.offices(self._visit(request), request.query_params))

    @answering
    def new(self, request: Request) -> Response:
        """The form for a new office."""
        return HTMLResponse(self.pages.new(self._visit(request)))

    @answering
    def static(self, request: Request) -> Response:
        """A style sheet or a script."""
        found = _STATIC.get(request.path_params["name"])
        if found is None:
            raise Unknown
        return Response(found[0], media_type=found[1])

    @answering
    def report(self, request: Request) -> Response:
        """A report, as published or one of its parts to fill in."""
        visit = self._visit(request)
        office, year = self._named(request)
        sheet = self.desk.look(self.workspace.find(office.id, year))
        page = str(request.path_params.get("part", "view"))
        return HTMLResponse(self.pages.report(visit, office, year, page, sheet))

    @answering
    def next_blank(self, request: Request) -> Response:
        """The first part with something to be filled in."""
        sheet = self._sheet(request)
        root = request.url.path.removesuffix("/next")
        number = self.pages.first_blank(sheet)
        return RedirectResponse(root if number is None else f"{root}/part/{number}#blank", 303)

    @answering
    def goto(self, request: Request) -> Response:
        """The part that a place is in."""
        sheet = self._sheet(request)
        path = _steps(request)
        root = request.url.path.removesuffix("/goto")
        place = quote(json.dumps(path, ensure_ascii=False))
        return RedirectResponse(f"{root}/part/{part_of(sheet.form, path)}#place={place}", 303)

    @answering
    def published(self, request: Request) -> Response:
        """The report as published, to be shown within its page."""
        setattr(request.state, SHOWN_WITHIN, True)
        return HTMLResponse(self.pages.published(_nonce(request), self._shown(request)))

    @answering
    def figure(self, request: Request) -> Response:
        """What there is to know of a figure."""
        path = tuple(map(str, _steps(request)))
        return HTMLResponse(self.pages.figure(self._shown(request), path))

    @answering
    def picker(self, request: Request) -> Response:
        """The tables, to pick a figure in."""
        return HTMLResponse(self.pages.picker(self._shown(request)))

    @answering
    def download(self, request: Request) -> Response:
        """A document to take away."""
        name = request.path_params["format"]
        if name not in FORMATS:
            raise Unknown
        draft = request.query_params.get("draft") == "1"
        taken = making.taken(self._sheet(request).examined, name, draft=draft)
        saved_as = f"attachment; filename*=UTF-8''{quote(taken.name)}"
        headers = {"content-disposition": saved_as}
        return Response(taken.content, media_type=taken.kind, headers=headers)

    def told(self, request: Request, told: Told) -> Response:
        """What is not done, on a page of its own or for the one that asked."""
        if request.method == "GET" and request.headers.get("sec-fetch-dest") in _PAGES:
            return HTMLResponse(self.pages.told(self._visit(request), told), told.status)
        return PlainTextResponse(told.text, told.status)

    def not_found(self, request: Request, error: HTTPException) -> Response:
        """What is no address of ours."""
        said = NOT_THERE if error.status_code == 404 else "不支持这种请求"
        return self.told(request, Told(error.status_code, said))

    async def events(self, request: Request) -> Response:
        """What changes, for as long as the page is open."""
        since = request.query_params.get("since", "")
        heard = int(since) if since.isdecimal() and len(since) < _DIGITS else self.live.heard
        return StreamingResponse(self.live.events(heard), media_type="text/event-stream")

    # What is changed. Bodies are read in the event loop, the work is done in threads.

    async def edit(self, request: Request) -> Response:
        """One change of a report."""
        return await run_in_threadpool(self._edit, request, await said_in(request))

    async def undo(self, request: Request) -> Response:
        """The last change taken back."""
        return await run_in_threadpool(self._undo, request, await said_in(request))

    async def redo(self, request: Request) -> Response:
        """A change made again that was taken back."""
        return await run_in_threadpool(self._redo, request, await said_in(request))

    async def make_office(self, request: Request) -> Response:
        """A new office."""
        return await run_in_threadpool(self._make_office, request, await said_in(request))

    async def make_year(self, request: Request) -> Response:
        """A new year of an office."""
        return await run_in_threadpool(self._make_year, request, await said_in(request))

    async def make_import(self, request: Request) -> Response:
        """A year of an office, out of an old report."""
        return await run_in_threadpool(self._make_import, request, await request.body())

    @answering
    def _edit(self, request: Request, said: Mapping[str, Any]) -> Response:
        wish = said.get("wish")
        change = change_of(wish if isinstance(wish, dict) else {})
        work = self.desk.judged if said.get("preview") is True else self.desk.change
        self._touch(request, wish)
        return self._changed(request, said, lambda at, version: work(at, version, change))

    def _touch(self, request: Request, wish: Any) -> None:
        """Remember which figure is being typed: should it break something, it is asked for."""
        if isinstance(wish, dict) and wish.get("do") == "figure" and wish.get("path"):
            office, year = self._named(request)
            at = self.workspace.find(office.id, year)
            self.desk.touched[at.file] = tuple(map(str, wish["path"]))

    @answering
    def _undo(self, request: Request, said: Mapping[str, Any]) -> Response:
        return self._changed(request, said, self.desk.take_back)

    @answering
    def _redo(self, request: Request, said: Mapping[str, Any]) -> Response:
        return self._changed(request, said, self.desk.do_again)

    def _changed(
        self,
        request: Request,
        said: Mapping[str, Any],
        work: Callable[[ReportFile, str], Sheet],
    ) -> Response:
        """Make a change and return the page that it was made on as it is now."""
        visit = self._visit(request)
        office, year = self._named(request)
        version, page = said.get("version"), said.get("page")
        if not isinstance(version, str) or not isinstance(page, str):
            raise CannotEdit("请求不完整")
        if page != "view" and not page.isdecimal():
            raise Unknown
        sheet = work(self.workspace.find(office.id, year), version)
        self.workspace.forget([sheet.at.file])
        return HTMLResponse(self.pages.report(visit, office, year, page, sheet))

    @answering
    def _make_office(self, _request: Request, said: Mapping[str, Any]) -> Response:
        words = {key: str(said.get(key) or "") for key in ("name", "kind", "folder", "around")}
        around = words["around"]
        place = self.workspace.office(around).place.folder if around else self.workspace.root
        name, kind, folder = words["name"], words["kind"], words["folder"]
        year = _year(said)
        return self._made(making.start_office(place, folder, name, kind, year, self.forms))

    @answering
    def _make_year(self, request: Request, said: Mapping[str, Any]) -> Response:
        office = self.workspace.office(request.path_params["office"])
        return self._made(making.start_year(office.place.folder, _year(said), self.forms))

    @answering
    def _make_import(self, request: Request, content: bytes) -> Response:
        office = self.workspace.office(request.path_params["office"])
        name = request.query_params.get("name", "")
        return self._made(making.import_old(office.place.folder, content, name, self.forms))

    def _made(self, started: Started) -> Response:
        """Lead on to a report that was just made."""
        self.workspace.look_again()
        place = place_of(started.folder, started.year)
        address = f"/r/{self.workspace.id_of(place)}/{started.year}"
        return JSONResponse({"address": address, "notes": started.notes})

    def _visit(self, request: Request) -> Visit:
        """Return what a page is rendered for; to be asked before anything is read for it."""
        return Visit(_nonce(request), self.live.heard)

    def _named(self, request: Request) -> tuple[Office, int]:
        office = self.workspace.office(request.path_params["office"])
        return office, int(request.path_params["year"])

    def _sheet(self, request: Request) -> Sheet:
        office, year = self._named(request)
        return self.desk.look(self.workspace.find(office.id, year))

    def _shown(self, request: Request) -> Sheet:
        """Return the report of a page that asks for more of what it shows."""
        office, year = self._named(request)
        return self.desk.again(self.workspace.find(office.id, year))


def _nonce(request: Request) -> str:
    nonce: str = request.state.nonce
    return nonce


def _year(said: Mapping[str, Any]) -> int:
    year = said.get("year")
    if type(year) is not int:
        raise CannotEdit("年度应当是四位数")
    return year


def _steps(request: Request) -> KeyPath:
    """Return the place that a request names.

    Raises:
        Unknown: it names none.
    """
    try:
        steps = json.loads(request.query_params.get("path", ""))
    except (ValueError, RecursionError) as error:
        raise Unknown from error
    if not isinstance(steps, list) or not all(type(step) in (str, int) for step in steps):
        raise Unknown
    return tuple(steps)


class _Server(uvicorn.Server):
    """Ends at once: the streams of events are told so before anybody waits for them."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._live.close()
        super().handle_exit(sig, frame)


def listening(port: int) -> socket.socket:
    """Return a socket on the loopback address; port 0 takes one that is free.

    Raises:
        OSError: the port is taken.
    """
    # Named TCP, or asyncio leaves Nagle's algorithm on: a page would wait 40 ms behind its head.
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(("127.0.0.1", port))
        found.listen(128)  # whoever is told the address may come at once
    except OSError:
        found.close()
        raise
    return found


def run(service: Service, passport: Pass, found: socket.socket) -> None:
    """Serve until Ctrl-C, which ends it without a word."""
    config = uvicorn.Config(
        service.app(passport),
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config, service.live).run(sockets=[found])
