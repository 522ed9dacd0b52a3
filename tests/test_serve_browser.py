"""The page to work on in a real browser: a newcomer's year, every kind of change, conflicts."""

from __future__ import annotations

import io
import json
import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from browsing import Desk, browser, served
from generator.drafting import edit_prose, edits
from generator.drafting.edits import data_of
from generator.form.form import Forms
from generator.reading.workspace import find_reports
from generator.serving.overview import WAITING
from generator.values import keys
from npm import installed
from support import EXAMPLES, document_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

FORM = Forms().load(2021)
OFFICE = "孟津区送庄镇人民政府"
(LARGE,) = (t for t in FORM.tables.values() if len(t.grid.figures) > 100)
PARTS = [section.key for section in FORM.sections]
LARGE_PART = PARTS.index(LARGE.key) + 1
FIRST = PARTS[0]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office to work on, alone in its workspace."""
    return Path(shutil.copytree(EXAMPLES / "songzhuang", tmp_path / "reports" / "songzhuang"))


@pytest.fixture
def desk(chromium: Browser, office: Path) -> Iterator[Desk]:
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    with served(office.parent) as address:
        found = Desk(context.new_page(), address).open()
        yield found
        context.close()
    assert found.wrong == []


WORDS = {"条数": "12", "按渠道": "全部在区门户网站公布", "收取": "本年度没有收取信息处理费"}
"""What a newcomer writes where the blank says so; elsewhere one sentence does."""


def test_a_newcomers_year_from_nothing_to_a_clean_report_and_its_document(
    chromium: Browser, tmp_path: Path
) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    with served(reports) as address:
        desk = Desk(context.new_page(), address).open()
        page = desk.page
        page.get_by_role("link", name="新建第一个机关").click()
        page.get_by_label("机关全称").fill(OFFICE)
        page.get_by_label("报告年度").fill("2024")
        page.get_by_role("button", name="新建").click()
        page.wait_for_selector("#published")
        root = page.url
        for number, part in enumerate(PARTS, start=1):
            if part in FORM.table_by_key:
                page.goto(f"{root}/part/{number}")
                fill_table(desk, 3 if part == LARGE.key else 0)
        page.locator("#next-blank").click()
        page.wait_for_selector(".words")
        for _ in range(30):
            if not page.locator("#next-blank").count():
                break
            write_over_the_next_blank(desk)
        page.goto(root)
        page.locator(".findings h2").wait_for()
        assert page.locator(".finding.error").all_inner_texts() == []
        assert "没有" in page.locator(".good").inner_text()
        page.locator("#download summary").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="Word 文档（DOCX）").click()
        content = Path(download.value.path()).read_bytes()
        assert download.value.suggested_filename == f"{OFFICE}2024年政府信息公开工作年度报告.docx"
        assert desk.wrong == []
        context.close()
    (at,) = find_reports([reports])
    assert document_of(at).office == OFFICE
    text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert OFFICE in text and "待填" not in text and "草稿" not in text


def test_a_year_by_the_keyboard_alone(chromium: Browser, tmp_path: Path) -> None:
    """No mouse and no script: the year is begun, filled in, one finding accepted, taken away."""
    reports = tmp_path / "reports"
    office = Path(shutil.copytree(EXAMPLES / "songzhuang", reports / "songzhuang"))
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    with served(reports) as address:
        desk = Desk(context.new_page(), address).open()
        page, press = desk.page, desk.page.keyboard.press
        tab_to(desk, "照它写 2025 年度")
        press("Enter")
        page.wait_for_selector("#published")
        for _ in range(60):
            if not page.locator("#next-blank").count():
                break
            tab_to(desk, "下一处")
            press("Enter")
            page.wait_for_selector("main input[data-blank]:focus, main .words:focus")
            if page.locator(".words:focus").count():
                page.keyboard.type("已经按要求办理")
                press("Control+s")
                desk.saved()
                continue
            page.keyboard.type("0")
            press("Tab")
            desk.saved()
            if page.locator("main input[data-blank]").count():
                tab_to(desk, "整张表其余填 0", back=True)
                press("Enter")
                desk.saved()
        assert page.locator("#next-blank").count() == 0
        assert page.locator(".finding.error").count() == 0
        page.reload()
        page.wait_for_selector(".findings h2")
        accepted = page.locator(".finding.warning, .finding.info").count()
        assert accepted
        tab_to(desk, "怎么办")
        press("Enter")
        tab_to(desk, "不改，写明理由")
        press("Enter")
        page.keyboard.type("已经核对")
        press("Tab")
        page.keyboard.type("办公室")
        tab_to(desk, "写进报告")
        press("Enter")
        desk.saved()
        tab_to(desk, "下载", back=True)
        press("Enter")
        tab_to(desk, "Word 文档（DOCX）")
        with page.expect_download() as download:
            press("Enter")
        assert Path(download.value.path()).read_bytes().startswith(b"PK")
        assert desk.wrong == []
        context.close()
    (entry,) = data_of((office / "2025.yaml").read_text("utf-8"))[keys.ACCEPTED]
    assert entry[keys.ACCEPTED_REASON] == "已经核对" and entry[keys.ACCEPTED_BY] == "办公室"


HERE = """() => {
    const here = document.activeElement;
    return here.getAttribute("aria-label") || here.textContent.trim();
}"""


def tab_to(desk: Desk, name: str, *, back: bool = False) -> None:
    """Press Tab until what is so called has the focus."""
    for _ in range(400):
        if desk.page.evaluate(HERE) == name:
            return
        desk.page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"no way to {name}")


def fill_table(desk: Desk, received: int) -> None:
    """Type what came in and what became of it, Tab by Tab, and declare the rest zero."""
    page = desk.page
    if received:
        rows = [LARGE.rows[0], (LARGE.key, "本年度办理结果", "予以公开")]
        for row in rows:
            field = field_of(desk, (*row, LARGE.each[0]))
            field.fill(str(received))
            field.press("Tab")
            desk.saved()
    page.get_by_role("button", name="整张表其余填 0").click()
    desk.saved()
    assert page.locator("input[data-blank]").count() == 0
    assert page.locator(".broken li.error").count() == 0


def write_over_the_next_blank(desk: Desk) -> None:
    page = desk.page
    page.locator("#next-blank").click()
    page.wait_for_selector(".words:focus")
    blank = page.evaluate("getSelection().toString()")
    words = next((said for key, said in WORDS.items() if key in blank), "已经按要求办理")
    page.keyboard.type(words)
    page.keyboard.press("Control+s")
    desk.saved()


def field_of(desk: Desk, path: Any) -> Any:
    wanted = json.dumps(list(path), ensure_ascii=False)
    return desk.page.locator(f"#grid input[data-path='{wanted}']")


def words_of(desk: Desk, path: Any) -> Any:
    wanted = json.dumps(list(path), ensure_ascii=False)
    return desk.page.locator(f".words[data-path='{wanted}']")


# Every kind of change, done as a person does it, against the same change of the text.

CELL = (*LARGE.rows[0], LARGE.each[0])
TOTAL = (*LARGE.rows[0], LARGE.each[-1])
BODY: Any = (FIRST, keys.ITEMS, 0, keys.BODY)
TITLE: Any = (FIRST, keys.ITEMS, 1, keys.HEADING)


def type_figure(desk: Desk) -> None:
    field_of(desk, CELL).click()
    desk.page.keyboard.type("12")
    desk.page.keyboard.press("Enter")


def clear_figure(desk: Desk) -> None:
    field_of(desk, CELL).fill("")
    desk.page.keyboard.press("Enter")


def type_total(desk: Desk) -> None:
    field_of(desk, TOTAL).fill("5")
    desk.page.keyboard.press("Enter")


BLOCK = "1\t2\t3\n4\t5\t6"


def paste_block(desk: Desk) -> None:
    field_of(desk, CELL).focus()
    desk.page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const how = { clipboardData: data, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        BLOCK,
    )


def block_cells() -> list[tuple[Any, str]]:
    return [
        ((*LARGE.rows[i], LARGE.each[j]), value)
        for i, line in enumerate(BLOCK.split("\n"))
        for j, value in enumerate(line.split("\t"))
    ]


def write_paragraph(desk: Desk) -> None:
    words_of(desk, BODY).locator("p").last.click()
    desk.page.keyboard.press("End")
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type("新的一段：# 不是注释。")
    desk.page.keyboard.press("Control+s")


def pick_figure(desk: Desk) -> None:
    words_of(desk, BODY).locator("p").last.click()
    desk.page.keyboard.press("End")
    desk.page.keyboard.type("共")
    desk.page.get_by_role("button", name="插入表里的数").click()
    label = FORM.label(CELL)
    desk.page.get_by_role("button", name=f"{label}：0", exact=True).click()


def appended(text: str, words: str, *, new: bool) -> str:
    """Return a report with words behind the first item's text, as a paragraph or in its last."""
    data = data_of(text)
    value: Any = data
    for step in BODY:
        value = value[step]
    lines = [line for line in value.split("\n") if line]
    lines = [*lines, words] if new else [*lines[:-1], lines[-1] + words]
    return edit_prose.set_paragraphs(text, FORM, BODY, lines)


