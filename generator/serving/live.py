"""What has changed on the disk, told to every open page by server-sent events.

One task watches the workspace, another examines what is not known yet. Both end, with all streams,
as soon as the server is told to end: nothing is to be waited for when somebody presses Ctrl-C.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from watchfiles import Change, awatch

from generator.serving.desk import Desk
from generator.serving.workspace import Workspace

_SETTLES = 20
"""Milliseconds without another change before a change is told: an editor writes several files."""
_AT_MOST = 100
REPORT = "report"
"""Something of an office has changed on the disk."""
STANDING = "standing"
"""How far an office is has become known."""
News = dict[str, tuple[int, str] | None]
"""Offices by id, and of one where a single report has changed its year and its version now.

By these a page knows its own change again, which it shows already.
"""
_SUFFIXES = (".yaml", ".yml")
_REST = 0.01
"""Seconds between two examinations in the background: who works at the page comes first."""
_OFTEN = 0.5
"""Seconds between two messages that the list of offices knows more."""


class Live:
    """The open pages, and what they are told."""

    def __init__(self, workspace: Workspace, desk: Desk) -> None:
        """Tell of what happens in ``workspace``, to the reports that ``desk`` changes."""
        self.workspace = workspace
        self.desk = desk
        self.heard = 0
        """Counts what was told: a page says how much of it is in what it shows."""
        self._last: dict[str, dict[str, int]] = {REPORT: {}, STANDING: {}}
        """When each office was told of last, by kind of news."""
        self._pages: set[asyncio.Queue[str | None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()
        self._wake = asyncio.Event()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch and examine for as long as the server runs."""
        self._tasks = [asyncio.create_task(self._watch()), asyncio.create_task(self._examine())]
        try:
            yield
        finally:
            self.close()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """End everything that is open."""
        self._stop.set()
        self._wake.set()
        for page in self._pages:
            page.put_nowait(None)

    async def events(self, since: int) -> AsyncIterator[str]:
        """Yield what one page is told, until it or the server goes.

        First comes what it has missed: ``since`` is what had been told when it was rendered.
        """
        page: asyncio.Queue[str | None] = asyncio.Queue()
        self._pages.add(page)
        try:
            yield ": 开始\n\n"
            for event, last in self._last.items():
                if missed := sorted(office for office, when in last.items() if when > since):
                    yield _message(event, dict.fromkeys(missed))
            while not self._stop.is_set() and (message := await page.get()) is not None:
                yield message
        finally:
            self._pages.discard(page)

    def changed(self, news: News) -> None:
        """Tell all pages that something about these offices has changed."""
        self._tell(REPORT, news)
        self._wake.set()

    def _tell(self, event: str, news: News) -> None:
        self.heard += 1
        self._last[event].update(dict.fromkeys(news, self.heard))
        for page in self._pages:
            page.put_nowait(_message(event, news))

    async def _watch(self) -> None:
        # Of a single file its folder: editors put another file in its place.
        paths = self.workspace.paths
        places = [path if path.is_dir() else path.parent for path in paths if path.exists()]
        watched = awatch(
            *places, stop_event=self._stop, step=_SETTLES, debounce=_AT_MOST, watch_filter=_matters
        )
        async for changes in watched:
            files = list({Path(name) for _, name in changes})
            if any(change is not Change.modified for change, _ in changes):
                await run_in_threadpool(self.workspace.look_again)
            news: News = dict.fromkeys(self.workspace.forget(files))
            if len(files) == 1 and (report := self.workspace.report_in(files[0])):
                office, at = report
                news[office] = (at.year, self.desk.version(at))
            self.changed(news)

    async def _examine(self) -> None:
        clock = asyncio.get_running_loop().time
        told = clock()
        news: set[str] = set()
        while not self._stop.is_set():
            found = await run_in_threadpool(self.workspace.examine_next)
            if found:
                news.add(found[0])
            if news and (found is None or clock() - told > _OFTEN):
                self._tell(STANDING, dict.fromkeys(news))
                told, news = clock(), set()
            if found is None:
                self._wake.clear()
                await self._wake.wait()
            else:
                await asyncio.sleep(_REST)


def _message(event: str, news: News) -> str:
    return f"event: {event}\ndata: {json.dumps(dict(sorted(news.items())))}\n\n"


def _matters(_change: Change, name: str) -> bool:
    """Tell an office's file from what editors and this program leave beside it for a moment."""
    return name.endswith(_SUFFIXES) and not Path(name).name.startswith(".")
