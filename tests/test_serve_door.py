"""Who is let in to the page to work on: more than twenty ways that are none, and two that are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from serving import HOST, PORT, Visitor


@pytest.fixture
def visitor(workspace: Path) -> Iterator[Visitor]:
    found = Visitor(workspace)
    with found.client:
        yield found.enter()


def edit(visitor: Visitor, **headers: str) -> Any:
    root = visitor.root("songzhuang")
    wish = {"do": "line", "path": ["标题"], "value": "坏"}
    said = {"version": visitor.version(root), "page": "view", "wish": wish}
    own = {"origin": HOST, **headers}
    return visitor.client.post(f"{root}/edit", json=said, headers=own)


def without_cookie(visitor: Visitor) -> Any:
    visitor.client.cookies.clear()
    return visitor.client.get("/")


def wrong_cookie(visitor: Visitor) -> Any:
    visitor.client.cookies.clear()
    visitor.client.cookies.set(visitor.passport.cookie, "x" * 32)
    return visitor.client.get("/")


def no_cookie_but_our_token_elsewhere(visitor: Visitor) -> Any:
    visitor.client.cookies.clear()
    return visitor.client.get(f"/new?token={visitor.passport.token}")


def used_ticket(visitor: Visitor) -> Any:
    address = visitor.passport.ticket().removeprefix(HOST)
    visitor.client.get(address)
    return visitor.client.get(address)


def raw_body(visitor: Visitor) -> Any:
    root = visitor.root("songzhuang")

    def body() -> Iterator[bytes]:
        yield b"x" * 10

    headers = {"origin": HOST, "content-type": "application/json"}
    return visitor.client.post(f"{root}/edit", content=body(), headers=headers)


def too_much_said_to_be_little(visitor: Visitor) -> Any:
    root = visitor.root("songzhuang")
    headers = {"origin": HOST, "content-type": "application/json", "content-length": "10"}
    content = b"[" * 1_000_001
    return visitor.client.post(f"{root}/edit", content=content, headers=headers)


def upload(visitor: Visitor, length: int) -> Any:
    office = visitor.root("songzhuang").split("/")[2]
    headers = {
        "origin": HOST,
        "content-type": "application/octet-stream",
        "content-length": str(length),
    }
    address = f"/make/{office}/import?name=a.docx"
    return visitor.client.post(address, content=b"PK", headers=headers)


ATTACKS: dict[str, tuple[int, Callable[[Visitor], Any]]] = {
    "no cookie": (403, without_cookie),
    "a guessed cookie": (403, wrong_cookie),
    "a wrong token": (403, lambda v: v.client.get("/?token=" + "x" * 32)),
    "two tokens": (403, lambda v: v.client.get(f"/?token=x&token={v.passport.token}")),
    "a token at another address": (403, no_cookie_but_our_token_elsewhere),
    "a ticket for the second time": (403, used_ticket),
    "a name of others that leads here": (
        403,
        lambda v: v.client.get("/", headers={"host": f"evil.example:{PORT}"}),
    ),
    "our name at another port": (
        403,
        lambda v: v.client.get("/", headers={"host": "127.0.0.1:1"}),
    ),
    "a page of another site that reads": (
        403,
        lambda v: v.client.get("/", headers={"origin": "http://evil.example"}),
    ),
    "a page of another port that reads": (
        403,
        lambda v: v.client.get("/", headers={"sec-fetch-site": "same-site"}),
    ),
    "a page of another site that writes": (403, lambda v: edit(v, origin="http://evil.example")),
    "a page without an origin that writes": (403, lambda v: edit(v, origin="null")),
    "a request of unknown origin that writes": (403, lambda v: edit(v, origin="")),
    "a form": (
        415,
        lambda v: edit(v, **{"content-type": "application/x-www-form-urlencoded"}),
    ),
    "a form of plain text": (415, lambda v: edit(v, **{"content-type": "text/plain"})),
    "a form with files": (415, lambda v: edit(v, **{"content-type": "multipart/form-data"})),
    "an edit of unknown length": (411, raw_body),
    "an edit that is longer than it says": (413, too_much_said_to_be_little),
    "an upload that is too large": (413, lambda v: upload(v, 50_000_001)),
    "another method": (405, lambda v: v.client.delete("/")),
    "an address that is too long": (414, lambda v: v.client.get("/?q=" + "x" * 3000)),
    "a path of the file system": (404, lambda v: v.client.get("/static/..%2f..%2fapp.py")),
    "a path out of the workspace": (
        404,
        lambda v: v.client.get("/r/..%2f..%2fetc/2024"),
    ),
    "a style that is not ours": (404, lambda v: v.client.get("/static/published.css")),
    "an office by its folder": (404, lambda v: v.client.get("/r/songzhuang/2024")),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_and_changes_nothing(visitor: Visitor, name: str) -> None:
    status, attack = ATTACKS[name]
    files = {file: file.read_bytes() for file in visitor.service.workspace.root.rglob("*.yaml")}
    answer = attack(visitor)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert "script-src 'nonce-" in answer.headers["content-security-policy"]
    assert {file: file.read_bytes() for file in files} == files


def test_the_start_address_gives_a_strict_cookie_and_leads_on_without_the_token(
    workspace: Path,
) -> None:
    visitor = Visitor(workspace)
    answer = visitor.client.get(visitor.passport.address)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert visitor.passport.token not in cookie + answer.text
    assert 'content="0;url=/"' in answer.text
    assert visitor.client.get("/").status_code == 200


def test_two_browsers_at_once_are_let_in(workspace: Path) -> None:
    visitor = Visitor(workspace).enter()
    first = dict(visitor.client.cookies)
    visitor.client.cookies.clear()
    visitor.enter()
    assert visitor.client.get("/").status_code == 200
    visitor.client.cookies.clear()
    visitor.client.cookies.update(first)
    assert visitor.client.get("/").status_code == 200


def test_every_answer_allows_no_more_than_our_own_script(visitor: Visitor) -> None:
    root = visitor.root("songzhuang")
    nonces = set()
    for address in ("/", "/new", root, f"{root}/part/1", f"{root}/part/3", "/static/app.js"):
        answer = visitor.client.get(address)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        nonces.add(policy.partition("'nonce-")[2].partition("'")[0])
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    assert len(nonces) == 6
    published = visitor.client.get(f"{root}/published").headers["content-security-policy"]
    assert "sandbox allow-same-origin" in published and "script-src" not in published


def test_what_a_report_says_is_never_markup(visitor: Visitor, workspace: Path) -> None:
    evil = "<script>alert(1)</script>"
    file = workspace / "songzhuang" / "2024.yaml"
    file.write_text(file.read_text("utf-8").replace("主动公开\n", f"主动公开{evil}\n"), "utf-8")
    root = visitor.root("songzhuang")
    for page in ("", "/part/0", "/part/1", "/published", "/picker"):
        text = visitor.client.get(f"{root}{page}").text
        assert evil not in text
    assert "&lt;script&gt;alert(1)" in visitor.client.get(f"{root}/part/1").text