def rename(desk: Desk) -> None:
    desk.page.locator("input.title").nth(1).fill("申请")
    desk.page.keyboard.press("Control+s")


def press(name: str, nth: int = 0) -> Callable[[Desk], None]:
    return lambda desk: desk.page.get_by_role("button", name=name).nth(nth).click()


def line(label: str, words: str) -> Callable[[Desk], None]:
    def typed(desk: Desk) -> None:
        desk.page.get_by_label(label, exact=True).fill(words)
        desk.page.keyboard.press("Enter")
        desk.page.keyboard.press("Control+s")

    return typed


CHANGES: dict[str, tuple[int, Callable[[Desk], None], Callable[[str], str]]] = {
    "a figure": (LARGE_PART, type_figure, lambda t: edits.set_figure(t, FORM, CELL, "12")),
    "a figure cleared": (LARGE_PART, clear_figure, lambda t: edits.set_figure(t, FORM, CELL, "")),
    "a total": (LARGE_PART, type_total, lambda t: edits.set_figure(t, FORM, TOTAL, "5")),
    "a block": (LARGE_PART, paste_block, lambda t: edits.set_figures(t, FORM, block_cells())),
    "a paragraph": (
        1,
        write_paragraph,
        lambda t: appended(t, "新的一段：# 不是注释。", new=True),
    ),
    "a figure in a paragraph": (
        1,
        pick_figure,
        lambda t: appended(t, f"共{{{{ {FORM.names.name_of(CELL)} }}}}", new=False),
    ),
    "a heading renamed": (1, rename, lambda t: edit_prose.set_line(t, FORM, TITLE, "申请")),
    "a heading added": (
        1,
        press("加小标题"),
        lambda t: edit_prose.add_item(t, FORM, (FIRST,), 5, ""),
    ),
    "a heading below a heading": (
        1,
        press("加下一级小标题"),
        lambda t: edit_prose.add_item(t, FORM, BODY, 0, ""),
    ),
    "a heading moved": (
        1,
        press("下移"),
        lambda t: edit_prose.move_item(t, FORM, (FIRST, keys.ITEMS, 0), 1),
    ),
    "a heading taken out": (
        1,
        press("删去", 2),
        lambda t: edit_prose.remove_item(t, FORM, (FIRST, keys.ITEMS, 2)),
    ),
    "the title": (
        0,
        line("标题", "2024年的报告"),
        lambda t: edit_prose.set_line(t, FORM, (keys.TITLE,), "2024年的报告"),
    ),
    "the day": (
        0,
        line("日期", "2025-02-01"),
        lambda t: edit_prose.set_line(t, FORM, (keys.SIGN_OFF, keys.SIGN_OFF_DATE), "2025-02-01"),
    ),
}


