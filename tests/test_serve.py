"""The page to work on without a browser: what is shown, made, changed, taken back, taken away."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.drafting import edits
from generator.form.form import Forms
from generator.serving.overview import PAGE
from generator.values import keys
from serving import Visitor
from support import EXAMPLES, HANGS, ROOT, Outcome

FORM = Forms().load(2021)
(LARGE,) = (t for t in FORM.tables.values() if len(t.grid.figures) > 100)
CELL = (*LARGE.rows[0], LARGE.each[0])
TYPED = {"do": "figure", "path": list(CELL), "value": "3"}


@pytest.fixture
def visitor(workspace: Path) -> Visitor:
    return Visitor(workspace).enter()


def test_a_change_names_its_version_and_another_one_is_refused_with_both(
    visitor: Visitor, workspace: Path
) -> None:
    file = workspace / "songzhuang" / "2024.yaml"
    root = visitor.root("songzhuang")
    version = visitor.version(root)
    before = file.read_text("utf-8")
    theirs = before.replace("年度: 2024 ", "年度: 2024  ", 1)
    file.write_text(theirs, "utf-8")
    answer = visitor.edit(root, TYPED, version)
    assert answer.status_code == 409 and file.read_text("utf-8") == theirs
    said = answer.json()
    assert said["version"] == visitor.version(root) != version
    assert "+  本年新收: {自然人: 3}" in said["mine"] and "年度: 2024" in said["theirs"]
    assert visitor.edit(root, TYPED, said["version"]).status_code == 200
    assert file.read_text("utf-8") == edits.set_figure(theirs, FORM, CELL, "3")


def test_two_pages_change_one_report_one_after_the_other(visitor: Visitor, workspace: Path) -> None:
    root = visitor.root("songzhuang")
    version = visitor.version(root)
    assert visitor.edit(root, TYPED, version).status_code == 200
    assert visitor.edit(root, {**TYPED, "value": "4"}, version).status_code == 409


def test_changes_are_taken_back_one_by_one_but_not_what_others_changed(
    visitor: Visitor, workspace: Path
) -> None:
    file = workspace / "songzhuang" / "2024.yaml"
    root = visitor.root("songzhuang")
    contents = [file.read_bytes()]
    for value in ("3", "4", "5"):
        visitor.edit(root, {**TYPED, "value": value})
        contents.append(file.read_bytes())

    def step(name: str) -> Any:
        said = {"version": visitor.version(root), "page": "view"}
        return visitor.post(f"{root}/{name}", said)

    for content in (contents[2], contents[1]):
        assert step("undo").status_code == 200 and file.read_bytes() == content
    assert step("redo").status_code == 200 and file.read_bytes() == contents[2]
    file.write_bytes(contents[2] + b"# more\n")
    assert step("undo").status_code == 422 and file.read_bytes() == contents[2] + b"# more\n"


def test_a_preview_is_judged_and_not_written(visitor: Visitor, workspace: Path) -> None:
    file = workspace / "songzhuang" / "2024.yaml"
    before = file.read_bytes()
    root = visitor.root("songzhuang")
    said = {"version": visitor.version(root), "page": "3", "wish": TYPED, "preview": True}
    answer = visitor.post(f"{root}/edit", said)
    assert "左边 3 + 0 = 3" in answer.text and file.read_bytes() == before


WRONG: dict[str, Any] = {
    "no change": {},
    "an unknown change": {"do": "delete"},
    "a cell that is not there": {**TYPED, "path": ["x"]},
    "a path of the file system": {**TYPED, "path": ["..", "..", "etc"]},
    "a path that is no list": {**TYPED, "path": "本年新收"},
    "a figure that is none": {**TYPED, "value": "三"},
    "a value of a wrong kind": {**TYPED, "value": 3},
    "words in a table": {"do": "paragraphs", "path": list(CELL), "value": ["甲"]},
    "words at a key that is not ours": {"do": "line", "path": ["格式"], "value": "2019"},
    "words at the root": {"do": "line", "path": [], "value": "x"},
    "an item that is not there": {"do": "remove", "path": ["总体情况", "分项", 99]},
    "an item of what has none": {"do": "move", "path": ["前言"], "by": 1},
    "an acceptance of what cannot be": {"do": "accept", "rule": "T3-1", "reason": "好"},
    "an acceptance without a reason": {"do": "accept", "rule": "Y-2", "reason": " "},
    "an acceptance that is not there": {"do": "unaccept", "index": 7},
    "a line that is not there": {"do": "repair", "line": 10**9, "value": "x"},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wish_that_makes_no_sense_is_refused_in_words(
    visitor: Visitor, workspace: Path, name: str
) -> None:
    file = workspace / "songzhuang" / "2024.yaml"
    before = file.read_bytes()
    answer = visitor.edit(visitor.root("songzhuang"), WRONG[name])
    assert answer.status_code == 422 and answer.text and "Error" not in answer.text
    assert file.read_bytes() == before


def test_a_file_keeps_its_mark_and_the_ends_of_its_lines(visitor: Visitor, workspace: Path) -> None:
    file = workspace / "songzhuang" / "2024.yaml"
    text = file.read_text("utf-8")
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert visitor.edit(visitor.root("songzhuang"), TYPED).status_code == 200
    wanted = edits.set_figure(text, FORM, CELL, "3").replace("\n", "\r\n")
    assert file.read_bytes() == b"\xef\xbb\xbf" + wanted.encode()


def test_a_link_out_of_the_workspace_is_neither_shown_nor_written(
    workspace: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.yaml"
    file = workspace / "songzhuang" / "2024.yaml"
    shutil.move(file, outside)
    file.symlink_to(outside)
    before = outside.read_bytes()
    visitor = Visitor(workspace).enter()
    root = visitor.root("songzhuang")
    assert "主动公开" not in visitor.client.get(root).text
    assert visitor.edit(root, TYPED).status_code == 422
    assert outside.read_bytes() == before and file.is_symlink()


BROKEN = {
    "half a file": lambda text: text[: len(text) // 2] + "\n  {",
    "no colon": lambda text: text.replace("行政处罚: 5", "行政处罚 5"),
    "nothing": lambda text: "",
    "a list": lambda text: "- 1\n- 2\n",
    "no text at all": lambda text: text.encode("gb18030"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_shown_with_its_finding_on_every_page(
    visitor: Visitor, workspace: Path, name: str
) -> None:
    file = workspace / "songzhuang" / "2024.yaml"
    broken = BROKEN[name](file.read_text("utf-8"))
    file.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    root = visitor.root("songzhuang")
    for page in ("", "/part/0", "/part/1", "/part/3"):
        answer = visitor.client.get(f"{root}{page}")
        assert answer.status_code == 200 and 'class="finding error"' in answer.text
    assert visitor.client.get("/").status_code == 200
    assert visitor.client.get(f"{root}/download/docx").status_code == 422


def test_an_office_is_begun_carried_on_imported_and_taken_away(tmp_path: Path) -> None:
    visitor = Visitor(tmp_path).enter()
    begun = {"name": "孟津区新镇人民政府", "year": 2024, "kind": "", "folder": "xinzhen"}
    answer = visitor.post("/make/office", begun)
    assert answer.status_code == 200
    root = answer.json()["address"]
    assert (tmp_path / "xinzhen" / "office.yaml").is_file()
    assert "待填" in visitor.client.get(f"{root}/part/3").text
    assert visitor.post("/make/office", begun).status_code == 422, "it is there already"
    assert visitor.client.get(f"{root}/download/docx").status_code == 422
    draft = visitor.client.get(f"{root}/download/docx?draft=1")
    assert draft.status_code == 200 and draft.content.startswith(b"PK")
    office = root.split("/")[2]
    refused = visitor.post(f"/make/{office}/year", {"year": 2025})
    assert refused.status_code == 422 and "错误" in refused.text
    shutil.copy(EXAMPLES / "songzhuang" / "2024.yaml", tmp_path / "xinzhen" / "2024.yaml")
    made = visitor.post(f"/make/{office}/year", {"year": 2025}).json()
    assert made["address"] == f"/r/{office}/2025" and (tmp_path / "xinzhen" / "2025.yaml").is_file()
    for name, begins in {"docx": b"PK", "txt": "孟津".encode(), "html": b"<!DOCTYPE"}.items():
        taken = visitor.client.get(f"{root}/download/{name}")
        assert taken.status_code == 200 and taken.content.startswith(begins)
        assert "attachment" in taken.headers["content-disposition"]
    document = visitor.client.get(f"{root}/download/docx").content
    (tmp_path / "xinzhen" / "2024.yaml").unlink()
    headers = {"origin": str(visitor.client.base_url), "content-type": "application/octet-stream"}
    address = f"/make/{office}/import?name=../../%E6%97%A7.docx"
    answer = visitor.client.post(address, content=document, headers=headers)
    assert answer.status_code == 200 and answer.json()["address"] == root
    assert "行政处罚: 5" in (tmp_path / "xinzhen" / "2024.yaml").read_text("utf-8")
    again = visitor.client.post(address, content=document, headers=headers)
    assert again.status_code == 422 and str(tmp_path) not in again.text


@pytest.mark.parametrize("name", ["docx", "txt", "html", "pdf"])
def test_what_is_taken_away_in_any_format_is_read_back_when_it_is_uploaded(
    tmp_path: Path, name: str
) -> None:
    for module in ("typst", "pypdfium2") if name == "pdf" else ():
        pytest.importorskip(module, reason="PDF is an extra")
    shutil.copytree(EXAMPLES / "songzhuang", tmp_path / "songzhuang")
    file = tmp_path / "songzhuang" / "2024.yaml"
    visitor = Visitor(tmp_path).enter()
    root = visitor.root("songzhuang")
    taken = visitor.client.get(f"{root}/download/{name}")
    assert taken.status_code == 200
    file.unlink()
    headers = {"origin": str(visitor.client.base_url), "content-type": "application/octet-stream"}
    address = f"/make/{root.split('/')[2]}/import?name=old.{name}"
    answer = visitor.client.post(address, content=taken.content, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["address"] == root
    assert "行政处罚: 5" in file.read_text("utf-8")


@pytest.mark.parametrize("folder", ["..", "a/b", "/etc", ".x", "a\\b", "x" * 61, "a:b"])
def test_a_new_office_stays_within_the_workspace(tmp_path: Path, folder: str) -> None:
    visitor = Visitor(tmp_path).enter()
    said = {"name": "甲镇人民政府", "year": 2024, "folder": folder}
    assert visitor.post("/make/office", said).status_code == 422
    assert list(tmp_path.iterdir()) == []


def test_a_county_of_many_offices_is_searched_and_paged(tmp_path: Path) -> None:
    for number in range(PAGE + 20):
        folder = tmp_path / f"o{number:03}"
        folder.mkdir()
        (folder / "office.yaml").write_text(f"名称: 第{number}镇人民政府\n类型: 乡镇人民政府\n")
        (folder / "2024.yaml").write_text("格式: 2021\n年度: 2024\n", "utf-8")
    visitor = Visitor(tmp_path).enter()
    first = visitor.client.get("/").text
    assert first.count("<tr data-key") == PAGE and "共 2 页" in first
    assert visitor.client.get("/?page=2").text.count("<tr data-key") == 20
    found = visitor.client.get("/?q=第117镇").text
    assert found.count("<tr data-key") == 1 and "检查中" in found
    while visitor.service.workspace.examine_next():
        pass
    found = visitor.client.get("/?q=第117镇").text
    assert "检查中" not in found and "未填完" in found


def test_figures_added_up_over_the_offices_below_are_shown_as_such(
    visitor: Visitor, workspace: Path
) -> None:
    text = visitor.client.get(f"{visitor.root('yanshi')}/part/3").text
    assert visitor.client.get(visitor.root("yanshi")).status_code == 200
    assert ("由下级各单位相加" in text) == (
        keys.ROLL_UP in (workspace / "yanshi" / "2024.yaml").read_text("utf-8")
    )


# The command.


def test_a_missing_part_is_one_line_that_installs_it(
    nianbao: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from generator.commands import serve_command

    monkeypatch.setattr(serve_command, "find_spec", lambda _name: None)
    told = nianbao("serve", tmp_path)
    assert told.code == 2 and 'pip install "' in told.err and "[serve]" in told.err


def test_a_path_that_is_not_there_and_a_port_that_is_taken_are_wrong_usage(
    nianbao: Callable[..., Outcome], tmp_path: Path
) -> None:
    assert nianbao("serve", tmp_path / "none").code == 2
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = nianbao("serve", tmp_path, "--port", str(port), "--no-open")
    assert told.code == 2 and str(port) in told.err


@pytest.fixture
def started(workspace: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "generator", "serve", str(workspace), "--no-open"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def test_ctrl_c_ends_it_at_once_with_a_stream_open(started: subprocess.Popen[str]) -> None:
    import http.client

    assert started.stdout is not None
    address = started.stdout.readline().strip()
    host, _, query = address.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=HANGS)
    connection.request("GET", f"/{query}")
    answer = connection.getresponse()
    cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
    answer.read()
    connection.request("GET", "/events", headers={"cookie": cookie})
    stream = connection.getresponse()
    assert stream.status == 200 and stream.readline().startswith(b":")
    started.send_signal(signal.SIGINT)
    # Who waited for the stream would wait for ever: nobody closes it from this end.
    _, said = started.communicate(timeout=HANGS)
    assert started.returncode == 0 and "Traceback" not in said
    connection.close()


def test_it_listens_on_the_loopback_address_alone(started: subprocess.Popen[str]) -> None:
    assert started.stdout is not None
    port = int(started.stdout.readline().partition("/?")[0].rpartition(":")[2])
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    if not tables[0].exists():
        pytest.skip("this system does not list its sockets")
    rows = [
        row.split()[1:4] for t in tables if t.exists() for row in t.read_text().split("\n")[1:-1]
    ]
    found = [local for local, _, state in rows if state == "0A" and local.endswith(f":{port:04X}")]
    assert found == [f"0100007F:{port:04X}"], os.uname()
