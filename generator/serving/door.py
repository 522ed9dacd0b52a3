"""Who may come in: this user, from this machine, by pages of our own.

Every program of this machine, and every page in the user's browser, can send requests to a port on
the loopback address. What keeps them out: a token in the start address, exchanged for a cookie that
no script reads and no other site's request carries; a host name that is ours, so that no name of
others may be pointed at us; an origin that is ours; a type of content that no form of another site
can send; bodies of bounded size. Our own pages may run the one script that has their nonce.
"""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from generator.old_report.original import LARGEST_ARCHIVE

TOKEN: Final = "token"
JSON: Final = "application/json"
UPLOAD: Final = "application/octet-stream"
LARGEST: Final[dict[str, int]] = {JSON: 1_000_000, UPLOAD: LARGEST_ARCHIVE}
"""Bytes of a request's body, by its type: a change, or an old report as ``import`` bounds it."""
LONGEST_ADDRESS: Final = 2_000
"""Characters of a path with its query; the longest of ours has a search in it."""
SHOWN_WITHIN = "within"
"""A key of a request's state: the answer is shown within one of our pages and runs no script."""

_METHODS = ("GET", "HEAD", "POST")
_ENTER = b"""<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8">\
<meta http-equiv="refresh" content="0;url=/"><title>\xe5\xb9\xb4\xe6\x8a\xa5</title>\
<p><a href="/">\xe6\x89\x93\xe5\xbc\x80</a></p>"""


@dataclass
class Refused(Exception):
    """A request that is not let in: the status to answer with, and why, for the user."""

    status: int
    reason: str


@dataclass
class Pass:
    """What this run of the page knows its user by."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    session: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    tickets: set[str] = field(default_factory=set)

    @property
    def cookie(self) -> str:
        """The cookie's name: browsers share cookies between the ports of a host."""
        return f"nianbao-{self.port}"

    @property
    def address(self) -> str:
        """The start address, for as long as this runs."""
        return f"{self._root}/?{TOKEN}={self.token}"

    def ticket(self) -> str:
        """Return a start address that works once: other users see what a browser is started with.

        By then it has been used.
        """
        ticket = secrets.token_urlsafe(24)
        self.tickets.add(ticket)
        return f"{self._root}/?{TOKEN}={ticket}"

    @property
    def _root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def admits(self, token: str) -> bool:
        """Whether a token is the run's own, or a ticket that nobody has used."""
        if token in self.tickets:
            self.tickets.discard(token)
            return True
        return compare_digest(token.encode(), self.token.encode())

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names that this machine calls itself by."""
        return tuple(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost"))


class Door:
    """Stands before the application: refuses, lets in, and seals every answer."""

    def __init__(self, app: ASGIApp, passport: Pass) -> None:
        """Guard ``app`` by what ``passport`` knows."""
        self.app = app
        self.passport = passport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; what is no request is the server's own beginning and end."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        if scope["type"] != "http":
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _seal(MutableHeaders(raw=message["headers"]), nonce, scope["state"])
                message["headers"] = MutableHeaders(raw=message["headers"]).raw
            await send(message)

        try:
            headers = Headers(scope=scope)
            self._check(scope, headers)
            if self._enters(scope):
                await self._welcome(sealed)
                return
            self._check_session(headers)
            await self.app(scope, _bounded(receive, _largest(headers)), sealed)
        except Refused as refused:
            await _answer(sealed, refused.status, refused.reason.encode())

    def _check(self, scope: Scope, headers: Headers) -> None:
        """Refuse what no page of ours would send."""
        method = scope["method"]
        if method not in _METHODS:
            raise Refused(405, "不支持这种请求")
        if len(scope["path"]) + len(scope.get("query_string", b"")) > LONGEST_ADDRESS:
            raise Refused(414, "地址太长")
        if headers.getlist("host") not in [[host] for host in self.passport.hosts]:
            raise Refused(403, "只接受本机的请求")
        own = f"http://{headers['host']}"
        if any(origin != own for origin in headers.getlist("origin")):
            raise Refused(403, "请求来自别的网页")
        if method == "POST":
            self._check_post(headers)

    def _check_post(self, headers: Headers) -> None:
        if not headers.get("origin"):
            raise Refused(403, "不知道请求来自哪里")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in LARGEST:
            raise Refused(415, "不接受这种内容")
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdigit():
            raise Refused(411, "请求没有写明长度")
        if int(length) > LARGEST[kind]:
            raise Refused(413, "内容太大")

    def _enters(self, scope: Scope) -> bool:
        """Whether somebody comes in by the start address."""
        if scope["method"] != "GET" or scope["path"] != "/":
            return False
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        given = query.get(TOKEN, [])
        if given and not (len(given) == 1 and self.passport.admits(given[0])):
            raise Refused(403, "这个地址已经用过或不对：请用命令行里给出的地址打开")
        return bool(given)

    def _check_session(self, headers: Headers) -> None:
        cookies = cookie_parser(headers.get("cookie", ""))
        given = cookies.get(self.passport.cookie, "")
        if not compare_digest(given.encode(), self.passport.session.encode()):
            raise Refused(403, "请用命令行里给出的地址打开（地址里带有口令）")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Refused(403, "请求来自别的网页")

    async def _welcome(self, send: Send) -> None:
        """Give the cookie, and lead on to an address without the token.

        Leading on is done by the page: after a redirect from elsewhere, a browser would hold the
        strict cookie back.
        """
        cookie = f"{self.passport.cookie}={self.passport.session}"
        strict = f"{cookie}; Path=/; HttpOnly; SameSite=Strict"
        await _answer(send, 200, _ENTER, [(b"set-cookie", strict.encode())], kind=b"text/html")


def _largest(headers: Headers) -> int:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return LARGEST.get(kind, 0)


def _bounded(receive: Receive, largest: int) -> Receive:
    """Count what really comes in: a length may be written wrong."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
            raise Refused(413, "内容太大")
        return message

    return counted


def _seal(headers: MutableHeaders, nonce: str, state: MutableMapping[str, Any]) -> None:
    """Say what the browser may do with an answer: as little as it needs."""
    if state.get(SHOWN_WITHIN):
        # A published page has its style, and widths of columns, written in it.
        policy = (
            f"default-src 'none'; style-src-elem 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
        )
    else:
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
            "img-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
            "trusted-types nianbao"
        )
    headers["content-security-policy"] = policy
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "no-referrer"
    headers["cross-origin-opener-policy"] = "same-origin"
    headers["cross-origin-resource-policy"] = "same-origin"
    headers["cache-control"] = "no-store"


async def _answer(
    send: Send,
    status: int,
    body: bytes,
    more: list[tuple[bytes, bytes]] | None = None,
    kind: bytes = b"text/plain",
) -> None:
    """Send a whole answer; nothing of it is anybody else's text."""
    headers = [
        (b"content-type", kind + b"; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *(more or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