def becomes(file: Path, wanted: str) -> str:
    """Return what a file holds, as soon as that is what is wanted, or after a while."""
    for _ in range(600):
        if (text := file.read_text("utf-8")) == wanted:
            break
        time.sleep(0.05)
    return text


def leaves(file: Path, held: str) -> None:
    """Wait until a file holds something else."""
    for _ in range(600):
        if file.read_text("utf-8") != held:
            return
        time.sleep(0.05)
    raise AssertionError("nothing was undone")


def test_each_kind_of_change_is_that_change_of_the_file_and_is_taken_back(
    desk: Desk, office: Path
) -> None:
    file = office / "2024.yaml"
    before = file.read_text("utf-8")
    desk.report(OFFICE)
    root = desk.page.url
    for name, (part, done, expected) in CHANGES.items():
        desk.page.goto(f"{root}/part/{part}")
        done(desk)
        assert becomes(file, expected(before)) == expected(before), name
        desk.saved()
        # What a change told of its saving may come late: the file says that a step is undone.
        while (now := file.read_text("utf-8")) != before:
            desk.page.get_by_role("button", name="撤销").click()
            leaves(file, now)
    desk.page.get_by_role("button", name="恢复").click()
    assert becomes(file, expected(before)) == expected(before)


def test_a_relation_turns_red_while_it_is_typed_and_names_the_cell_that_mends_it(
    desk: Desk, office: Path
) -> None:
    file = office / "2024.yaml"
    before = file.read_text("utf-8")
    desk.report(OFFICE, LARGE_PART)
    field = field_of(desk, CELL)
    field.click()
    desk.page.keyboard.type("4")
    broken = desk.page.locator(".broken li.error")
    broken.wait_for()
    assert file.read_text("utf-8") == before, "judged before it is saved"
    assert "左边 4" in broken.inner_text() and "改成 0" in broken.inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    assert FORM.label(CELL) in broken.locator("button").inner_text()
    desk.page.keyboard.press("Escape")
    broken.wait_for(state="detached")
    assert field.input_value() == "0" and file.read_text("utf-8") == before


