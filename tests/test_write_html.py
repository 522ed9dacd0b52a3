"""The page as published: every figure names its labels, everything is escaped, nothing is loaded.

Whether it is accessible and valid is judged by others' tools in ``tests/pages``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree, html

from generator.form.form import Forms
from generator.reading.workspace import find_reports
from generator.setting.write_html import write_fragment, write_html
from generator.values.document import Document, Heading, Paragraph, Table
from support import NAMES, ROOT, document_of, example_documents

DOCUMENTS = example_documents()
each = pytest.mark.parametrize("name", NAMES)


def tree(content: bytes) -> etree._Element:
    return html.document_fromstring(content.decode())


def test_every_figure_names_its_labels_and_no_others(forms: Forms) -> None:
    """A form of 2019 too, and every table: 200 and 198 figures."""
    complete = ROOT / "templates" / "2019" / "cases" / "complete"
    documents = [*DOCUMENTS.values(), *map(document_of, find_reports([complete]))]
    for document in documents:
        for content in (write_html(document), write_fragment(document)):
            page = tree(content)
            cells = {cell.get("id"): cell for cell in page.iter("th")}
            tables = [item for item in document.items if isinstance(item, Table)]
            for table, drawn in zip(tables, page.iter("table"), strict=True):
                figures = drawn.xpath(".//td[@headers]")
                named = [labels_of(cells, figure) for figure in figures]
                labels = table.grid.labels.values()
                assert named == [(*each.row, *each.column) for each in labels]
                assert [f.text_content() for f in figures] == list(table.values)


def labels_of(cells: dict[str | None, etree._Element], figure: etree._Element) -> tuple[str, ...]:
    heads = [cells[name] for name in figure.get("headers", "").split()]
    assert all(head.get("scope") for head in heads)
    return tuple(head.text_content() for head in heads)


@each
def test_it_is_one_small_file_that_runs_and_loads_nothing(name: str) -> None:
    content = write_html(DOCUMENTS[name])
    assert len(content) < 26_000
    assert not re.search(rb"<script|<link|<img|\bsrc=|url\(|@import|https?:|\bon\w+=", content)


@each
def test_a_fragment_is_the_same_content_in_plain_elements(name: str) -> None:
    document = DOCUMENTS[name]
    page, fragment = tree(write_html(document)), tree(write_fragment(document))
    attributes = {key for element in fragment.iter(etree.Element) for key in element.attrib}
    assert attributes <= {"id", "scope", "headers", "rowspan", "colspan"}
    (article,) = page.iter("article")
    assert words(article) == words(fragment)


def words(element: etree._Element) -> str:
    return re.sub(r"\s+", "", element.text_content())


@each
def test_headings_nest_without_a_gap(name: str) -> None:
    levels = [
        int(h.tag[1]) for h in tree(write_html(DOCUMENTS[name])).xpath("//h1|//h2|//h3|//h4|//h5")
    ]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_of_two_years_on_one_page_differ() -> None:
    ids = [
        set(tree(write_fragment(DOCUMENTS[f"yanshi/{year}"])).xpath("//@id"))
        for year in (2023, 2024)
    ]
    assert ids[0] and not ids[0] & ids[1]


def test_what_an_office_writes_is_never_markup() -> None:
    evil = "<script>alert(1)</script>&amp;\"'%s{{ 7 * 7 }}"
    document = DOCUMENTS["songzhuang/2024"]
    table = next(item for item in document.items if isinstance(item, Table))
    hostile = replace(
        document,
        title=(evil,),
        office=evil,
        draft=evil,
        items=(
            Heading(1, "一、", evil),
            Paragraph(evil, lead=evil, level=2),
            replace(table, values=(evil, *table.values[1:]), title=evil),
        ),
    )
    for content in (write_html(hostile), write_fragment(hostile)):
        page = tree(content)
        assert not list(page.iter("script"))
        assert page.xpath("//h1")[0].text_content() == evil
        assert page.xpath("//h2")[0].text_content() == "一、" + evil
        assert page.xpath("//caption")[0].text_content() == evil
        assert page.xpath("//td[@headers]")[0].text_content() == evil


def test_the_names_that_government_sites_ask_for_stand_in_the_head(workspace: Path) -> None:
    office = workspace / "songzhuang" / "office.yaml"
    site = "网页: {网站名称: 演示网, 网站域名: www.example.gov.cn, 网站标识码: '4103000001',"
    site += " 其他标签: {索引号: 000000000/2025-00001}}\n"
    office.write_text(office.read_text("utf-8") + site, "utf-8")
    (at,) = find_reports([workspace / "songzhuang"])
    document = document_of(at)
    page = tree(write_html(document))
    told = {meta.get("name"): meta.get("content") for meta in page.iter("meta")}
    assert told["SiteName"] == "演示网" and told["SiteIDCode"] == "4103000001"
    assert told["索引号"] == "000000000/2025-00001"
    assert told["ArticleTitle"] == "".join(document.title)
    assert (told["PubDate"], told["ContentSource"]) == ("2025-01-15", document.office)
    (body,) = page.iter("body")
    assert not re.search("演示网|索引号|2025-00001", body.text_content())
    assert b"meta" not in write_fragment(document)


def test_a_draft_says_so() -> None:
    (at,) = find_reports([Path(ROOT / "examples" / "songzhuang" / "2024.yaml")])
    document: Document = document_of(at, draft="草稿")
    assert document.draft and document.draft in words(tree(write_html(document)))
    assert document.draft in words(tree(write_fragment(document)))