def test_a_file_changed_elsewhere_is_never_overwritten_and_both_are_shown(
    desk: Desk, office: Path
) -> None:
    file = office / "2024.yaml"
    desk.report(OFFICE, LARGE_PART)
    field = field_of(desk, CELL)
    for keeps_mine in (True, False):
        before = file.read_text("utf-8")
        field.click()
        desk.page.keyboard.type("7" if keeps_mine else "8")
        theirs = edits.set_figure(before, FORM, (*LARGE.rows[1], LARGE.each[0]), "5")
        theirs = theirs.replace("年度: 2024 ", "年度: 2024   ") if keeps_mine else f"{theirs}# 注\n"
        file.write_text(theirs, "utf-8")
        desk.page.keyboard.press("Enter")
        dialog = desk.page.locator("#conflict[open]")
        dialog.wait_for()
        assert file.read_text("utf-8") == theirs
        assert ("7" if keeps_mine else "8") in dialog.locator("#mine").inner_text()
        assert "5" in dialog.locator("#theirs").inner_text()
        name = "再写我的" if keeps_mine else "用现在的文件"
        dialog.get_by_role("button", name=name).click()
        if keeps_mine:
            desk.saved()
            assert file.read_text("utf-8") == edits.set_figure(theirs, FORM, CELL, "7")
        else:
            desk.page.locator("#saved", has_text="用了现在的文件").wait_for()
            assert field_of(desk, CELL).input_value() == "7"
            assert file.read_text("utf-8") == theirs


def test_what_is_saved_in_an_editor_is_shown_and_a_broken_file_is_read_and_mended(
    desk: Desk, office: Path
) -> None:
    file = office / "2024.yaml"
    before = file.read_text("utf-8")
    desk.report(OFFICE)
    published = desk.page.frame_locator("#published")
    file.write_text(before.replace("行政处罚: 5", "行政处罚: 37"), "utf-8")
    published.get_by_text("行政处罚决定37件").wait_for()
    file.write_text(before.replace("行政处罚: 5", "行政处罚 5"), "utf-8")
    number = before[: before.index("行政处罚: 5")].count("\n") + 1
    field = desk.page.get_by_label(f"第 {number} 行", exact=True)
    field.wait_for()
    assert field.input_value().strip() == "行政处罚 5"
    assert "全年公开各类信息" in desk.page.locator(".source").inner_text()
    assert desk.page.locator(".finding.error").count() >= 1
    field.fill("  行政处罚: 5")
    desk.page.get_by_role("button", name=f"改好第 {number} 行").click()
    published.get_by_text("行政处罚决定5件").wait_for()
    assert file.read_text("utf-8") == before


def test_a_page_asks_once_for_its_own_change(desk: Desk, office: Path) -> None:
    file = office / "2024.yaml"
    desk.report(OFFICE, 1)
    asked: list[str] = []
    desk.page.on("request", lambda it: asked.append(f"{it.method} {it.url.rpartition('/')[2]}"))
    words = words_of(desk, BODY)
    words.locator("p").last.click()
    desk.page.keyboard.press("End")
    desk.page.keyboard.type("记录在案。")
    desk.page.keyboard.press("Control+s")
    desk.saved()
    words_of(desk, (*BODY[:2], 1, keys.BODY)).click()
    desk.page.locator("h1").click()
    # The news of it comes before the news of what somebody else does after it.
    file.write_text(f"{file.read_text('utf-8')}# 别处\n", "utf-8")
    for _ in range(600):
        if "GET 1" in asked:
            break
        desk.page.wait_for_timeout(50)
    assert [it for it in asked if "events" not in it] == ["POST edit", "GET 1"]


@pytest.mark.parametrize("late", ["/published?v=*", "/static/app.js"])
def test_nothing_is_missed_that_is_saved_while_a_page_is_on_its_way(
    desk: Desk, office: Path, late: str
) -> None:
    file = office / "2024.yaml"
    before = file.read_text("utf-8")

    def held_back(route: Route) -> None:
        answer = route.fetch()
        file.write_text(before.replace("全年公开各类信息491条", "全年公开各类信息492条"), "utf-8")
        time.sleep(0.5)  # by now whoever listens has been told
        route.fulfill(response=answer)

    desk.page.route(f"**{late}", held_back, times=1)
    desk.report(OFFICE)
    desk.page.locator(".finding.warning").wait_for()
    desk.page.frame_locator("#published").get_by_text("492条").wait_for()


def test_a_page_that_nobody_looks_at_listens_again_when_it_is_looked_at(
    desk: Desk, office: Path
) -> None:
    file = office / "2024.yaml"
    desk.report(OFFICE)
    published = desk.page.frame_locator("#published")
    published.get_by_text("行政处罚决定5件").wait_for()
    seen = """(state) => {
        Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    desk.page.evaluate(seen, "hidden")
    text = file.read_text("utf-8")
    file.write_text(text.replace("行政处罚: 5", "行政处罚: 37"), "utf-8")
    desk.page.evaluate(seen, "visible")
    published.get_by_text("行政处罚决定37件").wait_for()


def test_a_finding_and_its_place_point_at_each_other_and_it_is_accepted(
    desk: Desk, office: Path
) -> None:
    file = office / "2024.yaml"
    before = file.read_text("utf-8")
    file.write_text(before.replace("全年公开各类信息491条", "全年公开各类信息492条"), "utf-8")
    desk.report(OFFICE)
    desk.page.frame_locator("#published").locator("td[data-place]").first.wait_for()
    card = desk.page.locator(".finding.warning").first
    card.locator(".place").click()
    shown = desk.page.frame_locator("#published").locator(".shown")
    assert "492" in shown.inner_text()
    figure = desk.page.frame_locator("#published").locator("td[data-place]").nth(30)
    figure.focus()
    figure.press("Enter")
    desk.page.locator("#told .value").wait_for()
    assert desk.page.locator("#told .relations li").count() >= 1
    desk.page.goto(f"{desk.page.url.partition('#')[0]}/part/1")
    assert "492" in desk.page.locator("mark.warning").first.inner_text()
    card = desk.page.locator(".finding.warning").first
    card.locator("summary").click()
    card.get_by_role("button", name="不改，写明理由").click()
    desk.page.get_by_role("textbox", name="理由").fill("另有一条只在公开栏张贴")
    desk.page.get_by_role("textbox", name="批准人").fill("办公室")
    desk.page.get_by_role("button", name="写进报告").click()
    desk.saved()
    (entry,) = data_of(file.read_text("utf-8"))[keys.ACCEPTED]
    assert entry[keys.ACCEPTED_REASON] == "另有一条只在公开栏张贴"
    assert entry[keys.ACCEPTED_BY] == "办公室"
    assert entry[keys.ACCEPTED_ON] == os.environ["NIANBAO_TODAY"]
    assert desk.page.locator(".finding.warning").count() == 0


def test_a_finding_is_shown_though_the_report_comes_late_or_has_no_such_place(
    desk: Desk, office: Path
) -> None:
    file = office / "2024.yaml"
    text = file.read_text("utf-8").replace("全年公开各类信息491条", "全年公开各类信息492条")
    file.write_text(text, "utf-8")

    def late(route: Route) -> None:
        desk.page.wait_for_load_state("domcontentloaded")  # its scripts have run
        desk.page.locator(".finding.warning .place").first.click()
        route.continue_()

    desk.page.route("**/published?v=*", late, times=1)
    desk.report(OFFICE)
    desk.page.frame_locator("#published").locator(".shown").wait_for()
    assert "492" in desk.page.frame_locator("#published").locator(".shown").inner_text()
    file.write_text(text.replace("年度: 2024", "年度: 2023", 1), "utf-8")
    desk.page.locator(".finding.error .place").first.click()
    desk.page.wait_for_url("**/part/0**")


def test_what_is_pressed_stays_in_its_place_until_it_is_let_go(
    chromium: Browser, office: Path
) -> None:
    """The list is sorted anew whenever an office changes; a link that moves has no click."""
    last = Path(shutil.copytree(office, office.parent / "zzz"))
    (last / "office.yaml").write_text("名称: 某区某镇人民政府\n类型: 乡镇人民政府\n", "utf-8")
    with served(office.parent) as address:
        page = Desk(chromium.new_page(), address).open().page
        page.locator(f".state:has-text('{WAITING}')").first.wait_for(state="detached")
        box = page.get_by_role("link", name="某区某镇人民政府", exact=True).bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        with page.expect_event("requestfinished", lambda request: request.url == page.url):
            max(last.glob("2*.yaml")).write_text("[", "utf-8")  # what is wrong comes first
        page.wait_for_timeout(500)  # for a page that does not wait to move what is pressed
        page.mouse.up()
        page.wait_for_url("**/r/**")
        page.close()


def test_what_was_typed_is_saved_before_the_page_is_left(desk: Desk, office: Path) -> None:
    desk.report(OFFICE, 1)
    words_of(desk, BODY).locator("p").last.click()
    desk.page.keyboard.press("End")
    desk.page.keyboard.type("走之前写的。")
    slow = desk.page.context.new_cdp_session(desk.page)
    slow.send("Network.enable")
    conditions = {"latency": 300, "downloadThroughput": -1, "uploadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    desk.page.get_by_role("link", name="其他需要报告的事项").click()
    desk.page.wait_for_url(f"**/part/{len(PARTS)}")
    assert "走之前写的。" in (office / "2024.yaml").read_text("utf-8")


SCREENS: dict[tuple[int, int], Literal["light", "dark"]] = {
    (1280, 720): "light",
    (820, 1180): "dark",
    (768, 1024): "light",
}


def test_nothing_is_left_undecided_by_axe_on_any_page(desk: Desk, office: Path) -> None:
    pages = Path(__file__).parent / "pages"
    installed(pages)
    axe = (pages / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    file = office / "2024.yaml"
    text = file.read_text("utf-8").replace("491条", "492条")
    text = edits.set_figure(edits.set_figure(text, FORM, CELL, "3"), FORM, TOTAL, "4")
    text = edits.set_figure(text, FORM, (*LARGE.rows[2], LARGE.each[0]), "")
    file.write_text(text, "utf-8")
    desk.report(OFFICE)
    root = desk.page.url
    start = desk.address.partition("?")[0]
    parts = [f"{root}/part/{n}" for n in range(len(PARTS) + 1)]

    def nothing_wrong(page: Page, where: str) -> None:
        found = page.evaluate(f"{axe}; axe.run().then((it) => it.violations)")
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], where
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), where

    for size, scheme in SCREENS.items():
        desk.page.set_viewport_size({"width": size[0], "height": size[1]})
        desk.page.emulate_media(color_scheme=scheme)
        for address in (start, f"{start}new", root, *parts):
            desk.page.goto(address)
            desk.page.wait_for_selector("h1", state="attached")
            nothing_wrong(desk.page, f"{address} at {size}, {scheme}")
    # The published page runs no script within its frame: the same page is judged outside of it.
    html = desk.page.evaluate(f"fetch('{root}/published').then((it) => it.text())")
    published = desk.page.context.new_page()
    published.set_content(html)
    nothing_wrong(published, "the published page within the frame")
